import { WeirError } from './errors.ts';

/*
 * Numbers in the text of generated code. What a plan says is a number came in as JSON: a text in its place would be code. Whatever is
 * interpolated into generated code and isn't one of the generator's own names goes through one of these.
 */

/** An integer within +-(2^53 - 1) as code; a negative one in parentheses. @throws WeirError WEIR-0004 for anything else */
export function integerCode(value: number): string {
  if (Number.isSafeInteger(value)) return value < 0 ? `(${value})` : `${value + 0}`;
  throw noNumber('an integer', value);
}

/** A finite number as code, a negative one in parentheses. @throws WeirError WEIR-0004 for anything else */
export function finiteCode(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '(-0)' : value < 0 ? `(${value})` : `${value}`;
  throw noNumber('a finite number', value);
}

/** A bigint as code, a negative one in parentheses. @throws WeirError WEIR-0004 for anything else */
export function bigintCode(value: bigint): string {
  if (typeof value === 'bigint') return value < 0n ? `(${value}n)` : `${value}n`;
  throw noNumber('a bigint', value);
}

/** Column indexes on the way into structs, as a part of a name: `0_3_1`. @throws WeirError WEIR-0004 for anything else */
export function indexesName(path: readonly number[]): string {
  return path.map((index) => indexCode(index)).join('_');
}

/** An index of a column, a field or a slot. @throws WeirError WEIR-0004 for anything else */
export function indexCode(value: number): string {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return `${value + 0}`;
  throw noNumber('an index', value);
}

function noNumber(wanted: string, value: unknown): WeirError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : typeof value;
  return new WeirError('WEIR-0004', `generated code needs ${wanted} and was given ${shown}`, {
    hint: 'a plan that was not checked has come to code generation: please report it',
  });
}
