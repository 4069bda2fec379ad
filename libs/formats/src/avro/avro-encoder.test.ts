import avsc from 'avsc';
import { expect, test, vi } from 'vitest';
import type { PlainRow, PlainValue } from '@weir/columnar/row-view.ts';
import { textType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import { readAvro, SchemasById, tableOf } from '../testing/avro-records.ts';
import { encodedRows } from '../testing/encoded-rows.ts';
import { RandomAvro, plainOf } from '../testing/random-avro.ts';
import { avroNames } from './avro-names.ts';
import { avroOfColumns } from './avro-of-columns.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

const seed = Number(process.env['WEIR_SEED'] ?? 20261126);

/** Longs as bigints, so that none is rounded. */
const exactLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** avsc has no exact longs below logical types: without those it has. */
function withoutTimes(text: string): string {
  return text.replaceAll(/\{"type":"long","logicalType":"[^"]+"\}/g, '"long"');
}

/** Strict: whatever the specification forbids is an error. */
function independent(schema: unknown): avsc.Type {
  return avsc.Type.forSchema(schema as avsc.Schema, {
    registry: { long: exactLong as unknown as avsc.Type },
    wrapUnions: 'never',
    omitRecordMethods: true,
    noAnonymousTypes: true,
  });
}

/** What a decoder that knows nothing of SQL makes of a value. */
function bare(type: SqlType, value: PlainValue): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'integer':
      if (type.bits === 64 && !type.signed) return value;
      return type.bits === 64 || (type.bits === 32 && !type.signed) ? value : Number(value);
    case 'date':
      return Number(value);
    case 'timestamp':
      return type.precision <= 3 ? (value as bigint) / 1000n : value;
    case 'bytes':
      return Buffer.from(value as Uint8Array);
    case 'struct': {
      const names = avroNames(type.fields.map(({ name }) => name));
      const values = value as readonly PlainValue[];
      return Object.fromEntries(
        type.fields.map((field, index) => [names[index]!, bare(field.type, values[index]!)]),
      );
    }
    case 'list':
      return (value as readonly PlainValue[]).map((item) => bare(type.element.type, item));
    case 'map':
      return Object.fromEntries(
        (value as readonly (readonly [string, PlainValue])[]).map(([key, item]) => [
          key,
          bare(type.value.type, item),
        ]),
      );
    default:
      return value;
  }
}

/** Decimals as avsc gives them, bytes, into numbers; the rest as it is. */
function numbersOf(type: SqlType, value: unknown): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'decimal':
    case 'integer':
      if (!Buffer.isBuffer(value)) return value;
      return value.reduce((sum, byte) => sum * 256n + BigInt(byte), value[0]! > 127 ? -1n : 0n);
    case 'struct': {
      const names = avroNames(type.fields.map(({ name }) => name));
      const of = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        type.fields.map((field, index) => [names[index]!, numbersOf(field.type, of[names[index]!])]),
      );
    }
    case 'list':
      return (value as readonly unknown[]).map((item) => numbersOf(type.element.type, item));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, numbersOf(type.value.type, item)]),
      );
    default:
      return value;
  }
}

/** Columns as a table has them that was made from the schema: names as they are in Avro, JSON as the text that it is there. */
function legal(fields: readonly Field[]): readonly Field[] {
  const names = avroNames(fields.map(({ name }) => name));
  return fields.map((field, index) => ({ ...field, name: names[index]!, type: legalType(field.type) }));
}

function legalType(type: SqlType): SqlType {
  if (type.kind === 'json') return textType;
  if (type.kind === 'struct') return { ...type, fields: legal(type.fields) };
  if (type.kind === 'list')
    return { ...type, element: { ...type.element, type: legalType(type.element.type) } };
  if (type.kind === 'map') return { ...type, value: { ...type.value, type: legalType(type.value.type) } };
  return type;
}

test('G3: rows of all types are read by an independent decoder, and back by ours, with a schema made from the columns', () => {
  const random = new RandomRows(seed);
  for (let round = 0; round < 300; round += 1) {
    const { fields } = random.schema(round % 40 === 0 ? 60 : 8);
    const rows = random.rows({ fields }, 12);
    const { schema } = avroOfColumns(fields, 'value');
    const text = JSON.stringify(schema);
    const note = `seed ${seed}, round ${round}: ${text}`;
    const records = encodedRows('avro', fields, rows).map((record) => record!);
    independent(schema);
    const type = independent(JSON.parse(withoutTimes(text)));
    const whole: SqlType = { kind: 'struct', fields };
    expect(
      records.map((record) => numbersOf(whole, type.fromBuffer(Buffer.from(record)))),
      note,
    ).toEqual(rows.map((row) => bare(whole, row)));
    expect(readAvro(legal(fields), records, { written: text }, 5), note).toEqual(rows);
  }
});

