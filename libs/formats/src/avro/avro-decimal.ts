/** Bytes of an unscaled decimal that are made into a number at most, without those that only repeat the sign. */
const maxBytes = 512;

/** The number that the bytes are in two's complement, big-endian (A4), none of them 0; null for one of more than 512 bytes. */
export function unscaledOf(data: Uint8Array, start: number, end: number): number | bigint | null {
  if (start >= end) return 0;
  const sign = data[start]! >= 0x80 ? 0xff : 0;
  while (end - start > 1 && data[start] === sign && (data[start + 1]! >= 0x80 ? 0xff : 0) === sign)
    start += 1;
  const length = end - start;
  if (length <= 6) {
    let value = sign === 0 ? data[start]! : data[start]! - 0x100;
    for (let p = start + 1; p < end; p += 1) value = value * 0x100 + data[p]!;
    return value;
  }
  if (length > maxBytes) return null;
  const hex = Buffer.from(data.buffer, data.byteOffset + start, length).toString('hex');
  return BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
}
