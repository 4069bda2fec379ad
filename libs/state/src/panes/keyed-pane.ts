import type { Column } from '@weir/columnar/column.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { grownFlags, grownSlots } from '../grow.ts';
import { consecutive, GroupIndex } from './group-index.ts';
import type { KeyEncoder } from '../key-encoding.ts';
import { blockBytes, oneBlock, orderByGroup } from '../pieces/group-order.ts';
import { PieceLog } from '../pieces/piece-log.ts';
import { PieceWriter } from '../pieces/piece-codec.ts';
import type { StorePlace } from '../state-stores.ts';
import type { ArrangedColumn, StateColumn } from './state-column.ts';

/** What a pane's pieces say about where it belongs. */
export interface PanePlace extends StorePlace {
  readonly layout: number;
  /** Key groups of the keys at slots[0 .. count) of an index. `numbers`: these keys, where all are numbers. */
  readonly groupsOf: (
    index: GroupIndex,
    slots: Int32Array,
    count: number,
    numbers: Float64Array | null,
  ) => Uint16Array;
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
  /** Slots below have been written to a piece (L1). */
  #clean = 0;
  /** Flags of changed slots below #clean, and the list of them. */
  #dirtyFlags: Uint8Array = new Uint8Array(0);
  #dirtySlots: Int32Array = new Int32Array(0);
  #dirtyCount = 0;
  #capacity = 0;
  /** Slots below were restored, and no piece of this subtask holds them yet from #clean on. */
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
    return columns + this.index.bytes + this.#dirtyFlags.length + this.#dirtySlots.byteLength;
  }

  /** Finds or makes the slots of rows[0 .. count) and marks them as changed. */
  touch(keys: readonly Column[], rows: Int32Array, count: number, slots: Int32Array): void {
    this.index.findAll(keys, rows, count, slots);
    this.reserve(this.index.count);
    this.#markDirty(slots, count);
  }

  /** Room in the columns for slots below `count`, made to grow by half at least. */
  reserve(count: number): void {
    if (count <= this.#capacity) return;
    this.#capacity = Math.max(64, count, Math.ceil(this.#capacity * 1.5));
    for (const column of this.columns) column.reserve(this.#capacity);
  }

  #markDirty(slots: Int32Array, count: number): void {
    const clean = this.#clean;
    if (clean === 0) return;
    if (this.#dirtyFlags.length < clean) this.#dirtyFlags = grownFlags(this.#dirtyFlags, this.#capacity);
    if (this.#dirtySlots.length < this.#dirtyCount + count) {
      this.#dirtySlots = grownSlots(
        this.#dirtySlots,
        Math.max(1024, this.#dirtyCount + count, 2 * this.#dirtyCount),
      );
    }
    const flags = this.#dirtyFlags;
    const list = this.#dirtySlots;
    let used = this.#dirtyCount;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      if (slot >= clean || flags[slot] === 1) continue;
      flags[slot] = 1;
      list[used] = slot;
      used += 1;
    }
    this.#dirtyCount = used;
  }

  get changed(): boolean {
    return this.#dirtyCount > 0 || this.index.count > this.#clean;
  }

  /** A piece with all that changed since the last one (and what its log wants swept), or null if nothing did. */
  snapshot(sequence: number, place: PanePlace): Uint8Array | null {
    if (!this.changed) return null;
    const live = this.index.count;
    const swept = this.log.sweepRange(sequence, this.#clean, live, this.#dirtyCount);
    const slots = new Int32Array(this.#dirtyCount + (live - this.#clean) + (swept.to - swept.from));
    slots.set(this.#dirtySlots.subarray(0, this.#dirtyCount));
    let used = this.#dirtyCount;
    for (let slot = swept.from; slot < swept.to; slot += 1) {
      if (this.#dirtyFlags[slot] === 1) continue;
      slots[used] = slot;
      used += 1;
    }
    for (let slot = this.#clean; slot < live; slot += 1) {
      slots[used] = slot;
      used += 1;
    }
    const piece = this.#write(slots, used, place);
    this.#allClean();
    this.log.written({ sequence, rows: used }, swept.to);
    return piece;
  }

  /** Whether restored slots are in no piece yet. */
  get hasAhead(): boolean {
    return this.#restoredSlots > this.#clean;
  }

  /** A piece of restored slots that none holds yet, or null when there are no more. Their changes so far are in it. */
  writeAhead(sequence: number, place: PanePlace, mostBytes: number): Uint8Array | null {
    const left = this.#restoredSlots - this.#clean;
    if (left <= 0) return null;
    const count = Math.min(left, Math.max(1, Math.floor(mostBytes / this.#rowBytes())));
    const piece = this.#write(consecutive(this.#clean, count), count, place);
    this.#clean += count;
    this.log.written({ sequence, rows: count }, 0);
    return piece;
  }

  #write(slots: Int32Array, count: number, place: PanePlace): Uint8Array {
    const { layout, store, range } = place;
    const expected = count * 8 * (this.columns.length + 2);
    const rowBytes = this.#rowBytes();
    const small = count * rowBytes <= blockBytes;
    const numbers = small ? null : this.index.numbersOf(slots, count);
    const order = small
      ? oneBlock(slots, count, range)
      : orderByGroup(slots, place.groupsOf(this.index, slots, count, numbers), count, range, rowBytes);
    const header = { store, keyGroups: range.keyGroups, pane: this.pane, slots: 0 };
    const writer = new PieceWriter(layout, header, order.blocks.length, expected);
    const { places } = order;
    const keys = numbers === null || places === null ? null : arrangeKeys(numbers, places);
    const arranged = this.columns.map((column) =>
      places === null ? null : (column.arrange?.(slots, places, count) ?? null),
    );
    for (const { firstGroup, endGroup, from, to } of order.blocks) {
      const part = order.slots.subarray(from, to);
      writer.beginBlock(firstGroup, endGroup, to - from);
      if (keys === null) this.index.write(writer, part, to - from);
      else keys.write(writer, from, to);
      for (const [index, column] of this.columns.entries()) {
        const ready = arranged[index] ?? null;
        if (ready === null) column.write(writer, part, to - from);
        else ready.write(writer, from, to);
      }
    }
    return writer.finish();
  }

  /** About what a row takes in a piece. */
  #rowBytes(): number {
    return Math.max(16, this.bytes / Math.max(1, this.#capacity));
  }

  #allClean(): void {
    for (let index = 0; index < this.#dirtyCount; index += 1) this.#dirtyFlags[this.#dirtySlots[index]!] = 0;
    this.#dirtyCount = 0;
    this.#clean = this.index.count;
  }

  /** After a restore. `kept`: its pieces go on to count, nothing needs to be written. */
  markRestored(kept: boolean): void {
    assert(this.#dirtyCount === 0 && this.#clean === 0, 'a restored pane has not changed');
    this.#restoredSlots = this.index.count;
    if (kept) this.#clean = this.index.count;
  }
}

/** Keys that are all numbers, as GroupIndex writes them. */
function arrangeKeys(numbers: Float64Array, places: Int32Array): ArrangedColumn {
  const arranged = new Float64Array(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) arranged[places[index]!] = numbers[index]!;
  return {
    write(writer, from, to) {
      writer.numbers(to - from).set(arranged.subarray(from, to));
      writer.integers(to - from);
      writer.bytes(0);
    },
  };
}

/** What the rows of pieces consist of, as text: the input of layoutHash. */
export function describeLayout(keyTypes: readonly string[], columns: readonly StateColumn[]): string {
  return `${keyTypes.join(',')}|${columns.map((column) => column.kind).join(',')}`;
}
