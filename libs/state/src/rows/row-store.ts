import { assert } from '@weir/kernel/assert.ts';
import type { KeyGroupRange } from '../key-group-range.ts';
import { blockBytes, oneBlock, orderByGroup } from '../pieces/group-order.ts';
import { PieceReader, PieceWriter, type Piece } from '../pieces/piece-codec.ts';
import { PieceLog } from '../pieces/piece-log.ts';
import { readRows, writeRows, type RowBlock } from '../pieces/row-blocks.ts';
import type { NextSequence, PieceWriters, StateStore, StorePlace, WrittenState } from '../state-stores.ts';
import { ChangedSlots } from '../changed-slots.ts';
import { FreeSlots } from './free-slots.ts';
import { liveFlag, type RowLayout } from './row-layout.ts';
import { RowPage } from './row-page.ts';

/**
 * Records by slot, in pages: one store of an operator. What finds them (an index, a chain) is built on top and derived from them.
 *
 * R1  A live record has its hash, its key group and when it was touched; a free one keeps its key group until the slot is used again (F1).
 * R2  Whoever changes a record says so (`changed`) before the next snapshot.
 * R3  Every slot below `clean` has its present record, or that it is free, in a kept piece, unless it is marked as changed (L1 of PieceLog). Free
 *     slots aren't swept: what says that they are free goes with every piece that holds an older record of them.
 */
export class RowStore implements StateStore {
  readonly layout: RowLayout;
  /** Seconds, on the clock of the process: what records that are touched now are marked with. */
  now = 0;
  /** Slots that were ever used: all below it are live or free. */
  slots = 0;
  readonly #place: StorePlace;
  readonly #range: KeyGroupRange;
  readonly #pages: RowPage[] = [];
  readonly #free = new FreeSlots();
  readonly #changed = new ChangedSlots();
  readonly #log = new PieceLog();
  readonly #shift: number;
  readonly #mask: number;
  readonly #stride: number;
  #restoredSlots = 0;

  constructor(layout: RowLayout, place: StorePlace) {
    this.layout = layout;
    this.#place = place;
    this.#range = place.range;
    this.#shift = layout.pageBits;
    this.#mask = 2 ** layout.pageBits - 1;
    this.#stride = layout.stride;
  }

