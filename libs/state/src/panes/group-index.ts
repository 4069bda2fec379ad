import { physicalKind, type Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { BytesTable } from './bytes-table.ts';
import { grownSlots } from '../grow.ts';
import { IntTable } from './int-table.ts';
import { KeyDecoder, KeyEncoder, refuseUnhashable } from '../key-encoding.ts';
import type { PieceReader, PieceWriter } from '../pieces/piece-codec.ts';

/**
 * Dense slots of keys, in the order in which keys were first seen (of one batch, NULLs after numbers). A single integer key has a table of its own; everything else, and its
 * NULL and values beyond 2^53, goes encoded into a table of bytes.
 */
export class GroupIndex {
  count = 0;
  readonly #ints: IntTable | null;
  readonly #bytes = new BytesTable();
  /** Int keys only: slot of each id of the bytes table, and the other way round (-1: not there). */
  #slotOfId: Int32Array = new Int32Array(0);
  #idOfSlot: Int32Array | null = null;
  #mappedIds = 0;
  readonly #encoder: KeyEncoder;
  #skip: Uint8Array = new Uint8Array(0);

  constructor(keyTypes: readonly SqlType[], encoder: KeyEncoder) {
    refuseUnhashable(keyTypes);
    const [first] = keyTypes;
    this.#ints =
      keyTypes.length === 1 && first !== undefined && physicalKind(first) === 'int' ? new IntTable() : null;
    this.#encoder = encoder;
  }

  get bytes(): number {
    return (this.#ints?.bytes ?? 0) + this.#bytes.bytes;
  }

  clear(): void {
    this.count = 0;
    this.#ints?.clear();
    this.#bytes.clear();
    this.#idOfSlot = null;
    this.#mappedIds = 0;
  }

  /** The slots of rows[0 .. count) of the key columns into `slots`; new keys get new slots. */
  findAll(keys: readonly Column[], rows: Int32Array, count: number, slots: Int32Array): void {
    const [column] = keys;
    if (this.#ints === null || column?.kind !== 'int') {
      for (let index = 0; index < count; index += 1) slots[index] = this.#findBytes(keys, rows[index]!);
      this.count = this.#bytes.count;
      return;
    }
    this.#ints.reserve(this.count + count, count);
    if (column.big !== null) {
      for (let index = 0; index < count; index += 1) slots[index] = this.#findOverflow(keys, rows[index]!);
      return;
    }
    this.count = this.#ints.findAll(column.values, rows, count, slots, this.count, column.nulls);
    if (column.nulls === null) return;
    for (let index = 0; index < count; index += 1) {
      if (column.nulls[rows[index]!] === 1) slots[index] = this.#findOverflow(keys, rows[index]!);
    }
  }

  #findBytes(keys: readonly Column[], row: number): number {
    const length = this.#encoder.encode(keys, row);
    return this.#bytes.find(this.#encoder.bytes, 0, length);
  }

  readonly #oneRow = new Int32Array(1);
  readonly #oneSlot = new Int32Array(1);
  readonly #oneValue = new Float64Array(1);

  /** An int key in a batch that has NULLs or big values. Safe ones belong into the int table, however they came. */
  #findOverflow(keys: readonly Column[], row: number): number {
    const column = keys[0];
    if (column?.kind === 'int' && column.big !== null && column.nulls?.[row] !== 1) {
      const number = Number(column.big[row]);
      if (Number.isSafeInteger(number)) {
        this.#oneValue[0] = number;
        this.count = this.#ints!.findAll(this.#oneValue, this.#oneRow, 1, this.#oneSlot, this.count, null);
        return this.#oneSlot[0]!;
      }
    }
    return this.#slotOfBytes(this.#findBytes(keys, row));
  }

  #slotOfBytes(id: number): number {
    if (id >= this.#slotOfId.length) this.#slotOfId = grownSlots(this.#slotOfId, Math.max(16, 2 * id));
    this.#idOfSlot ??= new Int32Array(this.#ints!.keys.length);
    if (id >= this.#mappedIds) {
      this.#mappedIds = id + 1;
      const slot = this.count;
      this.count += 1;
      this.#ints!.reserve(this.count, 0);
      this.#ints!.keys[slot] = NaN;
      if (slot >= this.#idOfSlot.length) this.#idOfSlot = grownSlots(this.#idOfSlot, this.#ints!.keys.length);
      this.#idOfSlot[slot] = id;
      this.#slotOfId[id] = slot;
    }
    return this.#slotOfId[id]!;
  }

  /** Writes the keys of `count` slots to rows 0 .. count-1 of the builders. Text lies in this index's memory: use it before the index changes. */
  decode(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    const decoder = new KeyDecoder(this.#bytes.data);
    if (this.#ints === null) {
      for (let row = 0; row < count; row += 1)
        decoder.decode(this.#bytes.startOf(slots[row]!), builders, row);
      return;
    }
    const [builder] = builders;
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      const key = this.#ints.keys[slot]!;
      if (key === key) builder!.setInt(row, key);
      else decoder.decode(this.#bytes.startOf(this.#idOfSlot![slot]!), builders, row);
    }
  }

  /** Whether all keys here are numbers: then those of slots[0 .. count) are put into `numbers`. */
  numbersOf(slots: Int32Array, count: number, numbers: Float64Array): boolean {
    if (this.#ints === null || this.#idOfSlot !== null) return false;
    gather(this.#ints.keys, slots, count, numbers);
    return true;
  }

  write(writer: PieceWriter, slots: Int32Array, count: number): void {
    if (this.#ints !== null) {
      gather(this.#ints.keys, slots, count, writer.numbers(count));
    }
    const ends = writer.integers(count);
    if (this.#ints !== null && this.#idOfSlot === null) return void writer.bytes(0); // every key is a number: the ends stay 0
    let total = 0;
    for (let index = 0; index < count; index += 1) {
      const id = this.#idOf(slots[index]!);
      if (id >= 0) total += this.#bytes.ends[id]! - this.#bytes.startOf(id);
      ends[index] = total;
    }
    const target = writer.bytes(total);
    let at = 0;
    for (let index = 0; index < count; index += 1) {
      const id = this.#idOf(slots[index]!);
      if (id < 0) continue;
      const key = this.#bytes.data.subarray(this.#bytes.startOf(id), this.#bytes.ends[id]);
      target.set(key, at);
      at += key.length;
    }
  }

  #idOf(slot: number): number {
    if (this.#ints === null) return slot;
    const key = this.#ints.keys[slot]!;
    return key === key ? -1 : this.#idOfSlot![slot]!;
  }

  /** Reads the keys of a piece: as columns (to know their key groups), and as what `insert` takes. */
  read(reader: PieceReader, count: number, builders: readonly ColumnBuilder[]): PieceKeys {
    const numbers = this.#ints === null ? null : reader.numbers(count);
    const ends = reader.integers(count);
    const data = reader.bytes(count === 0 ? 0 : ends[count - 1]!);
    const decoder = new KeyDecoder(data);
    for (let row = 0; row < count; row += 1) {
      const number = numbers === null ? NaN : numbers[row]!;
      if (number === number) builders[0]!.setInt(row, number);
      else decoder.decode(row === 0 ? 0 : ends[row - 1]!, builders, row);
    }
    return { numbers, ends, data };
  }

  /** The slot of a piece's key. */
  insert(keys: PieceKeys, row: number): number {
    const number = keys.numbers === null ? NaN : keys.numbers[row]!;
    if (this.#ints !== null && number === number) {
      this.#oneValue[0] = number;
      this.#ints.reserve(this.count + 1, 1);
      this.count = this.#ints.findAll(this.#oneValue, this.#oneRow, 1, this.#oneSlot, this.count, null);
      return this.#oneSlot[0]!;
    }
    const id = this.#bytes.find(keys.data, row === 0 ? 0 : keys.ends[row - 1]!, keys.ends[row]!);
    if (this.#ints !== null) return this.#slotOfBytes(id);
    this.count = this.#bytes.count;
    return id;
  }

  /** Slots here of another index's slots from .. to, into `slots`: keys that are missing are added. */
  merge(other: GroupIndex, from: number, to: number, slots: Int32Array): void {
    const count = to - from;
    if (this.#ints !== null) {
      this.#ints.reserve(this.count + count, count);
      const rows = consecutive(from, count);
      if (this.#skip.length < to) this.#skip = new Uint8Array(to);
      const keys = other.#ints!.keys;
      let any = false;
      for (let slot = from; slot < to; slot += 1) {
        const missing = keys[slot] !== keys[slot];
        this.#skip[slot] = missing ? 1 : 0;
        any ||= missing;
      }
      this.count = this.#ints.findAll(keys, rows, count, slots, this.count, any ? this.#skip : null);
      if (!any) return;
    }
    for (let index = 0; index < count; index += 1) {
      const id = other.#idOf(from + index);
      if (id < 0) continue;
      const found = this.#bytes.find(other.#bytes.data, other.#bytes.startOf(id), other.#bytes.ends[id]!);
      slots[index] = this.#ints === null ? found : this.#slotOfBytes(found);
    }
    if (this.#ints === null) this.count = this.#bytes.count;
  }
}

export interface PieceKeys {
  readonly numbers: Float64Array | null;
  readonly ends: Uint32Array;
  readonly data: Uint8Array;
}

function gather(values: Float64Array, slots: Int32Array, count: number, into: Float64Array): void {
  for (let index = 0; index < count; index += 1) into[index] = values[slots[index]!]!;
}

export function consecutive(from: number, count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let index = 0; index < count; index += 1) numbers[index] = from + index;
  return numbers;
}
