import { hasVariables, variablesIn } from './fill-variables.ts';
import type { SqlVariables } from './sql-variables.ts';

const hidden = '********';

/** Replaces in texts for people what must not be in them. */
export type Mask = (text: string) => string;

/**
 * Hides what a table's options must not give away: values of variables, shown as the variable, and literal secrets. Null when there is
 * nothing to hide. `secrets`: names of the options that the connector marks as such. A list such as `bootstrap_servers` is hidden part by part, hosts without their ports too.
 */
export function optionMask(
  secrets: readonly string[],
  options: Readonly<Record<string, string>>,
  variables: SqlVariables,
): Mask | null {
  const shown = new Map<string, string>();
  for (const [option, template] of Object.entries(options)) {
    if (secrets.includes(option) && !hasVariables(template)) hide(shown, template, hidden);
    for (const name of variablesIn(template)) {
      for (const part of partsOf(variables.value(name) ?? '')) hide(shown, part, `{{ ${name} }}`);
    }
  }
  if (shown.size === 0) return null;
  const longestFirst = [...shown.keys()].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(bounded).join('|'), 'giu');
  const byLowerCase = new Map([...shown].map(([value, as]) => [value.toLowerCase(), as]));
  return (text) => text.replace(pattern, (found) => byLowerCase.get(found.toLowerCase()) ?? hidden);
}

function hide(shown: Map<string, string>, value: string, as: string): void {
  if (value !== '' && !shown.has(value)) shown.set(value, as);
}

/** `a:1, b:2` -> itself, a:1, b:2, a, b. */
function partsOf(value: string): string[] {
  const servers = value.split(',').map((part) => part.trim());
  const hosts = servers.map((server) => /^(.*):\d+$/u.exec(server)?.[1] ?? server);
  return [value, ...servers, ...hosts];
}

/** Short values are words of their own: else a variable that holds `1` would hide every 1 of an offset. */
function bounded(value: string): string {
  const escaped = value.replaceAll(/[.*+?^${}()|[\]\\/]/gu, (character) => `\\${character}`);
  return value.length >= 5 ? escaped : `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`;
}

/** The same error, with its causes, in which nothing is left that the mask hides. */
export function maskError(error: unknown, mask: Mask, seen = new Set<unknown>()): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? mask(error) : error;
  if (seen.has(error)) return error;
  seen.add(error);
  // Libraries note what a look-up asked for and where a connection went, each under names of its own.
  for (const field of Object.getOwnPropertyNames(error)) if (!kept.has(field)) rewrite(error, field, mask);
  if (error.cause !== undefined) maskError(error.cause, mask, seen);
  if (error instanceof AggregateError) for (const each of error.errors) maskError(each, mask, seen);
  return error;
}

/** What programs go by. */
const kept: ReadonlySet<string> = new Set(['code', 'name', 'disposition', 'cause', 'errors']);

function rewrite(error: Error, field: string, mask: Mask): void {
  const value = (error as unknown as Record<string, unknown>)[field];
  const masked = maskData(value, mask);
  if (masked === value) return;
  Object.defineProperty(error, field, {
    value: masked,
    configurable: true,
    writable: true,
    enumerable: field !== 'stack' && field !== 'message',
  });
}

/** Strings at any depth of plain data; what stands in itself (a certificate that signs itself) is left as it is there. */
export function maskData<T>(data: T, mask: Mask, above: readonly unknown[] = []): T {
  if (typeof data === 'string') return mask(data) as T;
  if (data instanceof Error) return maskError(data, mask) as T;
  if (data === null || typeof data !== 'object' || above.includes(data)) return data;
  const inside = [...above, data];
  if (Array.isArray(data)) return data.map((each: unknown) => maskData(each, mask, inside)) as T;
  if (Object.getPrototypeOf(data) !== Object.prototype) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, maskData(value, mask, inside)]),
  ) as T;
}
