import { grownSlots } from './grow.ts';

/**
 * Slots below `clean`, which are in pieces, whose rows have changed since; slots from `clean` on are all to be written. One bit a slot, so that
 * a snapshot finds the changed ones in ascending order at next to no cost and then reads memory in that order.
 */
export class ChangedSlots {
  clean = 0;
  count = 0;
  /** 32 slots a word. */
  #words: Int32Array = new Int32Array(0);

  get bytes(): number {
    return this.#words.byteLength;
  }

  has(slot: number): boolean {
    return (this.#words[slot >>> 5]! & (1 << (slot & 31))) !== 0;
  }

  #reserve(): void {
    const words = (this.clean + 31) >>> 5;
    if (words <= this.#words.length) return;
    this.#words = grownSlots(this.#words, Math.max(words, Math.ceil(1.5 * this.#words.length)));
  }

  mark(slot: number): void {
    if (slot >= this.clean) return;
    this.#reserve();
    const bit = 1 << (slot & 31);
    const word = this.#words[slot >>> 5]!;
    if ((word & bit) !== 0) return;
    this.#words[slot >>> 5] = word | bit;
    this.count += 1;
  }

  /** Marks slots[0 .. count). */
  markAll(slots: Int32Array, count: number): void {
    const { clean } = this;
    if (clean === 0) return;
    this.#reserve();
    const words = this.#words;
    let marked = this.count;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      if (slot >= clean) continue;
      const bit = 1 << (slot & 31);
      const word = words[slot >>> 5]!;
      if ((word & bit) !== 0) continue;
      words[slot >>> 5] = word | bit;
      marked += 1;
    }
    this.count = marked;
  }

  /**
   * What a snapshot has to write, ascending: what is marked, the slots of `swept` (which end at or before `clean`), and those from `clean` up to `live`.
   */
  toWrite(swept: { readonly from: number; readonly to: number }, live: number): Int32Array {
    const { clean } = this;
    const most = this.count + (swept.to - swept.from) + (live - clean);
    const slots = new Int32Array(most);
    let used = this.#gather(slots, 0, 0, swept.from);
    for (let slot = swept.from; slot < swept.to; slot += 1) slots[used++] = slot;
    used = this.#gather(slots, used, swept.to, clean);
    for (let slot = clean; slot < live; slot += 1) slots[used++] = slot;
    return used === most ? slots : slots.subarray(0, used);
  }

  /** The marked slots in [from, to) into slots[used ..). @returns the end of them */
  #gather(slots: Int32Array, used: number, from: number, to: number): number {
    if (this.count === 0 || from >= to) return used;
    const words = this.#words;
    const last = Math.min(words.length - 1, (to - 1) >>> 5);
    let next = used;
    for (let at = from >>> 5; at <= last; at += 1) {
      let word = words[at]!;
      // Bits of the first and the last word that lie outside.
      if (at === from >>> 5) word &= -1 << (from & 31);
      if (at === to >>> 5) word &= ~(-1 << (to & 31));
      while (word !== 0) {
        const lowest = word & -word;
        slots[next++] = (at << 5) | (31 - Math.clz32(lowest));
        word ^= lowest;
      }
    }
    return next;
  }

  /** All slots below `clean` are in pieces now as they are. */
  allClean(clean: number): void {
    if (this.count > 0) this.#words.fill(0);
    this.count = 0;
    this.clean = clean;
  }
}
