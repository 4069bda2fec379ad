import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { textType, type Schema, type SqlType } from '@weir/columnar/sql-type.ts';
import { BatchWriter } from '@weir/kafka/record-batch/batch-writer.ts';
import { decodeHeaders, encodeHeaders } from '@weir/kafka/record-batch/record-headers.ts';
import { RecordIndexBuffer } from '@weir/kafka/record-batch/record-index.ts';
import { walkBatches } from '@weir/kafka/record-batch/walk-batches.ts';
import { rejectedColumns, rejectedSchema } from '@weir/plan/rejected-schema.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import { sinkNode } from '@weir/plan/testing/table-node.ts';
import { describe, expect, test } from 'vitest';
import { KafkaRowWriter } from './kafka-row-writer.ts';

const bytes: SqlType = { kind: 'bytes' };
const field = (name: string, type: SqlType) => ({ name, type, nullable: true });

interface Written {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** Rows through the real batch, read back. */
async function written(
  schema: Schema,
  rows: readonly PlainRow[],
  settings: { table?: string; options: Record<string, string>; metadata: readonly (string | null)[] },
): Promise<Written[]> {
  const { table = 't', options, metadata } = settings;
  const node = sinkNode({ table, connector: 'kafka', options, schema, metadata });
  const sealed: Promise<Buffer>[] = [];
  const writer = new KafkaRowWriter({
    node,
    options,
    formats: nothingPinned,
    pipeline: 'p',
    partitions: 1,
    firstPartition: 0,
    newBatch: () => new BatchWriter(1 << 20),
    onFull: (_, batch) => {
      const full = batch as BatchWriter;
      sealed.push(full.seal('none', false).then(() => full.stamp(-1n, -1, -1)));
    },
  });
  writer.write(batchOfRows(new BatchBuilder(schema), rows), 5000);
  writer.flush();
  const data = Buffer.concat(await Promise.all(sealed));
  return readBack(data);
}

function readBack(data: Buffer): Written[] {
  const origin = { topic: 't', partition: 0 };
  const index = new RecordIndexBuffer();
  index.reset(data, 0);
  for (const segment of walkBatches(data, 0, null, origin).segments) index.append(segment, 0, origin);
  const text = (start: number, end: number): string | null =>
    start < 0 ? null : data.toString('utf8', start, end);
  return Array.from({ length: index.count }, (_, record) => ({
    key: text(index.keyStarts[record]!, index.keyEnds[record]!),
    value: text(index.valueStarts[record]!, index.valueEnds[record]!),
    headers: decodeHeaders(data, index.headerStarts[record]!, index.headerEnds[record]!).map(
      ({ key, value }) => [key, value === null ? null : Buffer.from(value).toString()] as const,
    ),
  }));
}

describe('H19: headers out', () => {
  const pair: SqlType = { kind: 'struct', fields: [field('key', textType), field('value', bytes)] };
  const list: SqlType = { kind: 'list', element: field('element', pair) };
  const one = (value: string): Uint8Array => Buffer.from(value);

  test('a list of pairs: order, repeats, empty and null values; none for NULL and for no pairs', async () => {
    const schema: Schema = { fields: [field('h', list), field('v', textType)] };
    const rows: PlainRow[] = [
      [[['b', one('1')], ['a', null], ['b', one('')]], 'x'],
      [[], 'y'],
      [null, 'z'],
    ]; // prettier-ignore
    const settings = { options: { format: 'raw_string' }, metadata: ['headers', null] };
    expect(await written(schema, rows, settings)).toEqual([
      { key: null, value: 'x', headers: [['b', '1'], ['a', null], ['b', '']] },
      { key: null, value: 'y', headers: [] },
      { key: null, value: 'z', headers: [] },
    ]); // prettier-ignore
  });

  test('a map, by sink.headers_field, beside a key; a row without a value keeps its headers', async () => {
    const map: SqlType = { kind: 'map', key: { ...field('key', textType), nullable: false }, value: field('value', textType) };
    const schema: Schema = { fields: [field('m', map), field('k', textType), field('v', textType)] };
    const options = { format: 'raw_string', 'sink.headers_field': 'm', 'sink.key_field': 'k' };
    const rows: PlainRow[] = [[[['trace', '7']], 'k1', null], [[['trace', 'x'.repeat(70_000)]], null, 'v']]; // prettier-ignore
    const [first, second] = await written(schema, rows, { options, metadata: ['m', 'k', null] });
    expect(first).toEqual({ key: 'k1', value: null, headers: [['trace', '7']] });
    expect(second).toMatchObject({ key: null, value: 'v' });
    expect(second?.headers[0]?.[1]?.length).toBe(70_000);
  }); // prettier-ignore

  test('another type, or a header without a key, is an error', async () => {
    const of = (type: SqlType, value: PlainRow[number]) =>
      written({ fields: [field('h', type), field('v', textType)] }, [[value, 'x']], {
        options: { format: 'raw_string' },
        metadata: ['headers', null],
      });
    await expect(of(textType, 'a=b')).rejects.toThrow(
      expect.objectContaining({ code: 'WEIR-3204', message: expect.stringContaining("column 'h' is TEXT") }),
    );
    await expect(of(bytes, Buffer.from('a'))).rejects.toThrow(/column 'h' is BYTEA/);
    await expect(of(list, [[null, one('1')]])).rejects.toThrow(/has no key/);
  });
});

test('D3: a dead letter has the value, key, time and headers of its record, then where it was and why', async () => {
  const headers = encodeHeaders([
    { key: 'a', value: Buffer.from('1') },
    { key: 'a', value: null },
  ]);
  const why = ['t-in', 3n, 17n, 5n, 'WEIR-3101', 'it is no JSON'] as const;
  const settings = {
    table: 'orders.dead_letter',
    options: { format: 'raw_bytes' },
    metadata: rejectedColumns.map(({ metadata }) => metadata),
  };
  const rows: PlainRow[] = [
    [Buffer.from('{'), Buffer.from('k'), headers, 1_000n, ...why],
    [null, null, new Uint8Array(0), 2_000n, ...why.slice(0, 3), null, ...why.slice(4)],
  ];
  const appended = [
    ['weir.topic', 't-in'],
    ['weir.partition', '3'],
    ['weir.offset', '17'],
    ['weir.schema_id', '5'],
    ['weir.error.code', 'WEIR-3101'],
    ['weir.error', 'it is no JSON'],
    ['weir.pipeline', 'p'],
    ['weir.table', 'orders'],
  ];
  expect(await written(rejectedSchema, rows, settings)).toEqual([
    { key: 'k', value: '{', headers: [['a', '1'], ['a', null], ...appended] },
    { key: null, value: null, headers: appended.filter(([name]) => name !== 'weir.schema_id') },
  ]);
});
