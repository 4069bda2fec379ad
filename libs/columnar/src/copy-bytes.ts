/** Bytes from which on the native copy is faster than a loop of words. */
const longCopy = 160;

/**
 * Copies data[start, end) to target[at, …): words for short ranges, since a native call costs more than them. Writes nothing behind the range.
 * @param view over all of `data`, `targetView` over all of `target`
 * @returns the position after the last byte written
 */
export function copyBytes(
  data: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  target: Uint8Array,
  targetView: DataView,
  at: number,
): number {
  const length = end - start;
  if (length >= longCopy) {
    target.set(data.subarray(start, end), at);
    return at + length;
  }
  const words = end - 3;
  while (start < words) {
    targetView.setInt32(at, view.getInt32(start, true), true);
    start += 4;
    at += 4;
  }
  while (start < end) {
    target[at] = data[start]!;
    start += 1;
    at += 1;
  }
  return at;
}

export function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}