  /** Live records. */
  get count(): number {
    return this.slots - this.#free.count;
  }

  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.bytes, 0) + this.#changed.bytes;
  }

  get pages(): readonly RowPage[] {
    return this.#pages;
  }

  page(slot: number): RowPage {
    return this.#pages[slot >>> this.#shift]!;
  }

  /** The word of its page at which a slot's record begins. */
  record(slot: number): number {
    return (slot & this.#mask) * this.#stride;
  }

  isLive(slot: number): boolean {
    return (this.page(slot).ints[2 * this.record(slot) + 1]! & (liveFlag << 16)) !== 0;
  }

  hashOf(slot: number): number {
    return this.page(slot).ints[2 * this.record(slot)]!;
  }

  groupOf(slot: number): number {
    return this.page(slot).ints[2 * this.record(slot) + 1]! & 0xffff;
  }

  /** Seconds at which the record was written last. */
  touchedAt(slot: number): number {
    return this.page(slot).ints[2 * this.record(slot) + 2]!;
  }

  /** A slot for a new record, whose fields are 0 and not NULL. It counts as changed. */
  allocate(hash: number, group: number): number {
    let slot = this.#free.take();
    if (slot < 0) {
      slot = this.slots;
      this.slots += 1;
      if (slot >>> this.#shift >= this.#pages.length) this.#pages.push(new RowPage(this.layout));
    } else this.page(slot).clear(this.record(slot));
    const page = this.page(slot);
    const at = 2 * this.record(slot);
    page.ints[at] = hash;
    page.ints[at + 1] = group | (liveFlag << 16);
    this.changed(slot);
    return slot;
  }

  /** R2. Also refreshes when it was touched. */
  changed(slot: number): void {
    const page = this.#pages[slot >>> this.#shift]!;
    page.ints[2 * this.record(slot) + 2] = this.now;
    if (this.now < page.oldest) page.oldest = this.now;
    this.#changed.mark(slot);
  }

  /** What finds the record has let go of it before. */
  free(slot: number): void {
    const page = this.page(slot);
    const record = this.record(slot);
    const groupAndFlags = page.ints[2 * record + 1]!;
    assert((groupAndFlags & (liveFlag << 16)) !== 0, 'a slot is freed once');
    page.dropHeap(record);
    page.clear(record);
    page.ints[2 * record + 1] = groupAndFlags & 0xffff; // R1
    const inPiece = slot < this.#changed.clean;
    this.#changed.mark(slot);
    this.#free.add(slot, inPiece);
  }

  forEachLive(visit: (slot: number) => void): void {
    for (let slot = 0; slot < this.slots; slot += 1) if (this.isLive(slot)) visit(slot);
  }

  snapshot(next: NextSequence): WrittenState {
    const changed = this.#changed;
    const keptBefore = this.#log.kept.map(({ sequence }) => sequence);
    if (changed.count === 0 && this.slots === changed.clean) return { written: [], kept: keptBefore };
    if (this.count === 0) return this.#startOver();
    const sequence = next();
    const swept = this.#log.sweepRange(sequence, changed.clean, this.count, changed.count);
    const slots = changed.toWrite(swept, this.slots);
    let used = 0;
    // Of those that nothing marked, free ones are told to nobody.
    for (const slot of slots) if (this.isLive(slot) || changed.has(slot)) slots[used++] = slot;
    const bytes = this.#write(slots.subarray(0, used));
    changed.allClean(this.slots);
    this.#free.snapshotTaken();
    this.#log.written({ sequence, rows: used }, swept.to);
    const kept = this.#log.kept.filter((one) => one.sequence !== sequence);
    return { written: [this.#piece(sequence, bytes)], kept: kept.map((one) => one.sequence) };
  }

  /** Nothing lives: no piece is needed to say so. */
  #startOver(): WrittenState {
    this.slots = 0;
    this.#pages.length = 0;
    this.#free.clear();
    this.#changed.allClean(0);
    this.#log.adopt([]);
    return { written: [], kept: [] };
  }

  writeAhead(next: NextSequence, mostBytes: number): Piece | null {
    const changed = this.#changed;
    const left = this.#restoredSlots - changed.clean;
    if (left <= 0) return null;
    const most = Math.max(1, Math.floor(mostBytes / this.#rowBytes()));
    const to = changed.clean + Math.min(left, most);
    const slots = new Int32Array(to - changed.clean);
    let used = 0;
    for (let slot = changed.clean; slot < to; slot += 1) if (this.isLive(slot)) slots[used++] = slot;
    const sequence = next();
    const bytes = this.#write(slots.subarray(0, used));
    changed.clean = to;
    this.#log.written({ sequence, rows: used }, 0);
    return this.#piece(sequence, bytes);
  }

  #piece(sequence: number, bytes: Uint8Array): Piece {
    return { sequence, bytes, keyGroupStart: this.#range.start, keyGroupEnd: this.#range.end };
  }

  #rowBytes(): number {
    return Math.max(8 * this.#stride, this.bytes / Math.max(1, this.slots)) + 4;
  }

  #write(slots: Int32Array): Uint8Array {
    const { store, range } = this.#place;
    const count = slots.length;
    const rowBytes = this.#rowBytes();
    const order =
      count * rowBytes <= blockBytes
        ? oneBlock(slots, count, range)
        : orderByGroup(slots, this.#groupsOf(slots), count, range, rowBytes);
    const header = { store, keyGroups: range.keyGroups, pane: 0, slots: this.slots };
    const writer = new PieceWriter(this.layout.hash, header, order.blocks.length, count * rowBytes);
    for (const { firstGroup, endGroup, from, to } of order.blocks) {
      writer.beginBlock(firstGroup, endGroup, to - from);
      writeRows(writer, this.layout, order.slots.subarray(from, to), this.#pages);
    }
    return writer.finish();
  }

  #groupsOf(slots: Int32Array): Uint16Array {
    const groups = new Uint16Array(slots.length);
    for (let index = 0; index < slots.length; index += 1) groups[index] = this.groupOf(slots[index]!);
    return groups;
  }

  restore(writers: PieceWriters, keep: boolean): void {
    assert(this.slots === 0, 'a store is restored before it is used');
    const { start, end } = this.#range;
    const logged: { sequence: number; rows: number }[] = [];
    for (const { pieces } of writers) {
      const slotOf = keep ? null : new RestoredSlots();
      for (const piece of pieces) {
        const reader = new PieceReader(piece.bytes, this.layout.hash);
        if (keep) this.#growTo(reader.header.slots);
        logged.push({ sequence: piece.sequence, rows: reader.header.rows });
        for (const [index, block] of reader.blocks.entries()) {
          if (block.firstGroup >= end || block.endGroup <= start) continue;
          reader.open(index);
          this.#restoreBlock(readRows(reader, this.layout, block.rows), slotOf);
        }
      }
    }
    this.#restoredSlots = this.slots;
    if (keep) {
      for (let slot = 0; slot < this.slots; slot += 1) if (!this.isLive(slot)) this.#free.add(slot, false);
      this.#log.adopt(logged);
      this.#changed.allClean(this.slots);
    }
  }

  #growTo(slots: number): void {
    this.slots = Math.max(this.slots, slots);
    while (this.#pages.length << this.#shift < this.slots) this.#pages.push(new RowPage(this.layout));
  }

  /** `slotOf`: slots here of the writer's; null where they are the same. */
  #restoreBlock({ slots, freed, ints, heap }: RowBlock, slotOf: RestoredSlots | null): void {
    const { start, end } = this.#range;
    for (let row = 0; row < slots.length; row += 1) {
      const at = 2 * row * this.#stride;
      const group = ints[at + 1]! & 0xffff;
      if (group < start || group >= end) continue;
      let slot = slots[row]!;
      if (slotOf !== null) {
        const known = slotOf.get(slot);
        const here = known < 0 ? this.#takeRestored() : known;
        if (known < 0) slotOf.set(slot, here);
        slot = here;
      }
      this.#replace(slot, ints, at, heap);
    }
    for (const slot of freed) {
      const here = slotOf === null ? slot : slotOf.get(slot);
      if (here < 0) continue;
      this.#erase(here);
      if (slotOf === null) continue;
      slotOf.set(slot, -1);
      this.#free.add(here, false);
    }
  }

  #takeRestored(): number {
    const free = this.#free.take();
    if (free >= 0) return free;
    this.#growTo(this.slots + 1);
    return this.slots - 1;
  }

  #replace(slot: number, ints: Int32Array, at: number, heap: Uint8Array): void {
    this.#erase(slot);
    const page = this.page(slot);
    page.copyIn(this.record(slot), ints, at, heap);
    page.oldest = Math.min(page.oldest, ints[at + 2]!);
  }

  #erase(slot: number): void {
    const page = this.page(slot);
    if (this.isLive(slot)) page.dropHeap(this.record(slot));
    page.clear(this.record(slot));
  }
}

/** Slots here by the slot that a writer had. */
class RestoredSlots {
  #slots: Int32Array = new Int32Array(0);

  get(slot: number): number {
    return (this.#slots[slot] ?? 0) - 1;
  }

  set(slot: number, here: number): void {
    if (slot >= this.#slots.length) {
      const grown = new Int32Array(Math.max(1024, slot + 1, 2 * this.#slots.length));
      grown.set(this.#slots);
      this.#slots = grown;
    }
    this.#slots[slot] = here + 1;
  }
}
