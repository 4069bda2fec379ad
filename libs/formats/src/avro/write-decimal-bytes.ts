/*
 * Unscaled decimals as Avro has them: two's complement, big-endian (A4). All return the position after the last byte written.
 */

/** A decimal of bytes: its length, and as few bytes as it takes; 0 is one byte. |value| <= 2^53. */
export function writeDecimalBytes(target: Uint8Array, at: number, value: number): number {
  let length = 1;
  for (let limit = 0x80; length < 7 && (value >= limit || value < -limit); limit *= 256) length += 1;
  target[at] = length * 2;
  return writeFixedDecimal(target, at + 1, value, length);
}

/** A decimal of a fixed number of bytes, extended by its sign. The value fits. */
export function writeFixedDecimal(target: Uint8Array, at: number, value: number, size: number): number {
  let rest = value;
  for (let p = at + size - 1; p >= at; p -= 1) {
    const next = Math.floor(rest / 256);
    target[p] = rest - next * 256;
    rest = next;
  }
  return at + size;
}

/** As writeDecimalBytes. */
export function writeBigDecimalBytes(target: Uint8Array, at: number, value: bigint): number {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  // Of at most 63 bytes, as all decimals of 38 digits are, the length is one byte.
  target[at] = length * 2;
  return writeBigFixedDecimal(target, at + 1, value, length);
}

/** As writeFixedDecimal. */
export function writeBigFixedDecimal(target: Uint8Array, at: number, value: bigint, size: number): number {
  let rest = value;
  for (let p = at + size - 1; p >= at; p -= 1) {
    target[p] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return at + size;
}