test('G2: what is read of any schema is written with it again, to the same values', () => {
  const random = new RandomAvro(seed + 1);
  for (let round = 0; round < 300; round += 1) {
    const schema = round % 50 === 0 ? random.record(0, 80) : random.record();
    const text = JSON.stringify(schema);
    const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
    const values = Array.from({ length: 8 }, () => random.value(schema));
    const originals = values.map((value) => type.toBuffer(value));
    for (const complex of ['native', 'json'] as const) {
      const note = `seed ${seed}, round ${round}, ${complex}: ${text}`;
      const { fields, reader } = tableOf(text, complex);
      const rows = readAvro(fields, originals, { written: text, reader }, 5);
      const writer: PinnedSchema = { ...reader, writerId: 7 };
      const again = encodedRows('avro', fields, rows as PlainRow[], {}, { writer, framing: 'confluent' });
      for (const record of again) expect([...record!.subarray(0, 5)], note).toEqual([0, 0, 0, 0, 7]);
      const writers = new SchemasById({ 7: text });
      const back = readAvro(
        fields,
        again.map((record) => record!),
        { reader, writers },
        5,
      );
      expect(back, note).toEqual(rows);
      if (complex === 'json') continue;
      expect(back, note).toEqual(values.map((value) => plainOf(schema, value)));
      const decoded = again.map((record) => type.fromBuffer(Buffer.from(record!.subarray(5))));
      expect(
        decoded.map((value) => type.toString(value)),
        note,
      ).toEqual(originals.map((original) => type.toString(type.fromBuffer(original))));
    }
  }
});

test('a field that no column fills is its default in every record', () => {
  const schema = {
    type: 'record',
    name: 'r',
    fields: [
      { name: 'kind', type: { type: 'enum', name: 'k', symbols: ['A', 'B'] }, default: 'B' },
      { name: 'id', type: 'long' },
      { name: 'tags', type: { type: 'map', values: 'int' }, default: { x: 1 } },
      { name: 'note', type: 'string', default: 'n'.repeat(100) },
      { name: 'gone', type: ['null', 'string'], default: null },
    ],
  };
  const fields: Field[] = [{ name: 'ID', type: { kind: 'integer', bits: 32, signed: true }, nullable: true }];
  const [record] = encodedRows('avro', fields, [[5n]], { 'avro.schema': JSON.stringify(schema) });
  expect(avsc.Type.forSchema(schema as avsc.Schema).fromBuffer(Buffer.from(record!))).toEqual({
    kind: 'B',
    id: 5,
    tags: { x: 1 },
    note: 'n'.repeat(100),
    gone: null,
  });
});

test.each<[string, SqlType, unknown, PlainValue, RegExp]>([
  ['NULL in a field that is never null', textType, 'string', null, /^column v is NULL.*/],
  [
    'a text that is no symbol',
    textType,
    { type: 'enum', name: 'e', symbols: ['A'] },
    'B',
    /v: 'B' is no symbol/,
  ],
  [
    'bytes of another length',
    { kind: 'bytes' },
    { type: 'fixed', name: 'f', size: 2 },
    Uint8Array.of(1),
    /1 bytes can't be written as a fixed of 2/,
  ],
  [
    'a text that is no UUID',
    textType,
    { type: 'fixed', name: 'u', size: 16, logicalType: 'uuid' },
    'x',
    /'x' is no UUID/,
  ],
  [
    'JSON of another form',
    { kind: 'json' },
    { type: 'array', items: 'int' },
    '["a"]',
    /v: \["a"\] can't be written as array of int/,
  ],
  [
    'JSON beyond the range',
    { kind: 'json' },
    ['int', 'null', 'boolean'],
    '2147483648',
    /2147483648 can't be written/,
  ],
  [
    'nanoseconds beyond 64 bits',
    { kind: 'timestamp', precision: 6, zoned: true },
    { type: 'long', logicalType: 'timestamp-nanos' },
    253402300799000000n,
    /more than a long of Avro holds/,
  ],
])('refused: %s', (_, type, avro, value, message) => {
  const schema = { type: 'record', name: 'r', fields: [{ name: 'v', type: avro }] };
  const fields: Field[] = [{ name: 'v', type, nullable: true }];
  expect(() => encodedRows('avro', fields, [[value]], { 'avro.schema': JSON.stringify(schema) })).toThrow(
    message,
  );
});
