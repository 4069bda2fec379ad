import { WeirError } from './errors.ts';

/** States an invariant. A failure is a defect of Weir, never of its input: input errors have codes of their own. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new WeirError('WEIR-0001', `invariant broken: ${invariant}`);
}

/** Closes a switch over a union: the compiler refuses a missing case, and at run time a stray value is named. */
export function unreachable(value: never): never {
  throw new WeirError('WEIR-0001', `invariant broken: unexpected case ${JSON.stringify(value)}`);
}

/** The value, or an assertion error naming what was expected: for look-ups that an invariant guarantees. */
export function present<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `${what} is present`);
  return value;
}
