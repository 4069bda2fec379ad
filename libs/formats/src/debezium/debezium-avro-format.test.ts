import { rowKind } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Field } from '@weir/columnar/sql-type.ts';
import avsc from 'avsc';
import { describe, expect, test } from 'vitest';
import { partWithoutHeaders, plainRecordPart, type DecoderSettings } from '../decoder.ts';
import { plainRecordValue, noRecord } from '../encoder.ts';
import { framed, SchemasById } from '../testing/avro-records.ts';
import { debeziumAvroFormat } from './debezium-avro-format.ts';

const { insert, updateBefore, updateAfter, delete: deletes } = rowKind;
const id: Field = { name: 'id', type: bigintType, nullable: false };
const note: Field = { name: 'note', type: textType, nullable: true };
const fields = [id, note];

const row = { type: 'record', name: 'Value', fields: [{ name: 'id', type: 'long' }, { name: 'note', type: ['null', 'string'], default: null }] }; // prettier-ignore
/** As Debezium's connectors write it. */
const envelope = (value: object = row): string =>
  JSON.stringify({
    type: 'record',
    name: 'Envelope',
    namespace: 'server.public.orders',
    fields: [
      { name: 'before', type: ['null', value], default: null },
      { name: 'after', type: ['null', 'Value'], default: null },
      { name: 'source', type: { type: 'record', name: 'Source', namespace: 'io.debezium', fields: [{ name: 'lsn', type: 'long' }, { name: 'tags', type: { type: 'array', items: 'string' } }] } },
      { name: 'op', type: 'string' },
      { name: 'ts_ms', type: ['null', 'long'], default: null },
    ],
  }); // prettier-ignore

interface Change {
  readonly op: string;
  readonly before?: object | null;
  readonly after?: object | null;
}

function encoded(text: string, { op, before = null, after = null }: Change): Uint8Array {
  const type = avsc.Type.forSchema(JSON.parse(text) as avsc.Schema);
  return type.toBuffer({ before, after, source: { lsn: 1e12, tags: ['a', 'b'] }, op, ts_ms: 5 });
}

function read(
  records: readonly (Uint8Array | null)[],
  options = {},
  settings: Partial<DecoderSettings> = {},
  of = fields,
) {
  const schema = { fields: of };
  const decoder = debeziumAvroFormat.createDecoder(schema, options, { ...plainRecordPart, ...settings });
  const bytes = records.map((record) => record ?? new Uint8Array(0));
  const data = new Uint8Array(Buffer.concat(bytes));
  const ends = Int32Array.from(bytes, ({ length }) => length);
  for (let i = 1; i < ends.length; i += 1) ends[i] = ends[i]! + ends[i - 1]!;
  const starts = Int32Array.from(records, (record, i) => (record === null ? -1 : i === 0 ? 0 : ends[i - 1]!));
  const part = partWithoutHeaders(data, starts, ends);
  const into = new BatchBuilder(schema, 8);
  const found: unknown[] = [];
  const flush = (): void => {
    const batch = into.batch();
    plainRows(batch).forEach((values, at) =>
      found.push([batch.rowKinds?.[at] ?? insert, into.recordIndex[at], ...values]),
    );
    into.reset();
  };
  for (let from = 0; from < records.length;) {
    from += decoder.decode(part, from, records.length - from, into);
    flush();
    if (decoder.missing !== null) return [...found, decoder.missing];
    if (decoder.error === null) continue;
    found.push(`${from}: ${decoder.error.message}`);
    from += 1;
  }
  return found;
}

const text = envelope();
const inline = { 'avro.schema': text };
const one = { id: 1, note: 'a' };
const two = { id: 1, note: null };

test('F9: changes are rows: c and r inserts, u two rows or none, d a delete; m and tombstones are none', () => {
  const changes: (Change | null)[] = [{ op: 'c', after: one }, { op: 'r', after: { id: 2, note: 'ü' } }, { op: 'u', before: one, after: two }, { op: 'm' }, null, { op: 'd', before: two }]; // prettier-ignore
  const records = changes.map((change) => (change === null ? null : encoded(text, change)));
  expect(read(records, inline)).toEqual([
    [insert, 0, 1n, 'a'],
    [insert, 1, 2n, 'ü'],
    [updateBefore, 2, 1n, 'a'],
    [updateAfter, 2, 1n, null],
    [deletes, 5, 1n, null],
  ]);
});

