import { WeirError } from '@weir/kernel/errors.ts';

const placeholder = /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g;

/**
 * Fills `{{ VARIABLE }}` in an option's value, also inside longer text. Called at the moment of use, by the process that uses it, so
 * that plans, ledgers and logs never hold a secret.
 * @throws WeirError WEIR-3001 naming the variable and the option
 */
function fillVariables(
  option: string,
  value: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return value.replace(placeholder, (_, name: string) => {
    const found = environment[name];
    if (found === undefined) {
      throw new WeirError(
        'WEIR-3001',
        `option '${option}' names the environment variable ${name}, which is not set`,
        {
          hint: `set ${name} in the environment of every controller and worker`,
        },
      );
    }
    return found;
  });
}

/** All options filled. */
export function fillOptions(
  options: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => [option, fillVariables(option, value, environment)]),
  );
}

/** True when the value can only be checked once its variables are filled in. */
export function hasVariables(value: string): boolean {
  return value.search(placeholder) >= 0;
}
