/**
 * The groups that a batch touches, numbered 0 .. count-1 in the order in which they come. Found by slot in a small table of their own, so that nothing here
 * grows with the state. Arrays are used again.
 */
export class TouchedGroups {
  count = 0;
  /** Slot of each group's record. */
  slots: Int32Array = new Int32Array(0);
  /** The number of each row's group. */
  groupOf: Int32Array = new Int32Array(0);
  /** Number + 1 by place; 0: none. */
  #table: Int32Array = new Int32Array(0);

  /** @param rowSlots for each row the slot of its group's record */
  take(rowSlots: Int32Array, rowCount: number): void {
    this.#begin(rowCount);
    const table = this.#table;
    const mask = table.length - 1;
    const { slots, groupOf } = this;
    let count = 0;
    for (let row = 0; row < rowCount; row += 1) {
      const slot = rowSlots[row]!;
      let place = (Math.imul(slot, 0x9e3779b1) >>> 7) & mask;
      for (;;) {
        const known = table[place]!;
        if (known === 0) {
          slots[count] = slot;
          count += 1;
          table[place] = count;
          groupOf[row] = count - 1;
          break;
        }
        if (slots[known - 1] === slot) {
          groupOf[row] = known - 1;
          break;
        }
        place = (place + 1) & mask;
      }
    }
    this.count = count;
  }

  #begin(rowCount: number): void {
    if (this.groupOf.length < rowCount) {
      this.groupOf = new Int32Array(rowCount);
      this.slots = new Int32Array(rowCount);
      this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * rowCount + 2)));
    } else this.#table.fill(0);
  }
}
