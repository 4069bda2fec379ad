import { grownNumbers } from '../grow.ts';

/** Slots of safe integers: an open-addressing table with linear probing. `table` holds slot + 1, 0 for free. */
export class IntTable {
  /** Key of each slot. NaN at slots whose key is not here. */
  keys: Float64Array;
  #table: Int32Array;
  #shift: number;
  #entries = 0;

  constructor() {
    this.keys = new Float64Array(16);
    this.#table = new Int32Array(32);
    this.#shift = 32 - 5;
  }

  get bytes(): number {
    return this.keys.byteLength + this.#table.byteLength;
  }

  /** Room for slots 0 .. slots-1 and for `entries` more keys. */
  reserve(slots: number, entries: number): void {
    if (slots > this.keys.length) {
      this.keys = grownNumbers(this.keys, Math.max(slots, Math.ceil(this.keys.length * 1.5)), 0);
    }
    const wanted = this.#entries + entries;
    // At most 2/3 full.
    if (wanted * 3 <= this.#table.length * 2) return;
    let bits = 32 - this.#shift;
    while (wanted * 3 > 2 ** bits * 2) bits += 1;
    this.#rebuild(bits);
  }

  #rebuild(bits: number): void {
    const old = this.#table;
    const table = new Int32Array(2 ** bits);
    const shift = 32 - bits;
    const mask = table.length - 1;
    for (let index = 0; index < old.length; index += 1) {
      const entry = old[index] ?? 0;
      if (entry === 0) continue;
      let at = hashOfInt(this.keys[entry - 1] ?? 0) >>> shift;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = entry;
    }
    this.#table = table;
    this.#shift = shift;
  }

  clear(): void {
    this.#table.fill(0);
    this.#entries = 0;
  }

  /**
   * Slots of values[rows[0 .. count)] into `slots`; new keys get the slots from `next` on. Returns the next free slot.
   * The caller has reserved room for `count` new keys. Rows flagged in `skip` are left out.
   */
  findAll(
    values: Float64Array,
    rows: Int32Array,
    count: number,
    slots: Int32Array,
    next: number,
    skip: Uint8Array | null,
  ): number {
    const table = this.#table;
    const keys = this.keys;
    const shift = this.#shift;
    const mask = table.length - 1;
    const first = next;
    for (let index = 0; index < count; index += 1) {
      const row = rows[index]!;
      if (skip !== null && skip[row] === 1) continue;
      const key = values[row]!;
      let at = hashOfInt(key) >>> shift;
      let entry = table[at]!;
      while (entry !== 0 && keys[entry - 1] !== key) {
        at = (at + 1) & mask;
        entry = table[at]!;
      }
      if (entry === 0) {
        keys[next] = key;
        next += 1;
        entry = next;
        table[at] = entry;
      }
      slots[index] = entry - 1;
    }
    this.#entries += next - first;
    return next;
  }
}

/** Of a safe integer, all 53 bits. The upper bits are the good ones: key groups take the lower ones of another hash. */
function hashOfInt(key: number): number {
  const low = key | 0;
  const high = low === key ? 0 : Math.floor(key / 4294967296) | 0;
  let hash = low ^ Math.imul(high, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}
