import { booleanType, doubleType, type SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { ExactColumn } from '../panes/exact-column.ts';
import { BytesColumn, FlagColumn, NumberColumn, type StateColumn } from '../panes/state-column.ts';
import type { RowStore } from './row-store.ts';

/** The type of the field that holds a state column's value in a record. */
export function recordType(column: StateColumn): SqlType {
  if (column instanceof NumberColumn) return doubleType;
  if (column instanceof FlagColumn) return booleanType;
  if (column instanceof ExactColumn) return { kind: 'decimal', precision: 38, scale: 0 };
  assert(column instanceof BytesColumn, `a record can hold a column of kind ${column.kind}`);
  return { kind: 'bytes' };
}

/** Moves values between the records of a store and state columns by batch, whose places 0 .. are the records that a batch has touched. */
export class RecordColumns {
  readonly #store: RowStore;
  readonly #digits = new TextEncoder();

  constructor(store: RowStore) {
    this.#store = store;
  }

  /** Copies a field of slots[j], for all j below `count` with `known[j]`, to the places `at + j` of a column; the others keep their fill value. */
  gather(
    field: number,
    slots: Int32Array,
    known: Uint8Array,
    count: number,
    column: StateColumn,
    at: number,
  ): void {
    const store = this.#store;
    const first = store.layout.firstField + field;
    if (column instanceof NumberColumn || column instanceof FlagColumn) {
      const { values } = column;
      for (let index = 0; index < count; index += 1) {
        const slot = slots[index]!;
        if (known[index] === 1) values[at + index] = store.page(slot).words[store.record(slot) + first]!;
      }
    } else if (column instanceof ExactColumn) {
      for (let index = 0; index < count; index += 1)
        if (known[index] === 1) this.#gatherExact(slots[index]!, first, column, at + index);
    } else if (column instanceof BytesColumn) {
      for (let index = 0; index < count; index += 1) {
        if (known[index] !== 1) continue;
        const page = store.page(slots[index]!);
        const word = store.record(slots[index]!) + first;
        const start = page.offsetAt(word);
        column.set(at + index, page.heap, start, start + page.lengthAt(word, false));
      }
    }
  }

  #gatherExact(slot: number, first: number, column: ExactColumn, place: number): void {
    const page = this.#store.page(slot);
    const word = this.#store.record(slot) + first;
    const value = page.words[word]!;
    if (value === value) {
      column.set(place, value);
      return;
    }
    const start = page.offsetAt(word);
    const length = page.lengthAt(word, true);
    // A text of no digits stands for no value.
    if (length === 0) return;
    column.set(place, BigInt(String.fromCharCode(...page.heap.subarray(start, start + length))));
  }

  /** The other way round: from the places `at + j`. Whoever calls says that the records are changed. */
  put(field: number, slots: Int32Array, count: number, column: StateColumn, at: number): void {
    const store = this.#store;
    const first = store.layout.firstField + field;
    if (column instanceof NumberColumn || column instanceof FlagColumn) {
      const { values } = column;
      for (let index = 0; index < count; index += 1) {
        const slot = slots[index]!;
        store.page(slot).words[store.record(slot) + first] = values[at + index]!;
      }
    } else if (column instanceof ExactColumn) {
      for (let index = 0; index < count; index += 1) this.#putExact(slots[index]!, first, column, at + index);
    } else if (column instanceof BytesColumn) {
      for (let index = 0; index < count; index += 1) {
        const page = store.page(slots[index]!);
        const word = store.record(slots[index]!) + first;
        const { data, starts, ends } = column;
        page.setBytes(word, data, starts[at + index]!, ends[at + index]!, page.lengthAt(word, false), false);
      }
    }
  }

  #putExact(slot: number, first: number, column: ExactColumn, place: number): void {
    const page = this.#store.page(slot);
    const word = this.#store.record(slot) + first;
    const before = page.isBig(word) ? page.lengthAt(word, true) : 0;
    const value = column.isSet(place) ? column.get(place) : null;
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      if (before > 0) page.setBytes(word, noBytes, 0, 0, before, true);
      page.words[word] = value === 0 ? 0 : value;
      return;
    }
    const text = value === null ? noBytes : this.#digits.encode(String(value));
    page.setBytes(word, text, 0, text.length, before, true);
  }
}

const noBytes = new Uint8Array(0);
