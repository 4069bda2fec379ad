import { crc32c as nativeCrc32c } from '@node-rs/crc32';

/** CRC-32C (Castagnoli) of a range, unsigned. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  return nativeCrc32c(bytes.subarray(start, end)) >>> 0;
}
