import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import { partWithoutHeaders, plainRecordPart, type RecordPart } from './decoder.ts';
import { formatNamed } from './formats.ts';
import { jsonFormat } from './json/json-format.ts';
import { RecordDecoder } from './record-decoder.ts';
import { HandWrittenSchemas, SchemaIdDecoder } from './testing/schema-id-format.ts';

function partOf(records: readonly (string | Uint8Array | null)[]): RecordPart {
  const bytes = records.map((record) => Buffer.from(record ?? ''));
  const ends = Int32Array.from(bytes, (record) => record.length);
  for (let index = 1; index < ends.length; index += 1) ends[index] = ends[index]! + ends[index - 1]!;
  const starts = Int32Array.from(ends, (end, index) =>
    records[index] === null ? -1 : end - bytes[index]!.length,
  );
  return partWithoutHeaders(new Uint8Array(Buffer.concat(bytes)), starts, ends);
}

type Outcome = PlainRow | string;

/** All records, as a source reads them: the rows of each, or why there are none. */
function readAll(
  decoder: RecordDecoder,
  schema: Schema,
  value: RecordPart,
  key: RecordPart,
  capacity = 64,
): (readonly Outcome[])[] {
  const count = value.starts.length;
  const into = new BatchBuilder(schema, capacity);
  const outcomes: Outcome[][] = Array.from({ length: count }, () => []);
  const emit = (): void => {
    plainRows(into.batch()).forEach((row, index) => outcomes[into.recordIndex[index]!]?.push(row));
    into.reset();
  };
  for (let from = 0; from < count;) {
    from += decoder.decode(value, key, from, count - from, into);
    if (decoder.error !== null) outcomes[from]?.push(decoder.error.message.slice(0, 40));
    if (decoder.error !== null) from += 1;
    else emit();
  }
  emit();
  return outcomes;
}

const keyed: Schema = {
  fields: [
    { name: 'k', type: textType, nullable: true },
    { name: 'v', type: bigintType, nullable: true },
  ],
};

function jsonWithRawKey(): RecordDecoder {
  return new RecordDecoder(jsonFormat.createDecoder(keyed, {}, { ...plainRecordPart, columns: [1] }), [
    formatNamed('raw_string').createDecoder(keyed, {}, { ...plainRecordPart, part: 'key', columns: [0] }),
  ]);
}

