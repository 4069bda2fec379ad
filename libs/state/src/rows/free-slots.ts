/**
 * Slots that hold nothing.
 *
 * F1  A slot whose record may be in a piece is used again only after a snapshot that says it is free: that entry is filed under the key group of
 *     the record, and the slot's next one may be of another.
 * F2  A slot that was never in a piece is used again at once.
 */
export class FreeSlots {
  #usable: Int32Array = new Int32Array(16);
  #usableCount = 0;
  #waiting: number[] = [];

  /** How many are free. */
  get count(): number {
    return this.#usableCount + this.#waiting.length;
  }

  /** A slot to use, -1 when there is none. */
  take(): number {
    if (this.#usableCount === 0) return -1;
    this.#usableCount -= 1;
    return this.#usable[this.#usableCount]!;
  }

  /** `inPiece`: a piece may hold a record of it. */
  add(slot: number, inPiece: boolean): void {
    if (inPiece) this.#waiting.push(slot);
    else this.#use(slot);
  }

  /** A snapshot has said of all of them that they are free. */
  snapshotTaken(): void {
    for (const slot of this.#waiting) this.#use(slot);
    this.#waiting = [];
  }

  clear(): void {
    this.#usableCount = 0;
    this.#waiting = [];
  }

  #use(slot: number): void {
    if (this.#usableCount === this.#usable.length) {
      const grown = new Int32Array(2 * this.#usableCount);
      grown.set(this.#usable);
      this.#usable = grown;
    }
    this.#usable[this.#usableCount] = slot;
    this.#usableCount += 1;
  }
}
