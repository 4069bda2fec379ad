import { rowKind } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { batchOfRows, type PlainRow, type PlainValue } from '@weir/columnar/row-view.ts';
import {
  bigintType,
  textType,
  timestampType,
  type Field,
  type Schema,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import type { RecordBatchWriter } from '@weir/kafka/contracts/produce.ts';
import { partitionOfKey } from '@weir/kafka/partitioner/murmur2.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import { sinkNode } from '@weir/plan/testing/table-node.ts';
import { describe, expect, test } from 'vitest';
import { partitionerOf } from './kafka-record-fields.ts';
import { KafkaRowWriter } from './kafka-row-writer.ts';

interface WrittenRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
}

/** Keeps what is written as text. */
class ListingBatch implements RecordBatchWriter {
  readonly records: Omit<WrittenRecord, 'partition'>[] = [];
  readonly buffer = new Uint8Array(1 << 16);
  readonly valueStart = 100;
  byteLength = 61;
  #key: string | null = null;

  get recordCount(): number {
    return this.records.length;
  }

  fits(): boolean {
    return true;
  }

  reserve(): void {
    this.#key = null;
  }

  reserveWithKey(key: Uint8Array, start: number, end: number): void {
    this.#key = Buffer.from(key.subarray(start, end)).toString();
  }

  commitRecord(end: number, timestampMs: number): void {
    const value = Buffer.from(this.buffer.subarray(this.valueStart, end)).toString();
    this.#commit(value, timestampMs);
  }

  commitRecordWithHeaders(): void {
    throw new Error('no headers are written');
  }

  commitTombstone(timestampMs: number): void {
    this.#commit(null, timestampMs);
  }

