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
  const stop = at + length;
  if (length >= 8) {
    // The last eight bytes again, whatever of them was copied before: no loop for the rest.
    const last = end - 8;
    for (; start + 8 < last; start += 16, at += 16) {
      targetView.setBigInt64(at, view.getBigInt64(start, true), true);
      targetView.setBigInt64(at + 8, view.getBigInt64(start + 8, true), true);
    }
    if (start < last) targetView.setBigInt64(at, view.getBigInt64(start, true), true);
    targetView.setBigInt64(stop - 8, view.getBigInt64(last, true), true);
    return stop;
  }
  if (length >= 4) {
    targetView.setInt32(at, view.getInt32(start, true), true);
    targetView.setInt32(stop - 4, view.getInt32(end - 4, true), true);
    return stop;
  }
  for (; start < end; start += 1, at += 1) target[at] = data[start]!;
  return at;
}

export function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}
