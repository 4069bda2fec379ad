import type { Column } from '@weir/columnar/column.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { ChangedSlots } from '../changed-slots.ts';
import { consecutive, GroupIndex } from './group-index.ts';
import type { KeyEncoder } from '../key-encoding.ts';
import { blockBytes, oneBlock, orderByGroup } from '../pieces/group-order.ts';
import { PieceLog } from '../pieces/piece-log.ts';
import { PieceWriter } from '../pieces/piece-codec.ts';
import type { StorePlace } from '../state-stores.ts';
import type { StateColumn } from './state-column.ts';

/** What a pane's pieces say about where it belongs. */
export interface PanePlace extends StorePlace {
  readonly layout: number;
  /** Key groups of the keys at slots[0 .. count) of an index. */
  readonly groupsOf: (index: GroupIndex, slots: Int32Array, count: number) => Uint16Array;
}

/**
 * The keyed state of one pane (a slice of event time): a slot for each key, values in columns by slot, and what changed since the last
 * snapshot. Everything lies in typed arrays; dropping the pane drops all.
 */
export class KeyedPane {
  readonly index: GroupIndex;
  readonly columns: readonly StateColumn[];
  readonly log = new PieceLog();
  pane: number;
  /** Slots below its `clean` have been written to a piece (L1). */
  readonly #changed = new ChangedSlots();
  #capacity = 0;
  /** Slots below were restored, and no piece of this subtask holds them yet from `clean` on. */
  #restoredSlots = 0;

  constructor(
    pane: number,
    keyTypes: readonly SqlType[],
    columns: readonly StateColumn[],
    encoder: KeyEncoder,
  ) {
    this.pane = pane;
    this.index = new GroupIndex(keyTypes, encoder);
    this.columns = columns;
  }

  get count(): number {
    return this.index.count;
  }

  get bytes(): number {
    const columns = this.columns.reduce((sum, column) => sum + column.bytes, 0);
    return columns + this.index.bytes + this.#changed.bytes;
  }

  /** Finds or makes the slots of rows[0 .. count) and marks them as changed. */
  touch(keys: readonly Column[], rows: Int32Array, count: number, slots: Int32Array): void {
    this.index.findAll(keys, rows, count, slots);
    this.reserve(this.index.count);
    this.#changed.markAll(slots, count);
  }

  /** Room in the columns for slots below `count`, made to grow by half at least. */
  reserve(count: number): void {
    if (count <= this.#capacity) return;
    this.#capacity = Math.max(64, count, Math.ceil(this.#capacity * 1.5));
    for (const column of this.columns) column.reserve(this.#capacity);
  }

  get changed(): boolean {
    return this.#changed.count > 0 || this.index.count > this.#changed.clean;
  }

  /** A piece with all that changed since the last one (and what its log wants swept), or null if nothing did. */
  snapshot(sequence: number, place: PanePlace): Uint8Array | null {
    if (!this.changed) return null;
    const live = this.index.count;
    const { clean, count } = this.#changed;
    const swept = this.log.sweepRange(sequence, clean, live, count);
    const slots = this.#changed.toWrite(swept, live);
    const piece = this.#write(slots, slots.length, place);
    this.#changed.allClean(live);
    this.log.written({ sequence, rows: slots.length }, swept.to);
    return piece;
  }

  /** Whether restored slots are in no piece yet. */
  get hasAhead(): boolean {
    return this.#restoredSlots > this.#changed.clean;
  }

  /** A piece of restored slots that none holds yet, or null when there are no more. Their changes so far are in it. */
  writeAhead(sequence: number, place: PanePlace, mostBytes: number): Uint8Array | null {
    const left = this.#restoredSlots - this.#changed.clean;
    if (left <= 0) return null;
    const count = Math.min(left, Math.max(1, Math.floor(mostBytes / this.#rowBytes())));
    const piece = this.#write(consecutive(this.#changed.clean, count), count, place);
    this.#changed.clean += count;
    this.log.written({ sequence, rows: count }, 0);
    return piece;
  }

  #write(slots: Int32Array, count: number, place: PanePlace): Uint8Array {
    const { layout, store, range } = place;
    const expected = count * 8 * (this.columns.length + 2);
    const rowBytes = this.#rowBytes();
    const order =
      count * rowBytes <= blockBytes
        ? oneBlock(slots, count, range)
        : orderByGroup(slots, place.groupsOf(this.index, slots, count), count, range, rowBytes);
    const header = { store, keyGroups: range.keyGroups, pane: this.pane, slots: 0 };
    const writer = new PieceWriter(layout, header, order.blocks.length, expected);
    for (const { firstGroup, endGroup, from, to } of order.blocks) {
      const part = order.slots.subarray(from, to);
      writer.beginBlock(firstGroup, endGroup, to - from);
      this.index.write(writer, part, to - from);
      for (const column of this.columns) column.write(writer, part, to - from);
    }
    return writer.finish();
  }

  /** About what a row takes in a piece. */
  #rowBytes(): number {
    return Math.max(16, this.bytes / Math.max(1, this.#capacity));
  }

  /** After a restore. `kept`: its pieces go on to count, nothing needs to be written. */
  markRestored(kept: boolean): void {
    assert(this.#changed.count === 0 && this.#changed.clean === 0, 'a restored pane has not changed');
    this.#restoredSlots = this.index.count;
    if (kept) this.#changed.allClean(this.index.count);
  }
}

/** What the rows of pieces consist of, as text: the input of layoutHash. */
export function describeLayout(keyTypes: readonly string[], columns: readonly StateColumn[]): string {
  return `${keyTypes.join(',')}|${columns.map((column) => column.kind).join(',')}`;
}