describe('values make rows, keys fill their columns of them', () => {
  const values = ['{"v":1}', '{"v":2}', '{"v":"x"}', '{"v":4}', '{"v":5}'];

  test('a record without a key has NULL; a bad key or a bad value leaves out its record and no other', () => {
    const keys = ['a', Uint8Array.of(0xff), 'c', null, 'e"\\'];
    for (const capacity of [1, 2, 64]) {
      expect(readAll(jsonWithRawKey(), keyed, partOf(values), partOf(keys), capacity)).toEqual([
        [['a', 1n]],
        [expect.stringContaining("the record's key is no UTF-8")],
        [expect.stringContaining('expected BIGINT')],
        [[null, 4n]],
        [['e"\\', 5n]],
      ]);
    }
  });

  test('a record of several rows is left out with all of them', () => {
    const schema: Schema = { fields: [keyed.fields[0]!, { name: 'line', type: textType, nullable: true }] };
    const decoder = new RecordDecoder(
      formatNamed('raw_string').createDecoder(schema, { framing: 'newline' }, { ...plainRecordPart, columns: [1] }),
      [formatNamed('raw_string').createDecoder(schema, {}, { ...plainRecordPart, part: 'key', columns: [0] })],
    );
    const outcomes = readAll(decoder, schema, partOf(['1\n2', '3\n4', '5']), partOf(['a', Uint8Array.of(0xff), 'c']));
    expect(outcomes).toEqual([[['a', '1'], ['a', '2']], [expect.stringContaining('key')], [['c', '5']]]);
  }); // prettier-ignore

  test('a key that has to be there and is not', () => {
    const schema: Schema = { fields: [{ ...keyed.fields[0]!, nullable: false }, keyed.fields[1]!] };
    const decoder = new RecordDecoder(
      jsonFormat.createDecoder(schema, {}, { ...plainRecordPart, columns: [1] }),
      [
        formatNamed('raw_string').createDecoder(
          schema,
          {},
          { ...plainRecordPart, part: 'key', columns: [0] },
        ),
      ],
    );
    expect(readAll(decoder, schema, partOf(['{"v":1}']), partOf([null]))).toEqual([
      ['the record has no key, but column k is N'],
    ]);
  });

  test('keys of JSON are read as values of JSON are (random rows, broken ones among them)', () => {
    const random = new RandomRows(Number(process.env['WEIR_SEED'] ?? 20261125));
    for (let round = 0; round < 60; round += 1) {
      const { fields } = random.schema();
      const schema: Schema = { fields: [...fields.map((field) => ({ ...field, name: `k_${field.name}` })), { name: 'v', type: bigintType, nullable: true }] }; // prettier-ignore
      const keyColumns = fields.map((_, index) => index);
      const keySchema: Schema = { fields: schema.fields.slice(0, -1) };
      const encoder = jsonFormat.createEncoder(keySchema, {});
      const rows = random.rows(keySchema, 50);
      encoder.begin(batchOfRows(new BatchBuilder(keySchema), rows));
      const keys = rows.map((_, row) => {
        const target = new Uint8Array(encoder.bound(row));
        const bytes = target.slice(0, encoder.encode(row, target, 0));
        return random.next() < 0.9 ? bytes : bytes.slice(0, random.below(bytes.length));
      });
      const expected = readAll(new RecordDecoder(jsonFormat.createDecoder(keySchema, {}), []), keySchema, partOf(keys), partOf(keys)); // prettier-ignore
      const decoder = new RecordDecoder(jsonFormat.createDecoder(schema, {}, { ...plainRecordPart, columns: [fields.length] }), [
        jsonFormat.createDecoder(schema, {}, { ...plainRecordPart, part: 'key', columns: keyColumns }),
      ]); // prettier-ignore
      const values = rows.map((_, index) => `{"v":${index}}`);
      const found = readAll(decoder, schema, partOf(values), partOf(keys), random.pick([3, 64]));
      expect(found).toEqual(
        expected.map((outcomes, index) =>
          outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : [...outcome, BigInt(index)])),
        ),
      );
    }
  });
});

describe('a schema that is not there yet', () => {
  const text: Schema = { fields: [{ name: 'k', type: textType, nullable: true }, { name: 'v', type: textType, nullable: true }] }; // prettier-ignore
  const decoderWith = (schemas: HandWrittenSchemas): RecordDecoder =>
    new RecordDecoder(new SchemaIdDecoder(1, schemas), [new SchemaIdDecoder(0, schemas)]);

  test('of a value: what stands before it is read, it is named, and reading goes on there later', () => {
    const schemas = new HandWrittenSchemas();
    schemas.know(1);
    const decoder = decoderWith(schemas);
    const value = partOf(['\u0001a', '\u0002b', '\u0001c']);
    const key = partOf(['\u0001x', '\u0001y', '\u0001z']);
    const into = new BatchBuilder(text);
    expect(decoder.decode(value, key, 0, 3, into)).toBe(1);
    expect([decoder.error, decoder.missing, plainRows(into.batch())]).toEqual([null, { id: 2 }, [['x', 'a']]]);
    schemas.know(2);
    expect(decoder.decode(value, key, 1, 2, into)).toBe(2);
    expect([decoder.missing, plainRows(into.batch())]).toEqual([null, [['x', 'a'], ['y', 'b'], ['z', 'c']]]);
  }); // prettier-ignore

  test('of a key: the rows behind it are given up and made again', () => {
    const schemas = new HandWrittenSchemas();
    schemas.know(1);
    const decoder = decoderWith(schemas);
    const value = partOf(['\u0001a', '\u0001b', '\u0001!']);
    const key = partOf(['\u0001x', '\u0007y', '\u0001z']);
    const into = new BatchBuilder(text);
    expect(decoder.decode(value, key, 0, 3, into)).toBe(1);
    expect([decoder.error, decoder.missing, plainRows(into.batch())]).toEqual([
      null,
      { id: 7 },
      [['x', 'a']],
    ]);
    schemas.refuse(7);
    expect(decoder.decode(value, key, 1, 2, into)).toBe(0);
    expect([decoder.error?.code, decoder.missing]).toEqual(['WEIR-3510', null]);
  });
});
