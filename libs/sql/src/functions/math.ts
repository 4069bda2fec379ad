import type { SqlType } from '@weir/columnar/sql-type.ts';
import { doubleType } from '@weir/columnar/sql-type.ts';
import { scalar, type ScalarSignature } from './signature.ts';

/** round, ceil, floor, trunc of a DECIMAL without a digit count: scale 0, one digit more for the carry. */
function wholeDecimal(types: readonly SqlType[]): SqlType {
  const first = types[0];
  if (first?.kind !== 'decimal') return doubleType;
  return { kind: 'decimal', precision: Math.min(38, first.precision - first.scale + 1), scale: 0 };
}

/** PostgreSQL's mathematical functions. Integers stay exact; DECIMAL stays DECIMAL where the result is rational. */
export const mathFunctions: readonly ScalarSignature[] = [
  /** Overflow (the least integer) is an error. */
  scalar('abs(number) -> first'),
  /** -1, 0 or 1, in the argument's type (a DECIMAL gives BIGINT). */
  scalar('sign(integer) -> bigint'),
  scalar('sign(decimal) -> bigint'),
  scalar('sign(float) -> double'),
  scalar('ceil(integer) -> first'),
  scalar('ceil(decimal) -> first', { result: wholeDecimal }),
  scalar('ceil(float) -> double'),
  scalar('floor(integer) -> first'),
  scalar('floor(decimal) -> first', { result: wholeDecimal }),
  scalar('floor(float) -> double'),
  /** Half away from zero for DECIMAL, half to even for DOUBLE, as PostgreSQL. */
  scalar('round(integer) -> first'),
  scalar('round(decimal) -> first', { result: wholeDecimal }),
  scalar('round(float) -> double'),
  /** The DECIMAL's precision and scale stay; digits beyond the second argument become 0. */
  scalar('round(decimal, bigint) -> first'),
  scalar('round(double, bigint) -> double'),
  scalar('trunc(integer) -> first'),
  scalar('trunc(decimal) -> first', { result: wholeDecimal }),
  scalar('trunc(float) -> double'),
  scalar('trunc(decimal, bigint) -> first'),
  scalar('trunc(double, bigint) -> double'),
  /** Below: a result outside the function's domain (sqrt(-1), ln(0)) is an error row, as in PostgreSQL. */
  scalar('sqrt(double) -> double'),
  scalar('cbrt(double) -> double'),
  scalar('exp(double) -> double'),
  scalar('ln(double) -> double'),
  scalar('log10(double) -> double'),
  scalar('log2(double) -> double'),
  /** Base, value. */
  scalar('log(double, double) -> double'),
  scalar('power(double, double) -> double'),
  scalar('pi() -> double'),
  scalar('degrees(double) -> double'),
  scalar('radians(double) -> double'),
  ...[
    'sin',
    'cos',
    'tan',
    'cot',
    'asin',
    'acos',
    'atan',
    'sinh',
    'cosh',
    'tanh',
    'asinh',
    'acosh',
    'atanh',
  ].map((name) => scalar(`${name}(double) -> double`)),
  scalar('atan2(double, double) -> double'),
  scalar('gcd(bigint, bigint) -> bigint'),
  scalar('lcm(bigint, bigint) -> bigint'),
  scalar('isnan(double) -> boolean'),
];
