import { grownFlags, grownSlots } from '../grow.ts';

/** Slots below `clean`, which are in pieces, whose records have changed since; slots from `clean` on are all to be written. */
export class ChangedSlots {
  clean = 0;
  count = 0;
  #slots: Int32Array = new Int32Array(0);
  #flags: Uint8Array = new Uint8Array(0);

  get bytes(): number {
    return this.#slots.byteLength + this.#flags.length;
  }

  /** The first `count` of them count. */
  get slots(): Int32Array {
    return this.#slots;
  }

  has(slot: number): boolean {
    return this.#flags[slot] === 1;
  }

  mark(slot: number): void {
    if (slot >= this.clean || this.#flags[slot] === 1) return;
    if (slot >= this.#flags.length) {
      this.#flags = grownFlags(this.#flags, Math.max(this.clean, Math.ceil(1.5 * this.#flags.length)));
    }
    if (this.count === this.#slots.length) {
      this.#slots = grownSlots(this.#slots, Math.max(1024, 2 * this.count));
    }
    this.#flags[slot] = 1;
    this.#slots[this.count] = slot;
    this.count += 1;
  }

  /** All slots below `clean` are in pieces now as they are. */
  allClean(clean: number): void {
    for (let index = 0; index < this.count; index += 1) this.#flags[this.#slots[index]!] = 0;
    this.count = 0;
    this.clean = clean;
  }
}
