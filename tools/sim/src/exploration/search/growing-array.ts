/** A column of small numbers that grows: one typed array, doubled when it is full. */
export class GrowingArray<T extends Uint8Array | Uint16Array | Uint32Array> {
  #items: T;
  #length = 0;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T, capacity = 1024) {
    this.#make = make;
    this.#items = make(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) this.#grow(this.#length + 1);
    this.#items[this.#length] = value;
    this.#length += 1;
  }

  /** Appends a row; rows of one width lie one after the other. */
  pushRow(from: Uint32Array, at: number, width: number): void {
    if (this.#length + width > this.#items.length) this.#grow(this.#length + width);
    for (let index = 0; index < width; index += 1)
      this.#items[this.#length + index] = from[at + index] as number;
    this.#length += width;
  }

  at(index: number): number {
    return this.#items[index] as number;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  view(): T {
    return this.#items.subarray(0, this.#length) as T;
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(needed: number): void {
    const grown = this.#make(Math.max(needed, this.#items.length * 2));
    grown.set(this.#items);
    this.#items = grown;
  }
}
