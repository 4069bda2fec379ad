import type { Column } from '@weir/columnar/column.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { grownFlags, grownSlots } from './grow.ts';
import { GroupIndex } from './group-index.ts';
import type { KeyEncoder } from './key-encoding.ts';
import { PaneLog } from './pane-log.ts';
import { PieceWriter } from './piece-codec.ts';
import type { StateColumn } from './state-column.ts';

/**
 * The keyed state of one pane (a slice of event time): a slot for each key, values in columns by slot, and what changed since the last
 * snapshot. Everything lies in typed arrays; dropping the pane drops all.
 */
export class KeyedPane {
  readonly index: GroupIndex;
  readonly columns: readonly StateColumn[];
  readonly log = new PaneLog();
  pane: number;
  /** Slots below have been written to a piece (L1). */
  #clean = 0;
  /** Flags of changed slots below #clean, and the list of them. */
  #dirtyFlags: Uint8Array = new Uint8Array(0);
  #dirtySlots: Int32Array = new Int32Array(0);
  #dirtyCount = 0;
  #capacity = 0;

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
  snapshot(sequence: number, layout: number): Uint8Array | null {
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
    const writer = new PieceWriter(
      layout,
      { pane: this.pane, rows: used },
      used * 8 * (this.columns.length + 2),
    );
    this.index.write(writer, slots, used);
    for (const column of this.columns) column.write(writer, slots, used);
    this.#allClean();
    this.log.written({ sequence, rows: used }, swept.to);
    return writer.finish();
  }

  #allClean(): void {
    for (let index = 0; index < this.#dirtyCount; index += 1) this.#dirtyFlags[this.#dirtySlots[index]!] = 0;
    this.#dirtyCount = 0;
    this.#clean = this.index.count;
  }

  /** After a restore whose pieces go on to count: nothing needs to be written. */
  markRestored(): void {
    assert(this.#dirtyCount === 0, 'a restored pane has not changed');
    this.#clean = this.index.count;
  }
}

/** What the rows of pieces consist of, as text: the input of layoutHash. */
export function describeLayout(keyTypes: readonly string[], columns: readonly StateColumn[]): string {
  return `${keyTypes.join(',')}|${columns.map((column) => column.kind).join(',')}`;
}
