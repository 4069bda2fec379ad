import type { Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import { sameRow } from '@weir/columnar/same-row.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';

/** The sessions that the rows of one batch make among themselves. Arrays are used again. */
export class LocalSessions {
  /** Rows with a time, in the order of key and time, and the session of each. */
  rows: Int32Array = new Int32Array(0);
  sessionOf: Int32Array = new Int32Array(0);
  rowCount = 0;
  timeless = 0;
  /** Sessions: the first and last time, the number of rows, and a row of it. */
  count = 0;
  firsts: Float64Array = new Float64Array(0);
  lasts: Float64Array = new Float64Array(0);
  sizes: Int32Array = new Int32Array(0);
  readonly #keys: readonly number[];
  readonly #time: number;
  readonly #gap: number;
  #heads: Int32Array = new Int32Array(0);
  #hashes: Int32Array = new Int32Array(0);
  #times: Float64Array = new Float64Array(0);
  #gatherer: BatchGatherer | null = null;

  constructor(keys: readonly number[], eventTime: number, gapMicros: number) {
    this.#keys = keys;
    this.#time = eventTime;
    this.#gap = gapMicros;
  }

  find(batch: Batch): void {
    this.#grow(batch.rowCount);
    this.#readTimes(batch);
    hashKeys(batch, this.#keys, this.#hashes);
    const keys = this.#keys.map((key) => present(batch.columns[key], 'a key column'));
    const rows = this.rows.subarray(0, this.rowCount);
    rows.sort((a, b) => this.#hashes[a]! - this.#hashes[b]! || this.#times[a]! - this.#times[b]!);
    this.#separateKeys(rows, keys);
    this.count = 0;
    let before = -1;
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index]!;
      const goesOn =
        before >= 0 &&
        this.#times[row]! - this.#times[before]! <= this.#gap &&
        this.#sameKey(keys, before, row);
      if (!goesOn) this.#begin(row);
      const session = this.count - 1;
      this.sessionOf[index] = session;
      this.lasts[session] = this.#times[row]!;
      this.sizes[session]! += 1;
      before = row;
    }
  }

  #begin(row: number): void {
    this.firsts[this.count] = this.#times[row]!;
    this.sizes[this.count] = 0;
    this.#heads[this.count] = row;
    this.count += 1;
  }

  /** Two keys of one hash are sorted apart: nearly never. */
  #separateKeys(rows: Int32Array, keys: readonly Column[]): void {
    for (let from = 0; from < rows.length;) {
      let to = from + 1;
      let mixed = false;
      for (; to < rows.length && this.#hashes[rows[to]!] === this.#hashes[rows[from]!]; to += 1)
        mixed ||= !this.#sameKey(keys, rows[from]!, rows[to]!);
      if (mixed) this.#sortRun(rows.subarray(from, to), keys);
      from = to;
    }
  }

  #sortRun(run: Int32Array, keys: readonly Column[]): void {
    const groups: number[][] = [];
    for (const row of run) {
      const group = groups.find(([first]) => first !== undefined && this.#sameKey(keys, first, row));
      if (group === undefined) groups.push([row]);
      else group.push(row);
    }
    run.set(groups.flat());
  }

  #sameKey(keys: readonly Column[], a: number, b: number): boolean {
    return this.#hashes[a] === this.#hashes[b] && sameRow(keys, a, b);
  }

  #readTimes(batch: Batch): void {
    const column = present(batch.columns[this.#time], 'the event time');
    assert(column.kind === 'int', 'the event time is a timestamp');
    this.rowCount = 0;
    this.timeless = 0;
    for (let row = 0; row < batch.rowCount; row += 1) {
      if (column.nulls?.[row] === 1) {
        this.timeless += 1;
        continue;
      }
      const time = column.big === null ? column.values[row]! : Number(column.big[row]!);
      if (!Number.isSafeInteger(time + this.#gap)) refuseFar(time);
      this.#times[row] = time;
      this.rows[this.rowCount] = row;
      this.rowCount += 1;
    }
  }

  /** The key columns of the sessions, in their order. */
  keysOf(batch: Batch, schema: Schema): readonly Column[] {
    this.#gatherer ??= new BatchGatherer({
      fields: this.#keys.map((key) => present(schema.fields[key], 'a key column')),
    });
    const columns = this.#keys.map((key) => present(batch.columns[key], 'a key column'));
    return this.#gatherer.gather({ ...batch, columns }, this.#heads, this.count).columns;
  }

  #grow(rows: number): void {
    if (this.rows.length >= rows) return;
    this.rows = new Int32Array(rows);
    this.sessionOf = new Int32Array(rows);
    this.firsts = new Float64Array(rows);
    this.lasts = new Float64Array(rows);
    this.sizes = new Int32Array(rows);
    this.#heads = new Int32Array(rows);
    this.#hashes = new Int32Array(rows);
    this.#times = new Float64Array(rows);
  }
}

function refuseFar(time: number): never {
  throw new WeirError(
    'WEIR-2309',
    `an event time of ${time} microseconds since 1970 is too far away for a session`,
    {
      hint: 'filter such times',
    },
  );
}
