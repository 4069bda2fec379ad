import type { Exact } from './expression/functions/exact.ts';

const bits = new DataView(new ArrayBuffer(8));

/**
 * `time - delay`, in microseconds since 1970, as a watermark: a double. Beyond 2^53 microseconds (before 1684, after 2255) doubles lie up to 32
 * microseconds apart (until the year 9999): the next one below is taken, so that a watermark never promises more than the rows do.
 */
export function watermarkMicros(time: Exact, delayMicros: number): number {
  if (time === -Infinity) return -Infinity;
  const fast = typeof time === 'number' ? time - delayMicros : NaN;
  if (Number.isSafeInteger(fast)) return fast;
  const exact = BigInt(time) - BigInt(delayMicros);
  const nearest = Number(exact);
  return nearest > exact ? nextBelow(nearest) : nearest;
}

/** The greatest double below one that is neither 0 nor infinite. */
function nextBelow(value: number): number {
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