describe('F9: what can not be told is bad data, and the record leaves no row', () => {
  test.each([
    [{ op: 'u', after: two }, /its `before` is null/],
    [{ op: 'c' }, /its `after` is null/],
    [{ op: 'd' }, /its `before` is null/],
    [{ op: 't' }, /the whole table was emptied/],
    [{ op: 'x', after: one }, /no `op` of c, r, u, d/],
    [
      { op: 'c', after: { id: 1, note: '__debezium_unavailable_value' } },
      /a large value that was not changed is left out/,
    ],
  ])('%j', (change, message) => {
    const found = read(
      [
        encoded(text, { op: 'c', after: one }),
        encoded(text, change),
        encoded(text, { op: 'd', before: one }),
      ],
      inline,
    );
    expect(found).toEqual([[insert, 0, 1n, 'a'], expect.stringMatching(message), [deletes, 2, 1n, 'a']]);
  });

  test('cut, longer and other bytes', () => {
    const good = encoded(text, { op: 'u', before: one, after: two });
    for (let length = 0; length < good.length; length += 1)
      expect(read([good.subarray(0, length)], inline), `${length}`).toEqual([
        expect.stringMatching(/^0: a Debezium change: /),
      ]);
    expect(read([Buffer.concat([good, Buffer.of(0)])], inline)).toEqual([
      expect.stringContaining('1 bytes follow its last value'),
    ]);
  });
});

test('R8: flipped and random bytes are changes or bad data, and the records around them are read', () => {
  let seed = 11;
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const good = encoded(text, { op: 'u', before: one, after: two });
  for (let round = 0; round < 3000; round += 1) {
    const bad = Uint8Array.from(good);
    for (let left = 1 + below(4); left > 0; left -= 1) bad[below(bad.length)] = below(256);
    const found = read([good, bad, good], inline, round % 2 === 0 ? {} : { key: [0] });
    const rows = round % 2 === 0 ? 2 : 1;
    const last = found.slice(-rows).map((row) => (row as unknown[])[1]);
    expect(last, Buffer.from(bad).toString('hex')).toEqual(rows === 2 ? [2, 2] : [2]);
  }
});

test('with a PRIMARY KEY the new row takes the place of the old one, which need not be whole', () => {
  const records = [{ op: 'u', after: two }, { op: 'u', before: one, after: two }, { op: 'd', before: { id: 3, note: null } }].map((change) => encoded(text, change)); // prettier-ignore
  expect(read(records, inline, { key: [0] })).toEqual([
    [insert, 0, 1n, null],
    [insert, 1, 1n, null],
    [deletes, 2, 3n, null],
  ]);
});