  #commit(value: string | null, timestampMs: number): void {
    this.records.push({ key: this.#key, value, timestampMs });
    this.byteLength += 1;
  }
}

function writing(
  fields: readonly Field[],
  options: Readonly<Record<string, string>>,
  settings: {
    partitions?: number;
    metadata?: readonly (string | null)[];
    /** Of a table that takes updates by it. */
    primaryKey?: readonly number[];
  } = {},
) {
  const schema: Schema = { fields };
  const written: WrittenRecord[] = [];
  const writer = new KafkaRowWriter({
    node: {
      ...sinkNode({
        table: 't',
        connector: 'kafka',
        options,
        schema,
        metadata: settings.metadata ?? fields.map(() => null),
      }),
      ...(settings.primaryKey === undefined
        ? {}
        : {
            primaryKey: settings.primaryKey,
            changes: options['format'] === 'debezium_json' ? 'retract' : 'upsert',
          }),
    },
    options,
    formats: nothingPinned,
    pipeline: 'p',
    partitions: settings.partitions ?? 1,
    firstPartition: 0,
    newBatch: () => new ListingBatch(),
    onFull: (partition, batch) => {
      for (const record of (batch as ListingBatch).records) written.push({ partition, ...record });
    },
  });
  return (rows: readonly PlainRow[], rowKinds: Uint8Array | null = null): WrittenRecord[] => {
    written.length = 0;
    writer.write({ ...batchOfRows(new BatchBuilder(schema), rows), rowKinds }, 5000);
    writer.flush();
    return [...written];
  };
}

const nullable = (name: string, type: SqlType): Field => ({ name, type, nullable: true });

describe('fault 1.1.7: a key is the text that the JSON value has', () => {
  const float: SqlType = { kind: 'float', bits: 32 };
  const double: SqlType = { kind: 'float', bits: 64 };
  const decimal: SqlType = { kind: 'decimal', precision: 10, scale: 2 };
  const struct: SqlType = { kind: 'struct', fields: [nullable('a', bigintType), nullable('b', textType)] };
  const zoned: SqlType = { kind: 'timestamp', precision: 3, zoned: true };

  test.each<[SqlType, PlainValue, string, Record<string, string>?]>([
    [{ kind: 'date' }, 19_724n, '2024-01-02'],
    [{ kind: 'time', precision: 6 }, 1_500_000n, '00:00:01.500'],
    [timestampType, 1_704_164_645_500_000n, '2024-01-02T03:04:05.500Z'],
    [timestampType, 1_704_164_645_500_000n, '2024-01-02 03:04:05.500', { 'json.timestamp_format': 'sql' }],
    [zoned, 1_704_164_645_500_000n, '2024-01-02 03:04:05.500Z', { 'json.timestamp_format': 'sql' }],
    [timestampType, 1_704_164_645_500_000n, '1704164645500', { 'json.timestamp_format': 'unix_millis' }],
    [timestampType, 253_402_300_800_000_000n, '+10000-01-01T00:00:00Z'],
    [float, Math.fround(0.1), '0.1'],
    [double, 0.1, '0.1'],
    [double, 1e21, '1e+21'],
    [double, -0, '-0'],
    [double, NaN, 'NaN'],
    [decimal, -5n, '-0.05'],
    [decimal, 150n, '1.50', { 'json.decimal_encoding': 'string' }],
    [{ kind: 'boolean' }, true, 'true'],
    [{ kind: 'integer', bits: 8, signed: true }, -128n, '-128'],
    [bigintType, 9_007_199_254_740_993n, '9007199254740993'],
    [textType, '"quoted" \n', '"quoted" \n'],
    [{ kind: 'bytes' }, Uint8Array.of(0x61, 0x22), 'a"'],
    [{ kind: 'json' }, '"x"', '"x"'],
    [struct, [1n, 'x"'], '{"a":1,"b":"x\\""}'],
    [{ kind: 'list', element: nullable('element', bigintType) }, [1n, null], '[1,null]'],
  ])('%o %o is %s', (type, value, text, options = {}) => {
    const write = writing([nullable('k', type)], { 'sink.key_field': 'k', ...options });
    const [record] = write([[value]]);
    expect(record?.key).toBe(text);
  });

  test('of random values of all types: what JSON.parse makes of the value is what the key says', () => {
    const random = new RandomRows(Number(process.env['WEIR_SEED'] ?? 20261125));
    for (let round = 0; round < 200; round += 1) {
      const schema = random.schema(1);
      const [field] = schema.fields;
      if (field === undefined || field.type.kind === 'bytes') continue;
      const write = writing(schema.fields, { 'sink.key_field': field.name });
      for (const { key, value } of write(random.rows(schema, 10))) {
        const text = (value ?? '').slice(JSON.stringify(field.name).length + 2, -1);
        if (text === 'null') expect(key).toBeNull();
        else if (field.type.kind === 'json') expect(key).toBe(text);
        else expect(key).toBe(text.startsWith('"') ? JSON.parse(text) : text);
      }
    }
  });

  test('rows go where the bytes of the key say', () => {
    const write = writing([nullable('d', { kind: 'date' })], { 'sink.key_field': 'd' }, { partitions: 6 });
    for (const { key, partition } of write([[0n], [1n], [2n], [3n], [4n]])) {
      const bytes = Buffer.from(key ?? '');
      expect(partition).toBe(partitionOfKey(bytes, 0, bytes.length, 6));
    }
  });
});

describe('H17: keys of a format of their own', () => {
  const fields: Field[] = [nullable('tenant', textType), nullable('id', bigintType), nullable('v', textType)];
  const rows: PlainRow[] = [
    ['a', 1n, 'x'],
    [null, 2n, 'y'],
    [null, null, 'z'],
  ];
  const keysOf = (options: Record<string, string>): (string | null)[] =>
    writing(fields, options)(rows).map(({ key }) => key);

  test('of several columns, in the order in which they are named; of NULLs alone there is none', () => {
    expect(keysOf({ 'key.format': 'json', 'key.fields': 'id, tenant' })).toEqual([
      '{"id":1,"tenant":"a"}',
      '{"id":2,"tenant":null}',
      null,
    ]);
    expect(keysOf({ 'key.fields': 'tenant,id' })[0]).toBe('{"tenant":"a","id":1}');
    // ["null", T]: the branch, then the value.
    expect(keysOf({ 'key.format': 'avro', 'key.fields': 'tenant,id' })).toEqual([
      '\x02\x02a\x02\x02',
      '\x00\x02\x04',
      null,
    ]);
  });

  test('of one column: raw_string is sink.key_field', () => {
    const options = { 'key.format': 'raw_string', 'key.fields': 'id' };
    expect(keysOf(options)).toEqual(['1', '2', null]);
    expect(keysOf({ 'key.fields': 'id' })).toEqual(keysOf({ 'sink.key_field': 'id' }));
  });

  test("stay in the value, or not with 'key.in_value' = 'false'", () => {
    const key = { 'key.format': 'json', 'key.fields': 'tenant,id' };
    expect(writing(fields, key)(rows)[0]?.value).toBe('{"tenant":"a","id":1,"v":"x"}');
    expect(writing(fields, { ...key, 'key.in_value': 'false' })(rows)[0]?.value).toBe('{"v":"x"}');
  });

  test('a row that deletes is a tombstone of its key', () => {
    const write = writing(fields, { 'key.format': 'json', 'key.fields': 'id' });
    const [record] = write([['a', 1n, 'x']], Uint8Array.of(rowKind.delete));
    expect(record).toMatchObject({ key: '{"id":1}', value: null });
  });
});

describe('fault 1.1.8: rows with a NULL key', () => {
  const fields = [nullable('k', textType)];
  const options = { 'sink.key_field': 'k' };

  test('go round the partitions by batch', () => {
    const write = writing(fields, options, { partitions: 6 });
    const partitions = Array.from({ length: 8 }, () =>
      write(Array.from({ length: 10 }, () => [null])).map(({ partition }) => partition),
    );
    expect(partitions).toEqual([0, 1, 2, 3, 4, 5, 0, 1].map((partition) => Array<number>(10).fill(partition)));
  }); // prettier-ignore

  test('batches without any leave the turn where it is', () => {
    const write = writing(fields, options, { partitions: 6 });
    write([[null]]);
    write([['x']]);
    expect(write([[null], ['x']])).toContainEqual({ partition: 1, key: null, value: '{"k":null}', timestampMs: 5000 });
  }); // prettier-ignore
});

describe('rows that change earlier ones', () => {
  const fields = [nullable('k', textType), nullable('v', bigintType)];
  const kinds = Uint8Array.of(rowKind.insert, rowKind.updateBefore, rowKind.updateAfter, rowKind.delete);

  test('with a key: one that deletes is a tombstone, the state before an update is not written', () => {
    const write = writing(fields, { 'sink.key_field': 'k' });
    const rows: PlainRow[] = [['a', 1n], ['a', 1n], ['a', 2n], ['a', 2n]];
    expect(write(rows, kinds).map(({ key, value }) => [key, value])).toEqual([
      ['a', '{"k":"a","v":1}'],
      ['a', '{"k":"a","v":2}'],
      ['a', null],
    ]);
  }); // prettier-ignore

  test('without a key one that deletes is refused, never an insert', () => {
    expect(() => writing(fields, {})([['a', 1n]], Uint8Array.of(rowKind.delete))).toThrow(/has no keys/);
    const write = writing(fields, { 'sink.key_field': 'k' });
    expect(() => write([[null, 1n]], Uint8Array.of(rowKind.delete))).toThrow(/has no keys/);
  });
});

test('fault 1.1.12: a raw value that is NULL is a record without a value, as it was read', () => {
  const write = writing([nullable('value', textType)], { format: 'raw_string' });
  expect(write([['x'], [null], ['']]).map(({ value }) => value)).toEqual(['x', null, '']);
});

describe('the time of a record', () => {
  test('comes from a TIMESTAMP, and from when it is written where that is NULL', () => {
    const write = writing([nullable('at', timestampType)], { 'sink.timestamp_field': 'at' });
    expect(write([[1_704_164_645_500_999n], [null]]).map(({ timestampMs }) => timestampMs)).toEqual([
      1_704_164_645_500, 5000,
    ]);
  }); // prettier-ignore

  test('fault 1.1.7: not from the inner representation of another type', () => {
    expect(() => writing([nullable('at', { kind: 'date' })], { 'sink.timestamp_field': 'at' })).toThrow(
      /comes from a TIMESTAMP, but column 'at' is DATE/,
    );
  });
});

test('fault 1.1.2: record times beyond 2^53 microseconds are exact to the millisecond', () => {
  const write = writing([nullable('at', timestampType)], { 'sink.timestamp_field': 'at' });
  const written = write([[253_402_300_799_999_999n], [-11_676_096_000_000_001n], [1_704_164_645_500_999n]]);
  expect(written.map(({ timestampMs }) => timestampMs)).toEqual([
    253_402_300_799_999, -11_676_096_000_001, 1_704_164_645_500,
  ]);
});

describe('D10: a table with a PRIMARY KEY', () => {
  const fields = [nullable('id', bigintType), nullable('name', textType), nullable('n', bigintType)];
  const { insert, updateBefore, updateAfter, delete: remove } = rowKind;

  test('is keyed by it, and a delete is a tombstone: of one column its text, of several an object', () => {
    const one = writing(fields, {}, { primaryKey: [0], partitions: 4 });
    const rows = [
      [1n, 'a', 2n],
      [2n, 'b', 3n],
      [1n, 'a', 4n],
    ] as const;
    const written = one(rows, Uint8Array.of(insert, updateAfter, remove));
    expect(
      written.toSorted((a, b) => Number(a.key) - Number(b.key)).map(({ key, value }) => [key, value]),
    ).toEqual([
      ['1', '{"id":1,"name":"a","n":2}'],
      ['1', null],
      ['2', '{"id":2,"name":"b","n":3}'],
    ]);
    const partitionOf = (key: string): number => partitionOfKey(Buffer.from(key), 0, key.length, 4);
    for (const { key, partition } of written) expect(partition).toBe(partitionOf(key ?? ''));
    const two = writing(fields, {}, { primaryKey: [0, 1] });
    expect(two([[1n, 'a"', 2n]], Uint8Array.of(remove))).toMatchObject([
      { key: '{"id":1,"name":"a\\""}', value: null },
    ]);
  });

  test('of debezium_json is keyed by it, with an update in one record', () => {
    const write = writing(fields, { format: 'debezium_json' }, { primaryKey: [0] });
    const rows = [
      [1n, 'a', 2n],
      [1n, 'a', 3n],
    ] as const;
    expect(write(rows, Uint8Array.of(updateBefore, updateAfter))).toMatchObject([
      {
        key: '1',
        value: '{"before":{"id":1,"name":"a","n":2},"after":{"id":1,"name":"a","n":3},"op":"u"}',
      },
    ]);
  });
});

describe('K21: sink.partitioner', () => {
  const fields = [nullable('k', textType), nullable('p', { kind: 'integer', bits: 32, signed: true })];
  const partitionsOf = (options: Record<string, string>, rows: readonly PlainRow[]) =>
    writing(fields, options, { partitions: 3 })(rows).map(({ key, partition }) => [key, partition]);

  test('a column names the partition, of rows with and without a key', () => {
    const rows = [['a', 2n], [null, 0n], ['a', 1n]] as const; // prettier-ignore
    const byColumn = { 'sink.partitioner': 'p' };
    expect(partitionsOf(byColumn, rows)).toEqual([[null, 0], [null, 1], [null, 2]]); // prettier-ignore
    const keyed = partitionsOf({ ...byColumn, 'sink.key_field': 'k' }, rows);
    expect(keyed).toEqual([[null, 0], ['a', 1], ['a', 2]]); // prettier-ignore
  });

  test('round_robin leaves keys where they are and goes by batch', () => {
    const write = writing(fields, { 'sink.partitioner': 'round_robin', 'sink.key_field': 'k' }, { partitions: 3 });
    const batch = [['a', 0n], ['b', 0n]] as const; // prettier-ignore
    const seen = [write(batch), write(batch), write(batch)].map((records) => records.map(({ key, partition }) => [key, partition]));
    expect(seen).toEqual([0, 1, 2].map((turn) => [['a', turn], ['b', turn]])); // prettier-ignore
  });

  test.each([[3n], [-1n], [null]])('partition %s of 3 is an error', (p) => {
    expect(() => partitionsOf({ 'sink.partitioner': 'p' }, [['a', p]])).toThrow(
      expect.objectContaining({ code: 'WEIR-3212', message: expect.stringContaining(`names the partition ${p === null ? 'NULL' : p}, the topic has 3`) }),
    );
  });

  test.each([
    [{ 'sink.partitioner': 'key' }, /its records have no key/],
    [{ 'sink.partitioner': 'k' }, /a partition is an integer, but column 'k' is TEXT/],
    [{ 'sink.partitioner': 'murmur' }, /names the column 'murmur', which it does not have/],
  ])('%o is refused', (options, expected) => {
    expect(() => partitionsOf(options, [])).toThrow(expected);
  });

  test('changes by key keep their order: nothing but the key may say where they go', () => {
    const node = { ...sinkNode({ table: 't', connector: 'kafka', options: {}, schema: { fields } }), changes: 'upsert', primaryKey: [0] } as const;
    expect(() => partitionerOf(node, { 'sink.partitioner': 'p' })).toThrow(/is written by its PRIMARY KEY/);
    expect(partitionerOf(node, { 'sink.partitioner': 'key' })).toEqual({ kind: 'key' });
  });
}); // prettier-ignore
