import { partWithoutHeaders } from '../decoder.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { plainRows, type PlainRow, type PlainValue } from '@weir/columnar/row-view.ts';
import { formatType, textType, type Field, type Schema, type SqlType } from '@weir/columnar/sql-type.ts';
import { describe, expect, test, vi } from 'vitest';
import type { FormatOptions } from '../format.ts';
import { jsonFormat } from './json-format.ts';
import { readJsonOptions } from './json-options.ts';
import { readPlainRow } from './plain-json.ts';
import { JsonProblem } from './plain-parse.ts';

vi.setConfig({ testTimeout: 60_000 });

const seed = Number(process.env['WEIR_SEED'] ?? 20261125);
const utf8 = new TextEncoder();
type Outcome = PlainRow | 'bad data';

function decoded(schema: Schema, options: FormatOptions, records: readonly Uint8Array[]): Outcome[] {
  const data = new Uint8Array(Buffer.concat(records));
  const ends = Int32Array.from(records, (record) => record.length);
  for (let index = 1; index < ends.length; index += 1) ends[index] = ends[index]! + ends[index - 1]!;
  const starts = Int32Array.from(ends, (end, index) => end - records[index]!.length);
  const decoder = jsonFormat.createDecoder(schema, options);
  const into = new BatchBuilder(schema);
  const outcomes: Outcome[] = records.map(() => 'bad data');
  for (let from = 0; from < records.length;) {
    from += decoder.decode(partWithoutHeaders(data, starts, ends), from, records.length - from, into);
    if (decoder.error === null) {
      plainRows(into.batch()).forEach((row, index) => {
        outcomes[into.recordIndex[index] ?? -1] = row;
      });
      into.reset();
      continue;
    }
    expect(decoder.error.code).toBe('WEIR-3102');
    from += 1;
  }
  plainRows(into.batch()).forEach((row, index) => {
    outcomes[into.recordIndex[index] ?? -1] = row;
  });
  return outcomes;
}

function plain(schema: Schema, options: FormatOptions, record: Uint8Array): Outcome {
  try {
    return readPlainRow(record, schema.fields, readJsonOptions(options).options);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonProblem);
    return 'bad data';
  }
}

/** What a column of the type takes `text` for, of both readers and of code made for the record's look. */
function read(type: SqlType, text: string, options: FormatOptions = {}): PlainValue {
  const schema: Schema = { fields: [{ name: 'v', type, nullable: true }] };
  const record = utf8.encode(`{"v":${text}}`);
  const outcomes = decoded(schema, options, [record, record, utf8.encode(`{"w":[1, 2],\n"v": ${text} }`)]);
  outcomes.push(plain(schema, options, record));
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  const [first] = outcomes;
  return first === 'bad data' || first === undefined ? 'bad data' : (first[0] ?? null);
}

const boolean: SqlType = { kind: 'boolean' };
const int: SqlType = { kind: 'integer', bits: 32, signed: true };
const decimal: SqlType = { kind: 'decimal', precision: 10, scale: 2 };
const double: SqlType = { kind: 'float', bits: 64 };
const bytes: SqlType = { kind: 'bytes' };
const json: SqlType = { kind: 'json' };
const date: SqlType = { kind: 'date' };
const time: SqlType = { kind: 'time', precision: 6 };
const timestamp: SqlType = { kind: 'timestamp', precision: 6, zoned: false };
const field = (name: string, type: SqlType): Field => ({ name, type, nullable: true });
const struct: SqlType = { kind: 'struct', fields: [field('a', int)] };
const list: SqlType = { kind: 'list', element: field('element', int) };
const map: SqlType = { kind: 'map', key: { ...field('key', textType), nullable: false }, value: field('value', int) }; // prettier-ignore
const types = [
  boolean,
  int,
  decimal,
  double,
  textType,
  bytes,
  json,
  date,
  time,
  timestamp,
  struct,
  list,
  map,
];

