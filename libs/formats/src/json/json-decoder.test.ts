import { partWithoutHeaders } from '../decoder.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows, type PlainValue } from '@weir/columnar/row-view.ts';
import type { Field, Schema, SqlType } from '@weir/columnar/sql-type.ts';
import {
  bigintType,
  doubleType,
  formatType,
  intType,
  textType,
  timestampType,
} from '@weir/columnar/sql-type.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import { describe, expect, test } from 'vitest';
import { plainRecordPart, type DecoderSettings } from '../decoder.ts';
import type { FormatOptions } from '../format.ts';
import { jsonFormat } from './json-format.ts';

function index(records: readonly (string | Uint8Array | null)[]) {
  const bytes = records.map((record) => (record === null ? new Uint8Array(0) : Buffer.from(record)));
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  let at = 0;
  bytes.forEach((record, i) => {
    starts[i] = records[i] === null ? -1 : at;
    at += record.length;
    ends[i] = at;
  });
  return { data: new Uint8Array(Buffer.concat(bytes)), starts, ends };
}

function column(type: SqlType, nullable = true): Schema {
  return { fields: [{ name: 'v', type, nullable }] };
}

/** The value of column v of `{"v": text}`, or the message of the error. */
function read(
  type: SqlType,
  text: string,
  options: FormatOptions = {},
  nullable = true,
): PlainValue | WeirError {
  const schema = column(type, nullable);
  const decoder = jsonFormat.createDecoder(schema, options);
  const into = new BatchBuilder(schema);
  // A first record that the generated code learns from, so that the second goes through it.
  const { data, starts, ends } = index([`{"v":${text}}`, `{"v":${text}}`]);
  decoder.decode(partWithoutHeaders(data, starts, ends), 0, 2, into);
  if (decoder.error !== null) return decoder.error;
  const [first, second] = plainRows(into.batch());
  expect(second).toEqual(first);
  return first?.[0] ?? null;
}

const decimal: SqlType = { kind: 'decimal', precision: 10, scale: 2 };
const wide: SqlType = { kind: 'decimal', precision: 38, scale: 0 };
const tiny: SqlType = { kind: 'integer', bits: 8, signed: true };
const unsigned: SqlType = { kind: 'integer', bits: 64, signed: false };
const millis: FormatOptions = { 'json.timestamp_format': 'unix_millis' };
const strict: FormatOptions = { 'json.strict': 'true' };
const timestamp3: SqlType = { kind: 'timestamp', precision: 3, zoned: true };

describe('values that are read', () => {
  const cases: readonly (readonly [SqlType, string, PlainValue, FormatOptions?])[] = [
    [bigintType, '9007199254740993', 9007199254740993n],
    [bigintType, '-9223372036854775808', -9223372036854775808n],
    [bigintType, '"9223372036854775807"', 9223372036854775807n],
    [bigintType, '-0', 0n],
    [bigintType, '1.20e3', 1200n],
    [unsigned, '18446744073709551615', 18446744073709551615n],
    [tiny, '-128', -128n],
    [decimal, '12.345', 1235n],
    [decimal, '-12.345', -1235n],
    [decimal, '"0.07"', 7n],
    [decimal, '1e-3', 0n],
    [decimal, '12345678.99', 1234567899n],
    [wide, '99999999999999999999999999999999999999', 10n ** 38n - 1n],
    [doubleType, '0.1', 0.1],
    [doubleType, '123456789012345678901234567890', 1.2345678901234568e29],
    [doubleType, '2.2250738585072014e-308', 2.2250738585072014e-308],
    [doubleType, '-0', -0],
    [doubleType, '"NaN"', NaN],
    [{ kind: 'float', bits: 32 }, '0.1', Math.fround(0.1)],
    [textType, '"\\u00e9\\ud83d\\ude00\\ud800x"', 'é😀\ufffdx'],
    [{ kind: 'bytes' }, '"AAH/"', Uint8Array.of(0, 1, 255)],
    [{ kind: 'json' }, '{"a": [1 , 2]}', '{"a": [1 , 2]}'],
    [{ kind: 'date' }, '"2024-02-29"', 19782n],
    [{ kind: 'time', precision: 3 }, '"23:59:59.9996"', 86_399_999_000n],
    [timestampType, '"2026-01-01T00:00:00Z"', 1767225600000000n],
    [timestampType, '"2026-01-01 00:00:00.1234567"', 1767225600123456n],
    [timestampType, '"2026-01-01T02:00:00+02:00"', 1767225600000000n],
    [timestampType, '"9999-12-31T23:59:59.999999Z"', 253402300799999999n],
    [timestampType, '"1969-12-31T23:59:59.5Z"', -500000n],
    [timestamp3, '"2026-01-01T00:00:00.123456Z"', 1767225600123000n],
    [timestampType, '1767225600123', 1767225600123000n, millis],
    [timestampType, '1767225600123456', 1767225600123456n, { 'json.timestamp_format': 'unix_micros' }],
    [textType, 'null', null],
  ];
  for (const [type, text, value, options] of cases) {
    test(`${formatType(type)} ${text}`, () => {
      expect(read(type, text, options)).toEqual(value);
    });
  }
});

