import { hasVariables } from './fill-variables.ts';

/** True when a certificate or key is given as the name of a file: it is neither PEM text nor what a variable holds. */
export function namesFile(option: string, value: string): boolean {
  return (
    /(?:^|\.)tls\.(?:ca|cert|key)$/.test(option) &&
    !value.trimStart().startsWith('-----BEGIN') &&
    !hasVariables(value)
  );
}
