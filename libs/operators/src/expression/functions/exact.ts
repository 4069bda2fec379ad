import { powerOfTen, rescale } from '@weir/columnar/decimal-scale.ts';

/** An exact integer on its way through a runtime function: a number while it is safe, else a bigint. */
export type Exact = number | bigint;

const maxSafe = Number.MAX_SAFE_INTEGER;
const bigMaxSafe = BigInt(maxSafe);

/** The smaller form of an exact integer. */
export function lower(value: bigint): Exact {
  return value <= bigMaxSafe && value >= -bigMaxSafe ? Number(value) : value;
}

/** a * b + c, exact. */
export function multiplyAdd(a: Exact, b: number, c: number): Exact {
  if (typeof a === 'number') {
    const result = a * b + c;
    if (result <= maxSafe && result >= -maxSafe && Math.abs(a * b) <= maxSafe) return result + 0;
  }
  return lower(BigInt(a) * BigInt(b) + BigInt(c));
}

/** Quotient rounded down, a safe integer if the divisor is 1024 at least, and the rest, which is never negative. */
export function floorDivide(
  value: Exact,
  divisor: number,
): { readonly quotient: number; readonly rest: number } {
  if (typeof value === 'number') {
    let rest = value % divisor;
    if (rest < 0) rest += divisor;
    return { quotient: (value - rest) / divisor + 0, rest: rest + 0 };
  }
  const by = BigInt(divisor);
  let rest = value % by;
  if (rest < 0n) rest += by;
  return { quotient: Number((value - rest) / by), rest: Number(rest) };
}

/** The quotient rounded down, of any size. */
export function floorQuotient(value: Exact, divisor: number): Exact {
  if (typeof value === 'number') return floorDivide(value, divisor).quotient;
  const by = BigInt(divisor);
  let rest = value % by;
  if (rest < 0n) rest += by;
  return lower((value - rest) / by);
}

/**
 * Decimal text (`12`, `-1.50`, `1e3`) to an unscaled integer of `scale`, rounded half away from zero; null when it is none.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(whole + fraction);
  const from = fraction.length - Number(exponent);
  if (Math.abs(from) > 400) return digits === 0n ? 0n : from > 0 ? 0n : null;
  const unscaled = from >= 0 ? rescale(digits, from, scale) : digits * powerOfTen(scale - from);
  return sign === '-' ? -unscaled : unscaled;
}

/** `-1.50` of an unscaled decimal. */
export function formatDecimal(unscaled: Exact, scale: number): string {
  const text = String(unscaled);
  if (scale === 0) return text;
  const negative = text.startsWith('-');
  const digits = (negative ? text.slice(1) : text).padStart(scale + 1, '0');
  const split = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, split)}.${digits.slice(split)}`;
}