test('each record is read by the schema that it names: rows of older and newer writers, in one update too', () => {
  const newer = envelope({ type: 'record', name: 'Value', fields: [{ name: 'more', type: 'string' }, { name: 'note', type: 'string' }, { name: 'id', type: 'int' }] }); // prettier-ignore
  const writers = new SchemasById({ 1: text, 2: newer, 4: '"string"' });
  const settings = { framing: 'confluent' as const, writers };
  const records = [
    framed(1, encoded(text, { op: 'c', after: one })),
    framed(
      2,
      encoded(newer, {
        op: 'u',
        before: { more: 'x', note: 'b', id: 1 },
        after: { more: '', note: 'c', id: 2 },
      }),
    ),
    framed(4, Buffer.of(2, 0x61)),
    Buffer.from('{"op":"c"}'),
    framed(1, encoded(text, { op: 'd', before: one })),
    framed(3, encoded(text, { op: 'd', before: one })),
  ];
  expect(read(records, {}, settings)).toEqual([
    [insert, 0, 1n, 'a'],
    [updateBefore, 1, 1n, 'b'],
    [updateAfter, 1, 2n, 'c'],
    expect.stringMatching(/^2: the Avro schema is no Debezium envelope/),
    expect.stringMatching(/^3: the record's value names no schema: it begins like JSON/),
    [deletes, 4, 1n, 'a'],
    { id: 3 },
  ]);
});

test('columns of a pinned envelope are those of its rows, by its aliases and defaults', () => {
  const wanted = envelope({ type: 'record', name: 'Value', fields: [{ name: 'number', type: 'long', aliases: ['id'] }, { name: 'added', type: 'string', default: 'd' }] }); // prettier-ignore
  const reader: DecoderSettings['reader'] = {
    format: 'avro',
    text: wanted,
    references: [],
    origin: { kind: 'inline' },
    columns: [],
  };
  const of: Field[] = [
    { ...id, name: 'number' },
    { ...note, name: 'added' },
  ];
  const settings = { framing: 'confluent' as const, writers: new SchemasById({ 1: text }), reader };
  expect(read([framed(1, encoded(text, { op: 'c', after: one }))], {}, settings, of)).toEqual([
    [insert, 0, 1n, 'd'],
  ]);
});

function write(rows: PlainRow[], kinds: readonly number[], options = {}, settings = plainRecordValue) {
  const batch = batchOfRows(new BatchBuilder({ fields }), rows);
  const encoder = debeziumAvroFormat.createEncoder({ fields }, options, settings);
  encoder.begin({ ...batch, rowKinds: Uint8Array.from(kinds) });
  return rows.flatMap((_, at) => {
    const target = new Uint8Array(encoder.bound(at));
    const end = encoder.encode(at, target, 0);
    return end === noRecord ? [] : [target.slice(0, end)];
  });
}

const rows: PlainRow[] = [[1n, 'a'], [1n, 'a'], [1n, null], [2n, 'x']]; // prettier-ignore
const kinds = [insert, updateBefore, updateAfter, deletes];

test('changes are written as an envelope made from the columns, which an independent reader reads', () => {
  const made = { type: 'record', name: 'Envelope', fields: [{ name: 'before', type: ['null', row] }, { name: 'after', type: ['null', 'Value'] }, { name: 'op', type: 'string' }] }; // prettier-ignore
  const type = avsc.Type.forSchema(made as avsc.Schema);
  const records = write(rows, kinds);
  expect(
    records.map((record) => JSON.parse(JSON.stringify(type.fromBuffer(Buffer.from(record)))) as unknown),
  ).toEqual([
    { before: null, after: { id: 1, note: 'a' }, op: 'c' },
    { before: { id: 1, note: 'a' }, after: { id: 1, note: null }, op: 'u' },
    { before: { id: 2, note: 'x' }, after: null, op: 'd' },
  ]);
  expect(read(records, { 'avro.schema': JSON.stringify(made) })).toEqual([
    [insert, 0, 1n, 'a'],
    [updateBefore, 1, 1n, 'a'],
    [updateAfter, 1, 1n, null],
    [deletes, 2, 2n, 'x'],
  ]);
});

test('a given envelope is written with its other fields as their defaults or null; one that can’t be is told', () => {
  const given = JSON.stringify({ type: 'record', name: 'E', fields: [{ name: 'op', type: ['null', 'string'] }, { name: 'after', type: [row, 'null'] }, { name: 'before', type: ['Value', 'null'] }, { name: 'n', type: 'int', default: 7 }] }); // prettier-ignore
  const records = write(rows, kinds, { 'avro.schema': given });
  expect(read(records, { 'avro.schema': given })).toHaveLength(4);
  expect(debeziumAvroFormat.check({ fields }, inline, 'write')).toEqual([
    expect.objectContaining({
      option: 'avro.schema',
      message: "field source of the envelope can't be written",
    }),
  ]);
  expect(
    debeziumAvroFormat.check({ fields }, { 'avro.schema': JSON.stringify(row) }, 'read')[0]?.message,
  ).toContain('no Debezium envelope');
  expect(
    debeziumAvroFormat.check({ fields: [{ ...id, type: { kind: 'boolean' } }] }, inline, 'read')[0]?.column,
  ).toBe('id');
});

test('a registered envelope is named before each change', () => {
  const made = JSON.stringify({ type: 'record', name: 'E', fields: [{ name: 'before', type: ['null', row] }, { name: 'after', type: ['null', 'Value'] }, { name: 'op', type: 'string' }] }); // prettier-ignore
  const writer = {
    format: 'avro',
    text: made,
    references: [],
    origin: { kind: 'inline' },
    columns: [],
    writerId: 9,
  } as const;
  const records = write([[1n, 'a']], [insert], {}, { ...plainRecordValue, framing: 'confluent', writer }); // prettier-ignore
  expect(read(records, {}, { framing: 'confluent', writers: new SchemasById({ 9: made }) })).toEqual([
    [insert, 0, 1n, 'a'],
  ]);
});