const bad = 'bad data';
/** docs/sql.md's table: for each JSON value what the columns hold, in the order of `types`, and what they hold with json.strict. */
const table: readonly (readonly [string, readonly PlainValue[], readonly PlainValue[]])[] = [
  ['null', types.map(() => null), types.map(() => null)],
  [
    'true',
    [true, bad, bad, bad, 'true', bad, 'true', bad, bad, bad, bad, bad, bad],
    [true, bad, bad, bad, bad, bad, 'true', bad, bad, bad, bad, bad, bad],
  ],
  [
    '1.0',
    [true, 1n, 100n, 1, '1.0', bad, '1.0', bad, bad, bad, bad, bad, bad],
    [bad, 1n, 100n, 1, bad, bad, '1.0', bad, bad, bad, bad, bad, bad],
  ],
  [
    '7',
    [bad, 7n, 700n, 7, '7', bad, '7', bad, bad, bad, bad, bad, bad],
    [bad, 7n, 700n, 7, bad, bad, '7', bad, bad, bad, bad, bad, bad],
  ],
  [
    '"7"',
    [bad, 7n, 700n, 7, '7', bad, '"7"', bad, bad, bad, bad, bad, bad],
    [bad, bad, bad, bad, '7', bad, '"7"', bad, bad, bad, bad, bad, bad],
  ],
  [
    '"true"',
    [true, bad, bad, bad, 'true', Uint8Array.from(Buffer.from('true', 'base64')), '"true"', bad, bad, bad, bad, bad, bad],
    [bad, bad, bad, bad, 'true', Uint8Array.from(Buffer.from('true', 'base64')), '"true"', bad, bad, bad, bad, bad, bad],
  ],
  [
    '"2026-06-25T09:15Z"',
    [bad, bad, bad, bad, '2026-06-25T09:15Z', bad, '"2026-06-25T09:15Z"', 20_629n, 33_300_000_000n, 1_782_378_900_000_000n, bad, bad, bad],
    [bad, bad, bad, bad, '2026-06-25T09:15Z', bad, '"2026-06-25T09:15Z"', 20_629n, 33_300_000_000n, 1_782_378_900_000_000n, bad, bad, bad],
  ],
  [
    '{"a": 1}',
    [bad, bad, bad, bad, '{"a": 1}', bad, '{"a": 1}', bad, bad, bad, [1n], bad, [['a', 1n]]],
    [bad, bad, bad, bad, bad, bad, '{"a": 1}', bad, bad, bad, [1n], bad, [['a', 1n]]],
  ],
  [
    '[1 ,2]',
    [bad, bad, bad, bad, '[1 ,2]', bad, '[1 ,2]', bad, bad, bad, bad, [1n, 2n], bad],
    [bad, bad, bad, bad, bad, bad, '[1 ,2]', bad, bad, bad, bad, [1n, 2n], bad],
  ],
]; // prettier-ignore

