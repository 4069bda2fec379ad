import { assert } from '@weir/kernel/assert.ts';
import { grownFlags, grownIntegers, grownSlots } from '../grow.ts';

/** Dense ids of byte strings: an open-addressing table over one arena. `table` holds id + 1, 0 for free. */
export class BytesTable {
  /** Keys one after the other, in the order of their ids. */
  data: Uint8Array = new Uint8Array(256);
  /** End of each id's key; its start is the end of the one before. */
  ends: Uint32Array = new Uint32Array(16);
  count = 0;
  #hashes: Int32Array = new Int32Array(16);
  #table: Int32Array = new Int32Array(32);

  get bytes(): number {
    return this.data.length + this.ends.byteLength + this.#hashes.byteLength + this.#table.byteLength;
  }

  clear(): void {
    this.#table.fill(0);
    this.count = 0;
  }

  startOf(id: number): number {
    return id === 0 ? 0 : this.ends[id - 1]!;
  }

  /** The id of data[start .. end); a new one if it isn't there. */
  find(data: Uint8Array, start: number, end: number): number {
    const hash = hashOfBytes(data, start, end);
    const mask = this.#table.length - 1;
    let at = (hash ^ (hash >>> 15)) & mask;
    let entry = this.#table[at]!;
    while (entry !== 0) {
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, data, start, end)) return entry - 1;
      at = (at + 1) & mask;
      entry = this.#table[at]!;
    }
    const id = this.#append(hash, data, start, end);
    this.#table[at] = id + 1;
    if (this.count * 3 > this.#table.length * 2) this.#rebuild();
    return id;
  }

  #equals(id: number, data: Uint8Array, start: number, end: number): boolean {
    const from = this.startOf(id);
    const length = end - start;
    if (this.ends[id]! - from !== length) return false;
    for (let index = 0; index < length; index += 1) {
      if (this.data[from + index] !== data[start + index]) return false;
    }
    return true;
  }

  #append(hash: number, data: Uint8Array, start: number, end: number): number {
    const id = this.count;
    const from = this.startOf(id);
    const length = end - start;
    if (from + length > this.data.length) {
      assert(from + length < 2 ** 32, 'the keys of one pane are below 4 GiB');
      this.data = grownFlags(this.data, Math.max(from + length, 2 * this.data.length));
    }
    if (id === this.ends.length) {
      this.ends = grownIntegers(this.ends, 2 * id);
      this.#hashes = grownSlots(this.#hashes, 2 * id);
    }
    const target = this.data;
    for (let index = 0; index < length; index += 1) target[from + index] = data[start + index]!;
    this.ends[id] = from + length;
    this.#hashes[id] = hash;
    this.count = id + 1;
    return id;
  }

  #rebuild(): void {
    const table = new Int32Array(2 * this.#table.length);
    const mask = table.length - 1;
    for (let id = 0; id < this.count; id += 1) {
      const hash = this.#hashes[id]!;
      let at = (hash ^ (hash >>> 15)) & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = id + 1;
    }
    this.#table = table;
  }
}

function hashOfBytes(data: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) hash = Math.imul(hash ^ data[index]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return hash ^ (hash >>> 15);
}
