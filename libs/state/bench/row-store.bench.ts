/*
 * The row store, which holds what has no end: `node libs/state/bench/row-store.bench.ts`. Nanoseconds of CPU a row, and how long the longest batch
 * and a snapshot hold the thread up.
 */
import type { Batch } from '@weir/columnar/batch.ts';
import { bigintType, doubleType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { CountsByValue } from '../src/kinds/counts-by-value.ts';
import { RowsByKey } from '../src/kinds/rows-by-key.ts';
import { ValueByKey } from '../src/kinds/value-by-key.ts';
import type { StateStore, StorePlace } from '../src/state-stores.ts';

const rows = 4096;
const place: StorePlace = { store: 0, range: { keyGroups: 128, start: 0, end: 128 } };

const numbers = (): Float64Array => new Float64Array(rows);

function batchOf(schema: Schema, columns: readonly Float64Array[]): Batch {
  return {
    schema,
    rowCount: rows,
    rowKinds: null,
    partition: 0,
    columns: columns.map((values, index) => {
      const isFloat = schema.fields[index]?.type.kind === 'float';
      return isFloat
        ? { kind: 'float', values, nulls: null }
        : { kind: 'int', values, big: null, nulls: null };
    }),
  };
}

/** Keys below `count` in no order. */
const scattered = (row: number, count: number): number => (Math.imul(row, 0x9e3779b1) >>> 0) % count;

interface Measured {
  readonly nsARow: number;
  readonly longestMs: number;
}

/** CPU of the thread: what others do on the machine doesn't count. */
function measure(batches: number, fill: (from: number) => void, work: () => void): Measured {
  let cpuMicros = 0;
  let longestMs = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    fill(batch * rows);
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    cpuMicros += user + system;
    longestMs = Math.max(longestMs, (user + system) / 1000);
  }
  return { nsARow: (1000 * cpuMicros) / (batches * rows), longestMs };
}

function told(name: string, measured: Measured, held: string, more: Record<string, string> = {}): void {
  const { nsARow, longestMs } = measured;
  const figure = { name, recordsPerCpuSecond: Math.round(1e9 / nsARow) };
  const facts = { nsARow: nsARow.toFixed(0), longestBatchMs: longestMs.toFixed(1), held, ...more };
  console.log(JSON.stringify({ ...figure, ...facts }));
}

function snapshotOf(store: StateStore): string {
  let sequence = 0;
  const before = process.threadCpuUsage();
  const { written } = store.snapshot(() => (sequence += 1));
  const { user, system } = process.threadCpuUsage(before);
  const bytes = written.reduce((sum, piece) => sum + piece.bytes.length, 0);
  return `${(bytes / 1e6).toFixed(0)} MB in ${((user + system) / 1000).toFixed(0)} ms`;
}

/** count, sum, min, max by key: the records of a batch are gathered into columns, worked on there, and put back. */
function aggregate(keyCount: number, held: string): void {
  const schema: Schema = {
    fields: ['key', 'value'].map((name) => ({ name, type: bigintType, nullable: false })),
  };
  const values = ['count', 'sum', 'min', 'max'].map((name) => ({ name, type: doubleType }));
  const store = new ValueByKey({ keys: [bigintType], values }, place);
  const [keys, amounts] = [numbers(), numbers().fill(7)];
  const batch = batchOf(schema, [keys, amounts]);
  const slots = new Int32Array(rows);
  const [count, sum, min, max] = [numbers(), numbers(), numbers(), numbers()];
  const columns = [count, sum, min, max];
  const groups = new Int32Array(rows);
  const touched = new Int32Array(rows);
  let groupOfSlot = new Int32Array(0);
  const work = (): void => {
    store.findOrCreate(batch, [0], slots);
    if (groupOfSlot.length < store.store.slots) groupOfSlot = new Int32Array(2 * store.store.slots).fill(-1);
    let distinct = 0;
    for (let row = 0; row < rows; row += 1) {
      const slot = slots[row]!;
      let group = groupOfSlot[slot]!;
      if (group < 0) {
        group = distinct;
        groupOfSlot[slot] = group;
        touched[distinct] = slot;
        distinct += 1;
      }
      groups[row] = group;
    }
    columns.forEach((column, field) => store.fields.gather(1 + field, touched, distinct, column));
    for (let row = 0; row < rows; row += 1) {
      const group = groups[row]!;
      const value = amounts[row]!;
      count[group]! += 1;
      sum[group]! += value;
      if (value < min[group]!) min[group] = value;
      if (value > max[group]!) max[group] = value;
    }
    columns.forEach((column, field) => store.fields.put(1 + field, touched, distinct, column));
    for (let group = 0; group < distinct; group += 1) groupOfSlot[touched[group]!] = -1;
  };
  const fill = (from: number): void => {
    for (let row = 0; row < rows; row += 1) keys[row] = scattered(from + row, keyCount);
  };
  const filling = measure(Math.ceil((1.5 * keyCount) / rows), fill, work);
  const snapshot = snapshotOf(store);
  const again = measure(Math.max(100, Math.ceil(keyCount / rows)), fill, work);
  const longestWhileFillingMs = filling.longestMs.toFixed(1);
  told(`aggregate of four, ${held} keys`, again, held, { longestWhileFillingMs, snapshot });
}

