import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows, type PlainValue } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { RecordDecoder } from '@weir/formats/record-decoder.ts';
import { HandWrittenSchemas, SchemaIdDecoder } from '@weir/formats/testing/schema-id-format.ts';
import { present } from '@weir/kernel/assert.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import { describe, expect, test } from 'vitest';
import { MemoryFetcher, type MemoryRecord } from '../testing/memory-fetcher.ts';
import { sourceNode } from '@weir/plan/testing/table-node.ts';
import { BadRecords } from './bad-records.ts';
import { KafkaBlockDecoder } from './kafka-block-decoder.ts';
import { MetadataColumns } from './kafka-metadata.ts';
import { KafkaRecordReader } from './kafka-record-reader.ts';
import type { KafkaSplit } from './kafka-split.ts';
import { KafkaSplits } from './kafka-splits.ts';
import { RejectedRecords } from './rejected-records.ts';

const log = { info: () => {}, warn: () => {} };
const clock: Clock = { nowMs: () => 0, monotonicMs: () => 0 };
const badRecords = (drop: boolean): BadRecords => new BadRecords('t', { drop, rejected: null }, log, clock);
const schema: Schema = { fields: [{ name: 'v', type: textType, nullable: true }] };

/** Records as SchemaIdDecoder reads them: the id of a schema, then text. */
const written = (id: number, ...texts: readonly string[]): MemoryRecord[] =>
  texts.map((text) => ({ value: String.fromCharCode(id) + text }));

function reading(
  fetcher: MemoryFetcher,
  partitions: number,
  options: {
    bad?: BadRecords;
    endOffsets?: readonly number[];
    decoder?: KafkaBlockDecoder;
    schema?: Schema;
  } = {},
) {
  const schemas = new HandWrittenSchemas();
  const splits = new KafkaSplits();
  for (let partition = 0; partition < partitions; partition += 1) {
    splits.add({ topic: 't', partition, topicId: 'id', nextOffset: 0, endOffset: options.endOffsets?.[partition] }); // prettier-ignore
  }
  fetcher.assign([...splits].map((split) => ({ ...split, offset: 0 })));
  const node = sourceNode({ table: 't', connector: 'kafka', options: {}, schema });
  const reader = new KafkaRecordReader({
    fetcher,
    splits,
    decoder:
      options.decoder ??
      new KafkaBlockDecoder(
        new RecordDecoder(new SchemaIdDecoder(0, schemas), []),
        new MetadataColumns(node),
      ),
    builder: new BatchBuilder(options.schema ?? schema, 4),
    bad: options.bad ?? badRecords(false),
    writers: schemas,
  });
  const split = (partition: number): KafkaSplit => splits.at(partition);
  /** Rows until nothing is there: `partition:text`. */
  const drain = (): string[] => {
    const rows: string[] = [];
    for (let batch = reader.poll(); batch !== undefined; batch = reader.poll()) {
      const { partition } = batch;
      rows.push(...plainRows(batch).map(([value]: readonly PlainValue[]) => `${partition}:${String(value)}`));
    }
    return rows;
  };
  return { reader, schemas, split, drain };
}

const noSchemas = { reader: null, keyReader: null, writers: null };