describe('values that are errors', () => {
  const cases: readonly (readonly [SqlType, string, RegExp, FormatOptions?])[] = [
    [bigintType, '9223372036854775808', /\$\.v: expected BIGINT, found number 9223372036854775808 at byte 5/],
    [bigintType, '1.5', /expected BIGINT, found number 1\.5/],
    [bigintType, '"x"', /expected BIGINT, found string "x"/],
    [bigintType, '1e1000000000', /expected BIGINT/],
    [tiny, '128', /expected TINYINT/],
    [unsigned, '-1', /expected BIGINT UNSIGNED/],
    [decimal, '123456789', /expected DECIMAL\(10, 2\)/],
    [doubleType, '1e999', /expected DOUBLE/],
    [textType, '5', /expected TEXT, found number 5/, strict],
    [bigintType, '"5"', /expected BIGINT, found string "5"/, strict],
    [textType, '"a\tb"', /no bare control character/],
    [textType, '"\\x"', /an escape of JSON/],
    [{ kind: 'boolean' }, '"true"', /expected BOOLEAN/, strict],
    [{ kind: 'boolean' }, '"maybe"', /expected BOOLEAN/],
    [{ kind: 'bytes' }, '"A"', /base64/],
    [{ kind: 'date' }, '"2023-02-29"', /DATE like/],
    [timestampType, '1767225600123', /TIMESTAMP\(6\) like "2026/],
    [timestampType, '"2026-01-01T24:00:01Z"', /TIMESTAMP/],
    [timestampType, '"2026-01-01T00:00:00Z"', /milliseconds since 1970, found string/, millis],
    [timestampType, '1767225600123456789', /milliseconds/, millis],
    [intType, '01', /',' or '}'/],
    [intType, '', /a JSON value/],
  ];
  for (const [type, text, message, options] of cases) {
    test(`${formatType(type)} ${text}`, () => {
      const error = read(type, text, options);
      expect(error).toMatchObject({ code: 'WEIR-3102', message: expect.stringMatching(message) as unknown });
    });
  }

  test('a NULL or nothing where the column is NOT NULL names the column and what to do', () => {
    expect(read(bigintType, 'null', {}, false)).toMatchObject({
      message: expect.stringContaining('$.v: expected a value (BIGINT NOT NULL), found null') as unknown,
    });
    const schema = column(bigintType, false);
    const decoder = jsonFormat.createDecoder(schema, {});
    const { data, starts, ends } = index(['{"w":1}']);
    expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 1, new BatchBuilder(schema))).toBe(0);
    expect(decoder.error?.message).toContain('found no such field');
    expect(decoder.error?.hint).toContain('declare column v without NOT NULL');
  });

  test('deep nesting and broken UTF-8 are errors, also where no column looks', () => {
    for (const hidden of [
      `${'['.repeat(100_000)}`,
      '{"a":'.repeat(100_000),
      '"\xff"',
      '"\xed\xa0\x80"',
      '"\xc0\xaf"',
    ]) {
      const schema = column(bigintType);
      const decoder = jsonFormat.createDecoder(schema, {});
      const { data, starts, ends } = index([Buffer.from(`{"v":1,"x":${hidden}}`, 'latin1')]);
      expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 1, new BatchBuilder(schema))).toBe(0);
      expect(decoder.error?.code).toBe('WEIR-3102');
    }
  });
});

test('a tombstone is an error, or skipped or a row of NULLs when asked for', () => {
  const schema = column(bigintType);
  const { data, starts, ends } = index(['{"v":1}', null, '{"v":2}']);
  const decodeWith = (settings: Partial<DecoderSettings>) => {
    const decoder = jsonFormat.createDecoder(schema, {}, { ...plainRecordPart, ...settings });
    const into = new BatchBuilder(schema);
    const consumed = decoder.decode(partWithoutHeaders(data, starts, ends), 0, 3, into);
    return { consumed, rows: plainRows(into.batch()), code: decoder.error?.code, into };
  };
  expect(decodeWith({})).toMatchObject({ consumed: 1, rows: [[1n]], code: 'WEIR-3103' });
  const skipped = decodeWith({ nullValue: 'skip' });
  expect(skipped).toMatchObject({ consumed: 3, rows: [[1n], [2n]], code: undefined });
  expect([...skipped.into.recordIndex.subarray(0, 2)]).toEqual([0, 2]);
  const rows = decodeWith({ nullValue: 'row' });
  expect(rows).toMatchObject({ consumed: 3, rows: [[1n], [null], [2n]], code: undefined });
  const notNull = jsonFormat.createDecoder(
    column(bigintType, false),
    {},
    { ...plainRecordPart, nullValue: 'row' },
  );
  expect(
    notNull.decode(partWithoutHeaders(data, starts, ends), 0, 3, new BatchBuilder(column(bigintType, false))),
  ).toBe(1);
  expect(notNull.error?.message).toContain('column v is NOT NULL');
});