function join(held: number): void {
  const fields = ['id', 'a', 'b', 'c'].map((name) => ({ name, type: bigintType, nullable: false }));
  const schema: Schema = { fields };
  const store = new RowsByKey({ columns: fields, key: [0] }, place);
  const columns = fields.map(numbers);
  const batch = batchOf(schema, columns);
  const slots = new Int32Array(rows);
  const fill = (from: number): void => {
    for (let row = 0; row < rows; row += 1) columns[0]![row] = scattered(from + row, held / 2);
  };
  const filling = measure(Math.ceil(held / rows), fill, () => store.insert(batch, slots));
  told('join side: insert', filling, `${held / 1e6} M rows`, { snapshot: snapshotOf(store) });
  let reached = 0;
  const probing = measure(500, fill, () => {
    store.probe(batch, [0], slots);
    for (let row = 0; row < rows; row += 1) {
      for (let slot = slots[row]!; slot >= 0; slot = store.nextOf(slot)) reached += 1;
    }
  });
  told('join side: probe', probing, `${held / 1e6} M rows`, {
    rowsEach: (reached / (500 * rows)).toFixed(1),
  });
}

function counts(groupCount: number, valueCount: number): void {
  const schema: Schema = {
    fields: ['group', 'value'].map((name) => ({ name, type: bigintType, nullable: false })),
  };
  const store = new CountsByValue({ group: [bigintType], value: bigintType }, place);
  const [groups, values] = [numbers(), numbers()];
  const batch = batchOf(schema, [groups, values]);
  const [by, before] = [numbers().fill(1), numbers()];
  const fill = (from: number): void => {
    for (let row = 0; row < rows; row += 1) {
      groups[row] = scattered(from + row, groupCount);
      values[row] = scattered(from + row + 17, valueCount);
    }
  };
  const measured = measure(1000, fill, () => store.add(batch, [0, 1], by, before));
  told('counts by value', measured, `${(store.counts.count / 1e6).toFixed(1)} M values`);
}

/** A text of some twenty bytes as the key. */
function texts(keyCount: number): void {
  const schema: Schema = { fields: [{ name: 'key', type: textType, nullable: false }] };
  const store = new ValueByKey({ keys: [textType], values: [{ name: 'count', type: doubleType }] }, place);
  const data = new Uint8Array(rows * 20);
  const starts = Int32Array.from({ length: rows }, (_, row) => row * 20);
  const ends = starts.map((start) => start + 20);
  const column = { kind: 'bytes', data, starts, ends, jsonPlain: true, nulls: null } as const;
  const batch: Batch = { schema, rowCount: rows, rowKinds: null, partition: 0, columns: [column] };
  const slots = new Int32Array(rows);
  const fill = (from: number): void => {
    for (let row = 0; row < rows; row += 1) {
      let key = scattered(from + row, keyCount);
      for (let at = 19; at >= 12; at -= 1, key = Math.floor(key / 10)) data[row * 20 + at] = 48 + (key % 10);
    }
  };
  measure(Math.ceil((1.5 * keyCount) / rows), fill, () => store.findOrCreate(batch, [0], slots));
  const again = measure(200, fill, () => store.findOrCreate(batch, [0], slots));
  told('find by a text of 20 bytes', again, `${keyCount / 1000} k keys`, { snapshot: snapshotOf(store) });
}

aggregate(1000, '1 k');
aggregate(330_000, '330 k');
aggregate(4_000_000, '4 M');
join(2_000_000);
counts(100_000, 50);
texts(330_000);
