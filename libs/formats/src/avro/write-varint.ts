import { WeirError } from '@weir/kernel/errors.ts';

/*
 * Avro's numbers straight into the target. All return the position after the last byte written.
 */

/** Bytes that an int or long takes at most. */
export const maxLongBytes = 10;

/** A whole number, |value| <= 2^53, as Avro's int or long: zigzag, seven bits a byte. */
export function writeLong(target: Uint8Array, at: number, value: number): number {
  if (value < 0x40000000 && value >= -0x40000000) {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 127) {
      target[at] = (rest & 127) | 128;
      at += 1;
      rest >>>= 7;
    }
    target[at] = rest;
    return at + 1;
  }
  return writeFar(target, at, value);
}

function writeFar(target: Uint8Array, at: number, value: number): number {
  const negative = value < 0 ? 1 : 0;
  const size = negative === 1 ? -value - 1 : value;
  const high = Math.floor(size / 0x8000000);
  const low = (size - high * 0x8000000) * 2 + negative;
  target[at] = (low & 127) | 128;
  target[at + 1] = ((low >>> 7) & 127) | 128;
  target[at + 2] = ((low >>> 14) & 127) | 128;
  target[at + 3] = (low >>> 21) | 128;
  at += 4;
  let rest = high;
  while (rest > 127) {
    target[at] = (rest & 127) | 128;
    at += 1;
    rest >>>= 7;
  }
  target[at] = rest;
  return at + 1;
}

/** A whole number of 64 bits. @throws WeirError WEIR-3110 for a longer one */
export function writeBigLong(target: Uint8Array, at: number, value: bigint): number {
  if (BigInt.asIntN(64, value) !== value) {
    throw new WeirError('WEIR-3110', `${value} is more than a long of Avro holds`, {
      hint: 'a number of 64 bits goes from -2^63 to 2^63 - 1',
    });
  }
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  let low = Number(rest & 0xfffffffn);
  while (rest > 0xfffffffn) {
    for (let count = 0; count < 4; count += 1, low >>>= 7) {
      target[at] = (low & 127) | 128;
      at += 1;
    }
    rest >>= 28n;
    low = Number(rest & 0xfffffffn);
  }
  while (low > 127) {
    target[at] = (low & 127) | 128;
    at += 1;
    low >>>= 7;
  }
  target[at] = low;
  return at + 1;
}

/** value * times, exactly. @throws WeirError WEIR-3110 when it has more than 64 bits */
export function writeScaledLong(target: Uint8Array, at: number, value: number, times: number): number {
  const product = value * times;
  if (product <= Number.MAX_SAFE_INTEGER && product >= -Number.MAX_SAFE_INTEGER)
    return writeLong(target, at, product);
  return writeBigLong(target, at, BigInt(value) * BigInt(times));
}

/** value / over, cut towards the past. */
export function divideDown(value: bigint, over: bigint): bigint {
  const rest = value % over;
  return (value - (rest < 0n ? rest + over : rest)) / over;
}
