import { liveFlag, type RowLayout } from '../rows/row-layout.ts';
import type { RowPage } from '../rows/row-page.ts';
import { corrupt } from './piece-layout.ts';
import type { PieceReader, PieceWriter } from './piece-codec.ts';

/*
 * A block of a row store's piece:
 *   u32 live rows, u32 free slots, u32 bytes of the heap, u32 0
 *   u32 the slot of each live row        u32 each slot that has become free
 *   records one after the other, as row-layout.ts has them        the heap that their offsets point into
 */

/** Writes the records of `slots`, which lie in `pages`; those that aren't live as free. */
export function writeRows(
  writer: PieceWriter,
  layout: RowLayout,
  slots: Int32Array,
  pages: readonly RowPage[],
): void {
  const { pageBits, stride } = layout;
  const mask = 2 ** pageBits - 1;
  // A copy: what the writer gives is valid until the next section.
  const live = new Int32Array(slots.length);
  const freed = new Int32Array(slots.length);
  let liveCount = 0;
  let freedCount = 0;
  let heapBytes = 0;
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index]!;
    const page = pages[slot >>> pageBits]!;
    const record = (slot & mask) * stride;
    if ((page.ints[2 * record + 1]! & (liveFlag << 16)) === 0) freed[freedCount++] = slot;
    else {
      live[liveCount++] = slot;
      if (page.hasBytes) heapBytes += page.heapBytes(record);
    }
  }
  writer.integers(4).set([liveCount, freedCount, heapBytes, 0]);
  writer.integers(liveCount).set(live.subarray(0, liveCount));
  writer.integers(freedCount).set(freed.subarray(0, freedCount));
  const words = writer.integers(2 * liveCount * stride);
  const records = new Int32Array(words.buffer, words.byteOffset, words.length);
  const heap = new Uint8Array(heapBytes);
  let heapAt = 0;
  for (let index = 0; index < liveCount; index += 1) {
    const slot = live[index]!;
    const record = (slot & mask) * stride;
    heapAt = pages[slot >>> pageBits]!.copyOut(record, records, 2 * index * stride, heap, heapAt);
  }
  writer.bytes(heapBytes).set(heap);
}

/** A block as it was read. */
export interface RowBlock {
  readonly slots: Uint32Array;
  readonly freed: Uint32Array;
  /** Record i begins at 2 * stride * i. */
  readonly ints: Int32Array;
  readonly heap: Uint8Array;
}

/** Reads the block that the reader has opened. @throws WeirError WEIR-2320 */
export function readRows(reader: PieceReader, layout: RowLayout, rows: number): RowBlock {
  const [live = 0, free = 0, heapBytes = 0] = reader.integers(4);
  if (live + free !== rows) throw corrupt('a block counts its rows wrongly');
  const slots = reader.integers(live);
  const freed = reader.integers(free);
  const records = reader.integers(2 * live * layout.stride);
  const ints = new Int32Array(records.buffer, records.byteOffset, records.length);
  return { slots, freed, ints, heap: reader.bytes(heapBytes) };
}