describe('a record that was written with a schema which is not there yet', () => {
  const partitions = [
    [...written(1, 'a', 'b'), ...written(2, 'c'), ...written(1, 'd')],
    written(1, 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'),
  ];

  test('its partition waits, the others flow, and it goes on in order when the schema is there', () => {
    const fetcher = new MemoryFetcher(partitions, 3);
    const { reader, schemas, split, drain } = reading(fetcher, 2);
    schemas.know(1);
    expect(drain().toSorted()).toEqual(['0:a', '0:b', ...'efghijklm'].map((row) => (row.length === 1 ? `1:${row}` : row)));
    expect(schemas.wanted).toEqual([{ id: 2 }]);
    expect(fetcher.events).toEqual(['+0@0', '+1@0', '-0']);
    expect(fetcher.heldBlocks).toBe(0);
    // A checkpoint now goes on at the record that waits.
    expect(split(0).nextOffset).toBe(2);
    expect(reader.waiting).toMatchObject([{ schema: 'id 2', problem: 'the registry does not answer' }]);
    schemas.know(2);
    expect(drain()).toEqual(['0:c', '0:d']);
    expect(fetcher.events.slice(3)).toEqual(['+0@2']);
    expect([split(0).nextOffset, reader.waiting, fetcher.heldBlocks]).toEqual([4, [], 0]);
  }); // prettier-ignore

  test('the partition is neither at its end nor ended: rows of it are still to come', () => {
    const fetcher = new MemoryFetcher([[...written(2, 'c')], []]);
    const { reader, schemas, split, drain } = reading(fetcher, 2, { endOffsets: [1, 0] });
    expect(drain()).toEqual([]);
    expect([reader.isAtEnd(split(0)), reader.isAtEnd(split(1))]).toEqual([false, true]);
    expect(reader.endOf(split(0))).toBe(1);
    schemas.know(2);
    expect(drain()).toEqual(['0:c']);
    expect(reader.isAtEnd(split(0))).toBe(true);
  });

  test('an unbounded one is not idle either, and is again once it is read', () => {
    const fetcher = new MemoryFetcher([written(2, 'c')]);
    const { reader, schemas, split, drain } = reading(fetcher, 1);
    expect([drain(), reader.isAtEnd(split(0)), reader.endOf(split(0))]).toEqual([[], false, 1]);
    schemas.know(2);
    expect([drain(), reader.isAtEnd(split(0))]).toEqual([['0:c'], true]);
  });

  test('waiting ends when the schema comes, when data of others comes, and with its signal', async () => {
    const fetcher = new MemoryFetcher([written(2, 'c')]);
    const { reader, schemas, drain } = reading(fetcher, 1);
    drain();
    const stop = new AbortController();
    const stopped = expect(reader.wait(stop.signal)).rejects.toThrow('stop');
    stop.abort(new Error('stop'));
    await stopped;
    const come = reader.wait(new AbortController().signal);
    schemas.know(2);
    await come;
    expect(drain()).toEqual(['0:c']);
  });

  test('a schema that does not exist makes its records bad data, and only these', () => {
    const bad = badRecords(true);
    const fetcher = new MemoryFetcher([[...written(2, 'c', 'd'), ...written(1, 'e')]]);
    const { schemas, split, drain } = reading(fetcher, 1, { bad });
    schemas.know(1);
    expect(drain()).toEqual([]);
    schemas.refuse(2);
    expect(drain()).toEqual(['0:e']);
    expect([bad.count, split(0).nextOffset]).toEqual([2, 3]);
  });

  test('many ids, one after the other, in small batches: every row once, in order', () => {
    const texts = Array.from({ length: 60 }, (_, index) => String(index));
    const records = texts.flatMap((text, index) => written(1 + (index % 7), text));
    const fetcher = new MemoryFetcher([records], 9);
    const { schemas, drain } = reading(fetcher, 1);
    const rows: string[] = [];
    for (let known = 0; rows.length < 60; known += 1) {
      rows.push(...drain());
      if (known < 7) schemas.know(known + 1);
      else expect(rows.length).toBe(60);
    }
    expect(rows).toEqual(texts.map((text) => `0:${text}`));
    expect(fetcher.heldBlocks).toBe(0);
  });
});

describe('fault 1.1.12: records without a value', () => {
  const records: MemoryRecord[] = [{ key: 'a', value: '{"v":"x"}' }, { key: 'b', value: null }, { key: 'c', value: '{"v":"y"}' }];
  const read = (options: Readonly<Record<string, string>>, of: Schema = schema) => {
    const node = sourceNode({ table: 't', connector: 'kafka', options: { format: 'json', ...options }, schema: of });
    const decoder = KafkaBlockDecoder.ofTable(node, node.options, noSchemas);
    const bad = badRecords(options['bad_data'] === 'drop');
    const rows = reading(new MemoryFetcher([records]), 1, { decoder, bad }).drain();
    return { rows, skipped: decoder.nullValues, bad: bad.count };
  };
  const notNull: Schema = { fields: [{ ...present(schema.fields[0], 'v'), nullable: false }] };

  test('of JSON are left out and counted, or bad data, or rows of NULLs', () => {
    expect(read({})).toEqual({ rows: ['0:x', '0:y'], skipped: 1, bad: 0 });
    expect(read({ 'source.null_value': 'row' })).toEqual({ rows: ['0:x', '0:null', '0:y'], skipped: 0, bad: 0 });
    expect(() => read({ 'source.null_value': 'fail' })).toThrow(/offset 1 can not be decoded: the record has no value/);
    expect(read({ 'source.null_value': 'fail', bad_data: 'drop' })).toEqual({ rows: ['0:x', '0:y'], skipped: 0, bad: 1 });
    expect(read({ 'source.null_value': 'row', bad_data: 'drop' }, notNull)).toEqual({ rows: ['0:x', '0:y'], skipped: 0, bad: 1 });
  });

  test('of raw formats are NULL in a nullable column, bad data in another', () => {
    const raw = { format: 'raw_string' };
    expect(read(raw).rows).toEqual(['0:{"v":"x"}', '0:null', '0:{"v":"y"}']);
    expect(read({ ...raw, 'source.null_value': 'skip' })).toMatchObject({ skipped: 1, bad: 0 });
    expect(read({ ...raw, bad_data: 'drop' }, notNull)).toMatchObject({ skipped: 0, bad: 1 });
    expect(() => read(raw, notNull)).toThrow(/column v is NOT NULL/);
  });
}); // prettier-ignore

describe('D2: dead letters', () => {
  const node = sourceNode({ table: 't', connector: 'kafka', options: { format: 'json' }, schema });
  const good = (text: string): MemoryRecord => ({ key: text, value: `{"v":"${text}"}` });
  const bad = (text: string): MemoryRecord => ({ key: null, value: text });
  const started = (records: readonly MemoryRecord[], blockRecords?: number) => {
    const lines: string[] = [];
    const listing = { info: () => {}, warn: (_: object, line: string) => void lines.push(line) };
    const kept = new BadRecords('t', { drop: false, rejected: new RejectedRecords(false) }, listing, clock);
    const decoder = KafkaBlockDecoder.ofTable(node, node.options, noSchemas);
    return { ...reading(new MemoryFetcher([records], blockRecords), 1, { decoder, bad: kept }), kept, lines };
  };
  const values = (batch: Batch | undefined): unknown[] =>
    batch === undefined ? [] : plainRows(batch).map(([value]) => value);
  const asText = (bytes: unknown): unknown =>
    bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : bytes;

  test('a poll gives rows and rejected records of one stretch of the log, and the position is behind both', () => {
    const { reader, split, kept, lines } = started([bad('{'), good('a'), bad('x'), good('b')]);
    expect(values(reader.poll())).toEqual(['a', 'b']);
    const rejected = plainRows(present(reader.takeRejected(), 'rejected records'));
    expect(split(0).nextOffset).toBe(4);
    expect(rejected.map((row) => row.slice(0, 9).map(asText))).toEqual([
      ['{', null, '', 0n, 't', 0n, 0n, null, 'WEIR-3102'],
      ['x', null, '', 0n, 't', 0n, 2n, null, 'WEIR-3102'],
    ]);
    expect(String(rejected[0]?.[9])).toContain('expected a key in quotes');
    expect([reader.poll(), reader.takeRejected()]).toEqual([undefined, undefined]);
    expect([kept.count, kept.byCode, lines.length]).toEqual([2, { 'WEIR-3102': 2 }, 1]);
  });

  test('a poll ends after 1024 of them, in the middle of a block too, and after 1 MiB', async () => {
    const { reader, split } = started(
      Array.from({ length: 2500 }, () => bad('x')),
      2000,
    );
    const counts: number[] = [];
    for (let polls = 0; polls < 4; polls += 1) {
      await reader.wait(new AbortController().signal);
      expect(reader.poll()).toBeUndefined();
      counts.push(reader.takeRejected()?.rowCount ?? 0);
      expect(split(0).nextOffset).toBe(counts.reduce((sum, count) => sum + count));
      if (counts.length === 3) break;
    }
    expect(counts).toEqual([1024, 1024, 452]);
    const large = started(Array.from({ length: 10 }, () => bad('x'.repeat(300_000))));
    expect(large.reader.poll()).toBeUndefined();
    expect([large.reader.takeRejected()?.rowCount, large.split(0).nextOffset]).toEqual([4, 4]);
  });

  test('a tombstone that is bad data stays one', () => {
    const options = { ...node.options, 'source.null_value': 'fail' };
    const decoder = KafkaBlockDecoder.ofTable({ ...node, options }, options, noSchemas);
    const kept = new BadRecords('t', { drop: false, rejected: new RejectedRecords(false) }, log, clock);
    const { reader } = reading(new MemoryFetcher([[{ key: 'k', value: null }]]), 1, { decoder, bad: kept });
    expect(reader.poll()).toBeUndefined();
    const [row] = plainRows(present(reader.takeRejected(), 'a rejected record'));
    expect(row?.slice(0, 2).map(asText)).toEqual([null, 'k']);
  });
});

describe('D11: a topic that is read by its PRIMARY KEY', () => {
  const fields = [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'v', type: textType, nullable: false },
  ];
  const read = (options: Readonly<Record<string, string>>, records: readonly MemoryRecord[]): unknown[] => {
    const given = { table: 't', connector: 'kafka', options, schema: { fields } };
    const node = { ...sourceNode(given), primaryKey: [0], changes: 'upsert' as const };
    const decoder = KafkaBlockDecoder.ofTable(node, options, noSchemas);
    const { reader } = reading(new MemoryFetcher([records]), 1, { decoder, schema: { fields } });
    const batches: unknown[] = [];
    for (let batch = reader.poll(); batch !== undefined; batch = reader.poll()) {
      const kinds = batch.rowKinds;
      batches.push(plainRows(batch).map((row, index) => [kinds?.[index] ?? 0, ...row]));
    }
    return batches;
  };

  test('F11: tombstones are deletes by the key of their record, in batches of their own', () => {
    const records: MemoryRecord[] = [
      { key: '1', value: '{"id":1,"v":"a"}' },
      { key: '2', value: '{"id":2,"v":"b"}' },
      { key: '1', value: null },
      { key: '7', value: null },
      { key: '2', value: '{"id":2,"v":"c"}' },
    ];
    expect(read({ format: 'json' }, records)).toEqual([
      [
        [0, 1n, 'a'],
        [0, 2n, 'b'],
      ],
      [
        [3, 1n, null],
        [3, 7n, null],
      ],
      [[0, 2n, 'c']],
    ]);
    expect(() => read({ format: 'json' }, [{ key: null, value: null }])).toThrow(/neither a value nor a key/);
    expect(() => read({ format: 'json' }, [{ key: 'x', value: null }])).toThrow(
      /\$\.id: expected a JSON value/,
    );
  });

  test('F9: of Debezium changes the new rows, and what goes by its key alone', () => {
    const envelope = (before: string, after: string, op: string): MemoryRecord => {
      return { key: null, value: `{"before":${before},"after":${after},"op":"${op}"}` };
    };
    const records = [
      envelope('null', '{"id":1,"v":"a"}', 'c'),
      envelope('null', '{"id":1,"v":"b\\u0041"}', 'u'),
      { key: '1', value: null },
      envelope('{"id":1}', 'null', 'd'),
    ];
    const options = { format: 'debezium_json' };
    expect(read(options, records).flat()).toEqual([
      [0, 1n, 'a'],
      [0, 1n, 'bA'],
      [3, 1n, null],
    ]);
    expect(() => read(options, [envelope('null', '{"id":1}', 'u')])).toThrow(
      /\$\.after\.v: expected a value/,
    );
    expect(() => read(options, [envelope('null', 'null', 't')])).toThrow(/the whole table was emptied/);
    expect(() => read(options, [envelope('null', 'null', 'd')])).toThrow(/`before` is null/);
  });
});