describe('fault 1.1.6: JSON kinds and SQL types', () => {
  for (const [text, lenient, strict] of table) {
    types.forEach((type, index) => {
      test(`${text} in ${formatType(type)}`, () => {
        expect(read(type, text)).toEqual(lenient[index]);
        expect(read(type, text, { 'json.strict': 'true' })).toEqual(strict[index]);
      });
    });
  }

  test.each([
    ['"TRUE"', true], ['"no"', false], ['" on "', true], ['"1"', true], ['1', true], ['0', false], ['0e7', false], ['-0', false],
    ['1.5', bad], ['-1', bad], ['""', bad], ['"2"', bad], ['"\\u0074rue"', true],
  ])('%s in BOOLEAN', (text, value) => {
    expect(read(boolean, text)).toEqual(value);
  }); // prettier-ignore

  test('a bare control character in a time is no JSON, as in any string; an escaped one around it is white space', () => {
    expect(read(timestamp, '"2026-06-25\n09:15"')).toBe(bad);
    expect(read(timestamp, '"2026-06-25 09:15\t"')).toBe(bad);
    expect(read(date, '"\t2026-06-25"')).toBe(bad);
    expect(read(date, '"\\t2026-06-25 "')).toBe(20_629n);
  });

  test('numbers keep their spelling in TEXT', () => {
    for (const text of ['-0', '1e5', '1.50', '123456789012345678901234567890', '{"a":"\\u00e9\\n"}', '[]'])
      expect(read(textType, text)).toBe(text);
  });

  test("json.strict leaves forms that aren't a matter of kinds: NaN, DECIMAL in strings where the option says so", () => {
    expect(read(double, '"NaN"', { 'json.strict': 'true' })).toBeNaN();
    const options = { 'json.strict': 'true', 'json.decimal_encoding': 'string' };
    expect(read(decimal, '"1.5"', options)).toBe(150n);
    expect(read(int, '"1"', options)).toBe(bad);
    expect(read(timestamp, '"5"', { 'json.timestamp_format': 'unix_millis' })).toBe(5000n);
    expect(read(timestamp, '"5"', { 'json.timestamp_format': 'unix_millis', 'json.strict': 'true' })).toBe(
      bad,
    );
  });

  test(`any value in any column: both readers agree (seed ${seed})`, () => {
    const random = new RandomRows(seed);
    const texts = [...table.map(([text]) => text), '0', '-1', '1.5', '""', '"x\\"y"', '"no"', '"\\u0031"', '{}', '[]', '[true]', '{"a":"1"}',
      '"2026-06-25"', '"09:15"', '"2026-06-25T09:15:00.1234567+02:00"', '"AAH/"', '1e400', '"NaN"', 'tru', '00', '"']; // prettier-ignore
    for (let round = 0; round < 150; round += 1) {
      const schema = random.schema();
      const options = {
        'json.strict': random.pick(['true', 'false']),
        'json.timestamp_format': random.pick(['rfc3339', 'sql', 'unix_millis', 'unix_micros']),
        'json.decimal_encoding': random.pick(['number', 'string']),
      };
      const records = Array.from({ length: 40 }, () => {
        const mark = random.next() < 0.1 ? '\ufeff' : '';
        const fields = schema.fields.map((column) => `${JSON.stringify(column.name)}:${random.pick(texts)}`);
        return utf8.encode(`${mark}{${fields.join(',')}}`);
      });
      const outcomes = decoded(schema, options, records);
      records.forEach((record, index) => {
        expect(outcomes[index], Buffer.from(record).toString()).toEqual(plain(schema, options, record));
      });
    }
  });
});

describe('fault 1.1.10: a byte order mark', () => {
  const schema: Schema = { fields: [field('v', int)] };
  const marked = utf8.encode('\ufeff{"v":1}');

  test('before a record is no part of it, in whatever way the record is read', () => {
    expect(decoded(schema, {}, [marked, marked, utf8.encode('{"v":2}'), marked])).toEqual([[1n], [1n], [2n], [1n]]);
    expect(decoded(schema, {}, [utf8.encode('\ufeff \n{"v":1,"v":3}')])).toEqual([[3n]]);
    expect(decoded({ fields: [field('v', json)] }, { 'json.unstructured': 'true' }, [utf8.encode('\ufeff[1]')])).toEqual([['[1]']]);
  }); // prettier-ignore

  test('elsewhere, or twice, it is no JSON; an error counts its bytes', () => {
    expect(decoded(schema, {}, ['{\ufeff"v":1}', '{"v":1}\ufeff', '\ufeff\ufeff{"v":1}'].map((text) => utf8.encode(text)))).toEqual([bad, bad, bad]);
    const decoder = jsonFormat.createDecoder(schema, {});
    const broken = utf8.encode('\ufeff{"v":x}');
    decoder.decode(partWithoutHeaders(broken, Int32Array.of(0), Int32Array.of(broken.length)), 0, 1, new BatchBuilder(schema));
    expect(decoder.error?.message).toContain('at byte 8 of 10');
  }); // prettier-ignore
});