test('only the given columns are filled: the others are for metadata', () => {
  const schema: Schema = {
    fields: [
      { name: 'offset', type: bigintType, nullable: false },
      { name: 'v', type: textType, nullable: true },
    ],
  };
  const decoder = jsonFormat.createDecoder(schema, {}, { ...plainRecordPart, columns: [1] });
  const into = new BatchBuilder(schema);
  const { data, starts, ends } = index(['{"v":"a"}', '{"offset":"no number","v":"b"}']);
  expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 2, into)).toBe(2);
  into.column(0).setInt(0, 41);
  into.column(0).setInt(1, 42);
  expect(plainRows(into.batch())).toEqual([[41n, 'a'], [42n, 'b']]); // prettier-ignore
});

test('json.unstructured takes the whole value as it is', () => {
  const schema: Schema = { fields: [{ name: 'value', type: { kind: 'json' }, nullable: true }] };
  const decoder = jsonFormat.createDecoder(schema, { 'json.unstructured': 'true' });
  const into = new BatchBuilder(schema);
  const { data, starts, ends } = index([' [1, {"a":2}] ', '"x"', '{]']);
  expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 3, into)).toBe(2);
  expect(decoder.error?.code).toBe('WEIR-3102');
  const batch = into.batch();
  expect(plainRows(batch)).toEqual([['[1, {"a":2}]'], ['"x"']]);
  const encoder = jsonFormat.createEncoder(schema, { 'json.unstructured': 'true' });
  encoder.begin(batch);
  const target = new Uint8Array(encoder.bound(0));
  expect(Buffer.from(target.subarray(0, encoder.encode(0, target, 0))).toString()).toBe('[1, {"a":2}]');
});

test('options and columns that can not be are refused before anything runs', () => {
  const numbered: SqlType = {
    kind: 'map',
    key: { name: 'key', type: bigintType, nullable: false },
    value: { name: 'value', type: textType, nullable: true },
  };
  const unfit: Field = { name: 'i', type: numbered, nullable: true };
  const issues = jsonFormat.check(
    { fields: [unfit] },
    { 'json.timestamp_format': 'iso', 'json.include_schema': 'true', 'json.decimal_encoding': 'bytes' },
    'read',
  );
  expect(issues.map((issue) => issue.option ?? issue.column)).toEqual([
    'json.include_schema',
    'json.timestamp_format',
    'json.decimal_encoding',
    'i',
  ]);
  expect(() => jsonFormat.createDecoder({ fields: [unfit] }, {})).toThrow(/no form for MAP/);
});

test('batches end at the capacity, with escapes in every record and without', () => {
  const schema = column(textType);
  const records = Array.from({ length: 10 }, (_, i) => `{"v":"${i % 3 === 0 ? '\\n' : 'x'}${i}"}`);
  const { data, starts, ends } = index(records);
  const decoder = jsonFormat.createDecoder(schema, {});
  const into = new BatchBuilder(schema, 4);
  const rows: unknown[] = [];
  const sizes: number[] = [];
  for (let from = 0; from < records.length;) {
    into.reset();
    from += decoder.decode(partWithoutHeaders(data, starts, ends), from, records.length - from, into);
    expect(decoder.error).toBe(null);
    sizes.push(into.rowCount);
    rows.push(...plainRows(into.batch()).flat());
  }
  expect(sizes).toEqual([4, 4, 2]);
  expect(rows).toEqual(records.map((record) => (JSON.parse(record) as { v: string }).v));
});

test('a plan that needs no column still counts records and refuses what is no JSON', () => {
  const schema: Schema = { fields: [] };
  const decoder = jsonFormat.createDecoder(schema, {});
  const into = new BatchBuilder(schema);
  const { data, starts, ends } = index(['{"v":1}', '{"v":2}', '{"v":"x"}', '{"v":x}']);
  expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 4, into)).toBe(3);
  expect(decoder.error?.code).toBe('WEIR-3102');
  expect(into.batch().rowCount).toBe(3);
});
