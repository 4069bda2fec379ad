import type { RowLayout } from '../rows/row-layout.ts';
import type { RowPage } from '../rows/row-page.ts';
import { corrupt } from './piece-layout.ts';
import type { PieceReader, PieceWriter } from './piece-codec.ts';

/*
 * A block of a row store's piece:
 *   u32 live rows, u32 free slots, u32 bytes of the heap, u32 0
 *   u32 the slot of each live row        u32 each slot that has become free
 *   records one after the other, as row-layout.ts has them        the heap that their offsets point into
 */

/** Where the record of a slot is. */
export interface RecordPlace {
  readonly page: RowPage;
  /** Word at which it begins. */
  readonly record: number;
}

/** Writes the records of `slots`; those that aren't live as free. `placeOf` may give the same object again and again. */
export function writeRows(
  writer: PieceWriter,
  layout: RowLayout,
  slots: Int32Array,
  isLive: (slot: number) => boolean,
  placeOf: (slot: number) => RecordPlace,
): void {
  let live = 0;
  let heapBytes = 0;
  for (const slot of slots) {
    if (!isLive(slot)) continue;
    live += 1;
    if (!layout.hasHeap) continue;
    const { page, record } = placeOf(slot);
    heapBytes += page.heapBytes(record);
  }
  writer.integers(4).set([live, slots.length - live, heapBytes, 0]);
  const liveSlots = writer.integers(live);
  let at = 0;
  for (const slot of slots) if (isLive(slot)) liveSlots[at++] = slot;
  const freeSlots = writer.integers(slots.length - live);
  at = 0;
  for (const slot of slots) if (!isLive(slot)) freeSlots[at++] = slot;
  const records = writer.integers(2 * live * layout.stride);
  // A copy of the slots: the next section may move the buffer that they are in.
  const order = liveSlots.slice();
  const ints = new Int32Array(heapBytes === 0 ? 0 : records.length);
  const target = heapBytes === 0 ? new Int32Array(records.buffer, records.byteOffset, records.length) : ints;
  const heap = new Uint8Array(heapBytes);
  let heapAt = 0;
  order.forEach((slot, index) => {
    const { page, record } = placeOf(slot);
    heapAt = page.copyOut(record, target, 2 * index * layout.stride, heap, heapAt);
  });
  if (heapBytes > 0) records.set(ints);
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
