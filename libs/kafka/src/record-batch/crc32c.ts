import { crc32c as nativeCrc32c } from '@node-rs/crc32';

/** CRC-32C (Castagnoli) of a range, unsigned. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  return nativeCrc32c(bytes.subarray(start, end)) >>> 0;
}

/*
 * A CRC is a polynomial over GF(2) modulo the generator, here with the lowest power in the highest bit. That of A followed by B is
 * crc(A) times x to the number of B's bits, plus crc(B).
 */
const generator = 0x82f63b78;
const one = 0x80000000;
/** x to the power of 2 to the power of the index. */
const powers: number[] = [0x40000000];
for (let power = 1; power < 32; power += 1)
  powers.push(multiply(powers[power - 1] ?? 0, powers[power - 1] ?? 0));

/** CRC of A followed by B, from the CRCs of the two. @param lengthOfB bytes, below 2^28 */
export function combineCrc32c(crcOfA: number, crcOfB: number, lengthOfB: number): number {
  let shift = one;
  for (let bits = lengthOfB * 8, power = 0; bits !== 0; bits >>>= 1, power += 1) {
    if ((bits & 1) === 1) shift = multiply(powers[power] ?? 0, shift);
  }
  return (multiply(shift, crcOfA) ^ crcOfB) >>> 0;
}

function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ generator : shifted >>> 1;
  }
  return product >>> 0;
}
