import { textType, type Field } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { describe, expect, test } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows } from '@weir/columnar/row-view.ts';
import { plainRecordPart, type DecoderSettings } from '../decoder.ts';
import { SchemasById } from '../testing/avro-records.ts';
import { wireField } from '../testing/protobuf-records.ts';
import { protobufFormat } from './protobuf-format.ts';

const text =
  'syntax = "proto3"; package p; message A { string v = 1; message In { string other = 1; string v = 2; } } message B { int32 n = 1; }';
const fields: Field[] = [{ name: 'v', type: textType, nullable: true }];

interface Framed {
  readonly value: readonly number[];
  readonly header?: readonly number[];
}

const id = (number: number): number[] => [0, ...Buffer.from(Int32Array.of(number).buffer).toReversed()];

/** The headers of a record as Kafka encodes them: a count, then names and values behind their lengths, all zigzag. */
function headerBytes(value: readonly number[]): number[] {
  const name = [...Buffer.from('__value_schema_id')];
  return [2, name.length * 2, ...name, value.length * 2, ...value];
}

function read(records: readonly Framed[], settings: Partial<DecoderSettings> = {}, schema = fields) {
  const writers = new SchemasById(
    { 7: text, 8: text.replace('string v = 1', 'string v = 1; string w = 9') },
    {},
    'protobuf',
  );
  const decoder = protobufFormat.createDecoder(
    { fields: schema },
    {},
    { ...plainRecordPart, framing: 'confluent', writers, ...settings },
  );
  const parts = records.flatMap(({ value, header }) => [
    header === undefined ? [] : headerBytes(header),
    value,
  ]);
  const data = Uint8Array.from(parts.flat());
  const ends = Int32Array.from(parts, ({ length }) => length);
  for (let i = 1; i < ends.length; i += 1) ends[i] = ends[i]! + ends[i - 1]!;
  const at = (index: number): number => (index === 0 ? 0 : ends[index - 1]!);
  const part = {
    data,
    headerStarts: Int32Array.from(records, (_, i) => at(2 * i)),
    headerEnds: Int32Array.from(records, (_, i) => ends[2 * i]!),
    starts: Int32Array.from(records, (_, i) => at(2 * i + 1)),
    ends: Int32Array.from(records, (_, i) => ends[2 * i + 1]!),
  };
  const into = new BatchBuilder({ fields: schema });
  const errors: WeirError[] = [];
  for (let from = 0; from < records.length;) {
    from += decoder.decode(part, from, records.length - from, into);
    if (decoder.missing !== null) return { rows: plainRows(into.batch()), errors, missing: decoder.missing };
    if (decoder.error === null) continue;
    errors.push(decoder.error);
    from += 1;
  }
  return { rows: plainRows(into.batch()), errors, missing: null };
}

const v = (value: string): number[] => wireField(1, value);

test('F10 W1: indexes say which message follows; they are zigzag, and [0] is one byte', () => {
  const { rows, errors } = read([
    { value: [...id(7), 0, ...v('a')] },
    { value: [...id(7), 0, ...v('b')] },
    { value: [...id(7), 2, 0, ...v('c')] },
    { value: [...id(7), 4, 0, 0, ...v('x'), ...wireField(2, 'd')] },
    { value: [...id(7), 2, 2, ...wireField(1, 5)] },
    { value: [...id(8), 0, ...wireField(9, 'w'), ...v('e')] },
    { value: [...id(7), 0] },
  ]);
  expect(errors).toEqual([]);
  expect(rows.flat()).toEqual(['a', 'b', 'c', 'd', null, 'e', '']);
});

describe('W1: a list of indexes that old clients leave out or write unsigned is told', () => {
  test.each([
    [
      [...id(7), ...v('no list')],
      /which of its messages follows: 5 indexes|-?\d+ is no index|indexes were to follow/,
    ],
    [[...id(7), 1, 0, ...v('a')], /-1 indexes were to follow/],
    [[...id(7), 2, 1, ...v('a')], /-1 is no index of a message/],
    [[...id(7), 2, 8, ...v('a')], /it has no message at 4/],
    [[...id(7)], /the record ends before/],
  ])('%j', (value, message) => {
    const { errors, rows } = read([{ value }, { value: [...id(7), 0, ...v('next')] }]);
    expect(rows.flat()).toEqual(['next']);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'WEIR-3106',
        message: expect.stringMatching(message) as unknown,
        hint: expect.stringContaining('update the producer') as unknown,
      }),
    ]);
  });
});

test('F10 W2: a header wins over a prefix; the indexes then stand in it, and all of the value is the message', () => {
  const { rows } = read([
    { value: v('a'), header: [...id(7), 0] },
    { value: wireField(2, 'b'), header: [...id(7), 4, 0, 0] },
    { value: [...id(7), 0, ...v('c')] },
  ]);
  expect(rows.flat()).toEqual(['a', 'b', 'c']);
});

test('a schema that is not there yet is missing; one of another format is an error of its records', () => {
  expect(read([{ value: [...id(7), 0, ...v('a')] }, { value: [...id(9), 0] }])).toEqual({
    rows: [['a']],
    errors: [],
    missing: { id: 9 },
  });
  const avro = new SchemasById({ 7: '"string"' });
  expect(read([{ value: [...id(7), 0] }], { writers: avro }).errors).toEqual([
    expect.objectContaining({ code: 'WEIR-3107', hint: "read the topic with format = 'avro'" }),
  ]);
});

test('W3: JSON where a frame is due says that the producer used no serializer', () => {
  const { errors } = read([{ value: [...Buffer.from('{"v":1}')] }, { value: [] }]);
  expect(errors.map(({ hint, message }) => hint ?? message)).toEqual([
    expect.stringContaining('used no serializer'),
    expect.stringContaining("the schema's id alone takes 5"),
  ]);
});

test('the columns of a pinned schema are found by the numbers of its fields, whatever a writer calls them', () => {
  const reader: DecoderSettings['reader'] = {
    format: 'protobuf',
    text: 'syntax = "proto3"; message A { string renamed = 1; string gone = 30; }',
    references: [],
    message: 'A',
    origin: { kind: 'registry', registry: 'r', subject: 's', version: 1, id: 1 },
    columns: [{ column: 'c', path: ['renamed'], as: 'native' }],
  };
  const schema: Field[] = [{ name: 'c', type: textType, nullable: false }, { name: 'gone', type: textType, nullable: true }]; // prettier-ignore
  expect(read([{ value: [...id(7), 0, ...v('a')] }], { reader }, schema).rows).toEqual([['a', null]]);
});
