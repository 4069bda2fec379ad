import { WeirError, type ErrorCode } from '@weir/kernel/errors.ts';

/** One way to come by a program; undefined where it isn't to be had so. `say` is told, a line at a time, of what takes long. */
export type Way<T> = (say: (line: string) => void) => Promise<T | undefined>;

/** The ways to come by something. */
export interface Ways<T> {
  /** For people: `Kafka`. */
  readonly what: string;
  /** By name, in the order in which they are tried. */
  readonly ways: Readonly<Record<string, Way<T>>>;
  /** Variable that names the one way to take, where people may choose. */
  readonly variable?: string;
  /** Ways that take so long that they are only taken when `variable` names them. */
  readonly onlyWhenNamed?: readonly string[];
  /** Of the error when there is none, and what a person may install. */
  readonly missing: { readonly code: ErrorCode; readonly install: string };
}

/** By the first way that leads anywhere, or by the one that the variable names. Undefined when there is none. */
export async function firstWay<T>(
  { ways, variable, onlyWhenNamed = [] }: Ways<T>,
  say: (line: string) => void,
): Promise<T | undefined> {
  const wanted = namedWay(variable);
  for (const [name, find] of Object.entries(ways)) {
    if (wanted === undefined ? onlyWhenNamed.includes(name) : wanted !== name) continue;
    const found = await find(say);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws WeirError that says what to install, as `firstWay` gave nothing */
export function noWay({ what, variable, missing }: Ways<unknown>): WeirError {
  const wanted = namedWay(variable);
  const only = wanted === undefined ? '' : ` from ${variable}=${wanted}`;
  return new WeirError(missing.code, `no way to run ${what}${only}: ${missing.install}`);
}

function namedWay(variable: string | undefined): string | undefined {
  return (variable === undefined ? undefined : process.env[variable]) || undefined;
}
