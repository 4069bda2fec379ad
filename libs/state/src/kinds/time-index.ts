import { grownNumbers, grownSlots } from '../grow.ts';

const leastEntries = 64;

/**
 * Records by a time, the earliest first: what is due comes out. Derived from the records, never in pieces.
 *
 * I1  A record has one entry that counts: the one with the time that is noted for its slot. A record that goes, or whose time changes to a later
 *     one, leaves its entry where it is: it is looked at when it comes up.
 *
 * A heap of four children a node in typed arrays: times that come in order cost one comparison each.
 */
export class TimeIndex {
  #times: Float64Array = new Float64Array(leastEntries);
  #slots: Int32Array = new Int32Array(leastEntries);
  #size = 0;
  /** By slot: the time of the entry that counts, NaN when there is none. */
  #noted: Float64Array = new Float64Array(0);

  get bytes(): number {
    return this.#times.byteLength + this.#slots.byteLength + this.#noted.byteLength;
  }

  /** Entries, also those that no longer count. */
  get size(): number {
    return this.#size;
  }

  /** A record is due at `time`, unless it has an entry that comes up earlier: `due` asks then. */
  add(slot: number, time: number): void {
    if (slot >= this.#noted.length) {
      this.#noted = grownNumbers(
        this.#noted,
        Math.max(64, slot + 1, Math.ceil(1.5 * this.#noted.length)),
        NaN,
      );
    }
    if (this.#noted[slot]! <= time) return;
    this.#noted[slot] = time;
    this.#push(time, slot);
  }

  /** The record is gone. */
  remove(slot: number): void {
    if (slot < this.#noted.length) this.#noted[slot] = NaN;
  }

  /** A time at or before which nothing is due; +Infinity when nothing ever is. */
  get earliest(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!;
  }

  /**
   * The next record that is due by `until`, -1 when there is none. It has no entry then.
   * @param timeOf when a record is really due, NaN when it is gone: one that has moved to a later time gets an entry there
   */
  pop(until: number, timeOf: (slot: number) => number): number {
    while (this.#size > 0 && this.#times[0]! <= until) {
      const time = this.#times[0]!;
      const slot = this.#slots[0]!;
      this.#removeFirst();
      if (this.#noted[slot] !== time) continue; // I1
      this.#noted[slot] = NaN;
      const really = timeOf(slot);
      if (really <= until) return slot;
      if (really === really) this.add(slot, really); // NaN: it is gone
    }
    return -1;
  }

  #push(time: number, slot: number): void {
    if (this.#size === this.#times.length) {
      this.#times = grownNumbers(this.#times, 2 * this.#size, 0);
      this.#slots = grownSlots(this.#slots, 2 * this.#size);
    }
    const times = this.#times;
    const slots = this.#slots;
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      slots[at] = slots[parent]!;
      at = parent;
    }
    times[at] = time;
    slots[at] = slot;
  }

  #removeFirst(): void {
    this.#size -= 1;
    const size = this.#size;
    const times = this.#times;
    const slots = this.#slots;
    const time = times[size]!;
    const slot = slots[size]!;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let least = first;
      for (let child = first + 1; child < Math.min(first + 4, size); child += 1) {
        if (times[child]! < times[least]!) least = child;
      }
      if (times[least]! >= time) break;
      times[at] = times[least]!;
      slots[at] = slots[least]!;
      at = least;
    }
    times[at] = time;
    slots[at] = slot;
  }
}
