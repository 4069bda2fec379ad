import { describe, expect, test } from 'vitest';
import { rowKind } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { sourceNode } from '@weir/plan/testing/table-node.ts';
import { keyColumnsOf } from '../key-columns.ts';
import { MemoryFetcher, type MemoryRecord } from '../testing/memory-fetcher.ts';
import { KafkaBlockDecoder } from './kafka-block-decoder.ts';

const schema: Schema = {
  fields: [
    { name: 'tenant', type: textType, nullable: true },
    { name: 'id', type: bigintType, nullable: true },
    { name: 'v', type: textType, nullable: true },
  ],
};

/** Rows of records, and what is wrong with those that are bad. */
function read(
  options: Record<string, string>,
  records: readonly MemoryRecord[],
  more: Partial<SourceNode> = {},
): (PlainRow | string)[] {
  const all = { format: 'json', ...options };
  const node = { ...sourceNode({ table: 't', connector: 'kafka', options: all, schema }), ...more };
  const decoder = KafkaBlockDecoder.ofTable(node, all, { reader: null, keyReader: null, writers: null });
  const fetcher = new MemoryFetcher([records]);
  fetcher.assign([{ topic: 't', partition: 0, offset: 0 }]);
  const block = present(fetcher.poll(), 'a block');
  const found: (PlainRow | string)[] = [];
  for (let at = 0; at < records.length;) {
    const into = new BatchBuilder(schema, 2);
    at += decoder.decode(block, at, records.length - at, into);
    const kinds = into.rowKinds;
    found.push(
      ...plainRows(into.batch()).map((row, index) =>
        kinds?.[index] === rowKind.delete ? ['-', ...row] : row,
      ),
    );
    if (decoder.error === null) continue;
    found.push(decoder.error.message);
    at += 1;
  }
  return found;
}

describe('H17: columns that come from the key', () => {
  const json = { 'key.format': 'json', 'key.fields': 'tenant, id' };

  test('of several columns, whatever the value says of them; without a key they are NULL', () => {
    const records = [
      { key: '{"id":1,"tenant":"a"}', value: '{"v":"x","id":9}' },
      { key: null, value: '{"v":"y"}' },
      { key: '{"tenant":"b"}', value: '{"v":"z"}' },
    ];
    expect(read(json, records)).toEqual([
      ['a', 1n, 'x'],
      [null, null, 'y'],
      ['b', null, 'z'],
    ]);
  });

  test('F2: a key that can not be read is bad data of its record, and the others are read', () => {
    const records = [
      { key: '{"id":1}', value: '{"v":"a"}' },
      { key: '{', value: '{"v":"b"}' },
      { key: '{"id":3}', value: '{"v":"c"}' },
      { key: '{"id":4}', value: '{"v":"d"}' },
    ];
    const [first, second, ...rest] = read(json, records);
    expect(first).toEqual([null, 1n, 'a']);
    expect(second).toMatch(/the end of the record/);
    expect(rest).toEqual([
      [null, 3n, 'c'],
      [null, 4n, 'd'],
    ]);
  });

  test('F11: a tombstone is a row of its key alone, where the table says so', () => {
    const records = [{ key: '{"id":1,"tenant":"a"}', value: null }];
    expect(read(json, records)).toEqual([]);
    expect(read({ ...json, 'source.null_value': 'row' }, records)).toEqual([['a', 1n, null]]);
  });

  test('a tombstone of a table with a PRIMARY KEY deletes the row of its key, in the format of its keys', () => {
    const records = [
      { key: '{"id":1,"tenant":"a"}', value: '{"v":"x"}' },
      { key: '{"tenant":"a","id":1}', value: null },
      { key: '{', value: null },
    ];
    const [row, gone, bad] = read(json, records, { changes: 'upsert', primaryKey: [0, 1] });
    expect([row, gone]).toEqual([
      ['a', 1n, 'x'],
      ['-', 'a', 1n, null],
    ]);
    expect(bad).toMatch(/the end of the record/);
  });

  test('as text', () => {
    const options = { 'key.format': 'raw_string', 'key.fields': 'tenant' };
    expect(read(options, [{ key: 'k', value: '{"id":1,"v":"x"}' }])).toEqual([['k', 1n, 'x']]);
  });
});

test.each([
  [{ 'key.format': 'json' }, /not of what/],
  [{ 'key.fields': 'id,nope' }, /names the column 'nope', which it does not have/],
  [{ 'key.fields': 'id,id' }, /names column 'id' twice/],
  [{ 'key.fields': 'id', 'sink.key_field': 'id' }, /exclude each other/],
])('%j is refused', (options, message) => {
  expect(() =>
    keyColumnsOf({ table: 't', schema, primaryKey: [] }, options as Record<string, string>),
  ).toThrow(message);
});

test('a PRIMARY KEY is the key where no fields are named, and all of it where they are', () => {
  const table = { table: 't', schema, primaryKey: [1] };
  expect(keyColumnsOf(table, { 'key.format': 'avro' })).toEqual({ format: 'avro', columns: [1] });
  expect(keyColumnsOf(table, { 'key.fields': 'id,tenant' })).toEqual({ format: 'json', columns: [1, 0] });
  expect(() => keyColumnsOf(table, { 'key.fields': 'tenant' })).toThrow(/leaves out column 'id'/);
});
