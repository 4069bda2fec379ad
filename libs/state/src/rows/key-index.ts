import type { KeyGroupRange } from '../key-group-range.ts';

const leastEntries = 8;

/**
 * Slots by hash: open addressing with linear probing, one table a key group, so that what one insertion rebuilds is a small part of the state. The
 * keys are in the records: `first` and `next` give the slots whose hash agrees, their caller compares.
 */
export class KeyIndex {
  readonly #range: KeyGroupRange;
  /** By group - range.start. Entries of two words: the hash, slot + 1 (0: free). Null until the first. */
  readonly #tables: (Int32Array | null)[];
  readonly #counts: Int32Array;
  readonly #shifts: Uint8Array;
  /** Where `first` or `next` stands. */
  #table: Int32Array = new Int32Array(0);
  #at = 0;
  #hash = 0;

  constructor(range: KeyGroupRange) {
    const groups = range.end - range.start;
    this.#range = range;
    this.#tables = Array.from({ length: groups }, () => null);
    this.#counts = new Int32Array(groups);
    this.#shifts = new Uint8Array(groups);
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + (table?.byteLength ?? 0), 0);
  }

  /** The first slot of a hash in a group, -1 when there is none. */
  first(group: number, hash: number): number {
    const place = group - this.#range.start;
    const table = this.#tables[place];
    if (table === null || table === undefined) return -1;
    this.#table = table;
    this.#hash = hash;
    this.#at = 2 * (Math.imul(hash, 0x9e3779b1) >>> this.#shifts[place]!);
    return this.#look();
  }

  /** The next one, of what `first` was asked for last. Nothing was inserted or removed in between. */
  next(): number {
    this.#at = (this.#at + 2) & (this.#table.length - 1);
    return this.#look();
  }

  #look(): number {
    const table = this.#table;
    const mask = table.length - 1;
    const hash = this.#hash;
    let at = this.#at;
    for (;;) {
      const entry = table[at + 1]!;
      if (entry === 0) return -1;
      if (table[at] === hash) {
        this.#at = at;
        return entry - 1;
      }
      at = (at + 2) & mask;
    }
  }

  insert(group: number, hash: number, slot: number): void {
    const place = group - this.#range.start;
    const count = this.#counts[place]! + 1;
    let table = this.#tables[place] ?? null;
    // At most 2/3 full.
    if (table === null || 3 * count > table.length) table = this.#rebuild(place, table);
    this.#counts[place] = count;
    put(table, this.#shifts[place]!, hash, slot + 1);
  }

  #rebuild(place: number, old: Int32Array | null): Int32Array {
    const length = old === null ? 2 * leastEntries : 2 * old.length;
    const table = new Int32Array(length);
    const shift = 32 - Math.log2(length / 2);
    this.#shifts[place] = shift;
    this.#tables[place] = table;
    if (old === null) return table;
    for (let at = 0; at < old.length; at += 2)
      if (old[at + 1] !== 0) put(table, shift, old[at]!, old[at + 1]!);
    return table;
  }

  /** Another slot in the place of one that is there. */
  replace(group: number, hash: number, slot: number, by: number): void {
    const table = this.#tables[group - this.#range.start]!;
    table[this.#find(group, hash, slot) + 1] = by + 1;
  }

  /** Removes a slot that is there. */
  remove(group: number, hash: number, slot: number): void {
    const place = group - this.#range.start;
    const table = this.#tables[place]!;
    const shift = this.#shifts[place]!;
    const mask = table.length - 1;
    let hole = this.#find(group, hash, slot);
    this.#counts[place]! -= 1;
    // What was pushed beyond the hole moves up, so that no search ends early.
    for (let at = (hole + 2) & mask; table[at + 1] !== 0; at = (at + 2) & mask) {
      const home = 2 * (Math.imul(table[at]!, 0x9e3779b1) >>> shift);
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      table[hole] = table[at]!;
      table[hole + 1] = table[at + 1]!;
      hole = at;
    }
    table[hole + 1] = 0;
  }

  #find(group: number, hash: number, slot: number): number {
    const place = group - this.#range.start;
    const table = this.#tables[place]!;
    const mask = table.length - 1;
    let at = 2 * (Math.imul(hash, 0x9e3779b1) >>> this.#shifts[place]!);
    while (table[at + 1] !== slot + 1) at = (at + 2) & mask;
    return at;
  }
}

function put(table: Int32Array, shift: number, hash: number, entry: number): void {
  const mask = table.length - 1;
  let at = 2 * (Math.imul(hash, 0x9e3779b1) >>> shift);
  while (table[at + 1] !== 0) at = (at + 2) & mask;
  table[at] = hash;
  table[at + 1] = entry;
}
