import { assert } from '@weir/kernel/assert.ts';
import { bigMark, liveFlag, type RowLayout } from './row-layout.ts';

const leastHeapBytes = 256;

/** A page of records and the heap that their bytes lie in. Records are addressed by the word at which they begin. */
export class RowPage {
  readonly words: Float64Array;
  /** The same memory: word w is ints 2w and 2w + 1. What may have the bits of a NaN is copied by these only. */
  readonly ints: Int32Array;
  heap: Uint8Array;
  /** Lower bound of when its live records were touched last, seconds. */
  oldest = Infinity;
  readonly #layout: RowLayout;
  #used = 0;
  /** Bytes below #used that no live field points to. */
  #dead = 0;

  constructor(layout: RowLayout) {
    this.#layout = layout;
    this.words = new Float64Array(layout.stride << layout.pageBits);
    this.ints = new Int32Array(this.words.buffer);
    this.heap = noBytes;
  }

  /** Whether any record may point into the heap. */
  get hasBytes(): boolean {
    return this.#used > 0;
  }

  get bytes(): number {
    return this.words.byteLength + this.heap.length;
  }

  /** Whether word `word`, that of an integer, points into the heap. */
  isBig(word: number): boolean {
    const value = this.words[word]!;
    return value !== value;
  }

  /** Offset and length of what a bytes, nested or big word points to. */
  offsetAt(word: number): number {
    return this.ints[2 * word]!;
  }

  lengthAt(word: number, big: boolean): number {
    const upper = this.ints[2 * word + 1]!;
    return big ? upper & 0xffff : upper;
  }

  /**
   * Lets a word point to a copy of data[start .. end). What it pointed to before, `before` bytes, is let go of.
   * The word must hold no pointer (or an empty one) when the heap is packed: it is cleared first.
   */
  setBytes(word: number, data: Uint8Array, start: number, end: number, before: number, big: boolean): void {
    const length = end - start;
    let at = this.offsetAt(word);
    if (length > before || before === 0) {
      this.#dead += before;
      this.#point(word, 0, 0, false);
      if (this.#used + length > this.heap.length) this.#makeRoom(length);
      at = this.#used;
      this.#used += length;
    } else this.#dead += before - length;
    const heap = this.heap;
    // A call costs more than a short copy.
    if (length < 32) for (let index = 0; index < length; index += 1) heap[at + index] = data[start + index]!;
    else heap.set(data.subarray(start, end), at);
    this.#point(word, at, length, big);
  }

  #point(word: number, offset: number, length: number, big: boolean): void {
    assert(!big || length < 65_536, 'an exact number has less than 65,536 digits');
    this.ints[2 * word] = offset;
    this.ints[2 * word + 1] = big ? bigMark | length : length;
  }

  /** Lets go of the heap bytes of a record that is freed or replaced. */
  dropHeap(record: number): void {
    if (this.#layout.hasHeap) this.#dead += this.heapBytes(record);
  }

  /** Bytes of the heap that a record points to. */
  heapBytes(record: number): number {
    const { kinds, firstField } = this.#layout;
    let bytes = 0;
    for (let field = 0; field < kinds.length; field += 1)
      bytes += this.#bytesOf(record + firstField + field, kinds[field]!);
    return bytes;
  }

  #bytesOf(word: number, kind: RowLayout['kinds'][number]): number {
    if (kind === 'number') return 0;
    if (kind === 'integer') return this.isBig(word) ? this.lengthAt(word, true) : 0;
    return this.lengthAt(word, false);
  }

  /** Copies a record and its heap bytes out: words to `ints` from `at` on, bytes to `heap` from `heapAt` on, where they point to then. Returns the heap's new end. */
  copyOut(record: number, ints: Int32Array, at: number, heap: Uint8Array, heapAt: number): number {
    const { stride, kinds, firstField } = this.#layout;
    const source = this.ints;
    for (let index = 0; index < 2 * stride; index += 1) ints[at + index] = source[2 * record + index]!;
    if (this.#used === 0) return heapAt;
    let end = heapAt;
    for (let field = 0; field < kinds.length; field += 1) {
      const word = record + firstField + field;
      const length = this.#bytesOf(word, kinds[field]!);
      if (length === 0) continue;
      const offset = this.offsetAt(word);
      for (let index = 0; index < length; index += 1) heap[end + index] = this.heap[offset + index]!;
      ints[at + 2 * (firstField + field)] = end;
      end += length;
    }
    return end;
  }

  /** Copies a record in, over a free one: the other way round. */
  copyIn(record: number, ints: Int32Array, at: number, heap: Uint8Array): void {
    const { stride, kinds, firstField, hasHeap } = this.#layout;
    const target = this.ints;
    for (let index = 0; index < 2 * stride; index += 1) target[2 * record + index] = ints[at + index]!;
    if (!hasHeap) return;
    let incoming = 0;
    for (let field = 0; field < kinds.length; field += 1)
      incoming += this.#bytesOf(record + firstField + field, kinds[field]!);
    if (incoming === 0) return;
    // While the heap is packed the record must not point into another one.
    this.clear(record);
    if (this.#used + incoming > this.heap.length) this.#makeRoom(incoming);
    for (let index = 0; index < 2 * stride; index += 1) target[2 * record + index] = ints[at + index]!;
    for (let field = 0; field < kinds.length; field += 1) {
      const word = record + firstField + field;
      const length = this.#bytesOf(word, kinds[field]!);
      if (length === 0) continue;
      const offset = this.offsetAt(word);
      this.heap.set(heap.subarray(offset, offset + length), this.#used);
      target[2 * word] = this.#used;
      this.#used += length;
    }
  }

  /** All words of a record as 0: free, and pointing nowhere. */
  clear(record: number): void {
    this.ints.fill(0, 2 * record, 2 * (record + this.#layout.stride));
  }

  /** Packs the heap when half of it is dead, else lets it grow. */
  #makeRoom(length: number): void {
    const live = this.#used - this.#dead;
    if (this.#dead * 2 < this.#used || live + length > this.heap.length) {
      const wanted = Math.max(leastHeapBytes, Math.ceil(1.5 * (live + length)));
      this.#packInto(new Uint8Array(Math.max(wanted, Math.min(this.heap.length, 2 * wanted))));
      return;
    }
    this.#packInto(new Uint8Array(this.heap.length));
  }

  #packInto(target: Uint8Array): void {
    const { stride, kinds, firstField } = this.#layout;
    const old = this.heap;
    let used = 0;
    for (let record = 0; record < this.words.length; record += stride) {
      if ((this.ints[2 * record + 1]! & (liveFlag << 16)) === 0) continue;
      for (let field = 0; field < kinds.length; field += 1) {
        const word = record + firstField + field;
        const length = this.#bytesOf(word, kinds[field]!);
        if (length === 0) continue;
        const offset = this.offsetAt(word);
        target.set(old.subarray(offset, offset + length), used);
        this.ints[2 * word] = used;
        used += length;
      }
    }
    this.heap = target;
    this.#used = used;
    this.#dead = 0;
  }
}

const noBytes = new Uint8Array(0);
