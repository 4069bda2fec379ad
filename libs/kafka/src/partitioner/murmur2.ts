/** Kafka's murmur2 (seed 0x9747b28c) of a range, as a signed 32-bit integer: what Java's client hashes keys with. */
export function murmur2(bytes: Uint8Array, start: number, end: number): number {
  const m = 0x5bd1e995;
  const length = end - start;
  let h = 0x9747b28c ^ length;
  let i = start;
  for (const last = start + (length & ~3); i < last; i += 4) {
    let k =
      (bytes[i] ?? 0) |
      ((bytes[i + 1] ?? 0) << 8) |
      ((bytes[i + 2] ?? 0) << 16) |
      ((bytes[i + 3] ?? 0) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const left = end - i;
  if (left >= 3) h ^= (bytes[i + 2] ?? 0) << 16;
  if (left >= 2) h ^= (bytes[i + 1] ?? 0) << 8;
  if (left >= 1) h = Math.imul(h ^ (bytes[i] ?? 0), m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/** The partition that Java's default partitioner gives a key, so that topics stay co-partitioned. */
export function partitionOfKey(
  bytes: Uint8Array,
  start: number,
  end: number,
  partitionCount: number,
): number {
  return (murmur2(bytes, start, end) & 0x7fffffff) % partitionCount;
}
