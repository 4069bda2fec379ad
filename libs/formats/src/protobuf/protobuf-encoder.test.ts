import { plainRecordValue, type EncoderSettings } from '../encoder.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import {
  booleanType,
  bigintType,
  doubleType,
  intType,
  textType,
  type Field,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import { encodedRows } from '../testing/encoded-rows.ts';
import { independentType, readRecords, wireField } from '../testing/protobuf-records.ts';
import { protobufFormat } from './protobuf-format.ts';
import { protobufOfColumns, protobufToRegister } from './protobuf-of-columns.ts';

const column = (name: string, type: SqlType, nullable = true): Field => ({ name, type, nullable });
const head = 'syntax = "proto3"; ';
const unsigned64: SqlType = { kind: 'integer', bits: 64, signed: false };
const unsigned8: SqlType = { kind: 'integer', bits: 8, signed: false };
const decimal: SqlType = { kind: 'decimal', precision: 20, scale: 3 };
const instant: SqlType = { kind: 'timestamp', precision: 6, zoned: true };
const interval: SqlType = { kind: 'interval', unit: 'micros' };
const structOf = (name: string): SqlType => ({
  kind: 'struct',
  fields: [column('x', intType, false), column(name, textType)],
});
const struct = structOf('y');

function write(schema: string, fields: Field[], rows: PlainRow[]): Uint8Array[] {
  const options = {
    'protobuf.schema': schema,
    ...(/message M\b/.test(schema) ? { 'protobuf.message': 'M' } : {}),
  };
  return encodedRows('protobuf', fields, rows, options).map((record) => record ?? Buffer.from('tombstone'));
}

const plain = (rows: readonly PlainRow[]): unknown[][] =>
  rows.map((row) => row.map((value) => (value instanceof Uint8Array ? [...value] : value)));

const all: readonly [string, SqlType, readonly unknown[]][] = [
  ['boolean', booleanType, [true, false]],
  ['tinyint', { kind: 'integer', bits: 8, signed: true }, [-128n, 0n, 127n]],
  ['int', intType, [-(2n ** 31n), 2n ** 31n - 1n]],
  ['bigint', bigintType, [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 31n, 2n ** 28n, -(2n ** 35n)]],
  ['unsigned8', unsigned8, [0n, 255n]],
  ['unsigned64', unsigned64, [0n, 2n ** 64n - 1n, 2n ** 63n]],
  ['float', { kind: 'float', bits: 32 }, [Math.fround(0.1), NaN, -0]],
  ['double', doubleType, [0.1, -Infinity, 1e300, 0]],
  ['decimal', decimal, [0n, -1n, 12345678901234567890n, 5n]],
  ['text', textType, ['', 'größer als acht Bytes', '😀'.repeat(50)]],
  ['bytes', { kind: 'bytes' }, [Uint8Array.of(0, 255), new Uint8Array(0), new Uint8Array(20_000)]],
  ['date', { kind: 'date' }, [0n, 20_000n, -719_528n]],
  ['time', { kind: 'time', precision: 6 }, [0n, 86_399_999_999n]],
  ['timestamp', instant, [0n, -1n, 1_767_225_600_123_456n, 253_402_300_799_999_999n, -62_135_596_800_000_000n]],
  ['interval', interval, [0n, 1_500_000n, -1_500_001n]],
  ['struct', struct, [[1n, 'a'], [0n, null]]],
  ['list', { kind: 'list', element: column('element', bigintType) }, [[], [1n, 0n, -1n], [2n ** 60n]]],
  ['texts', { kind: 'list', element: column('element', textType) }, [['', 'b'], []]],
  ['structs', { kind: 'list', element: column('element', struct) }, [[[1n, 'a'], [0n, null]]]],
  ['map', { kind: 'map', key: column('key', textType, false), value: column('value', unsigned64) }, [[['a', 1n], ['', 0n]], []]],
  ['numbers', { kind: 'map', key: column('key', bigintType, false), value: column('value', struct) }, [[[-5n, [1n, 'z']]]]],
]; // prettier-ignore

describe('C26: what is written is read back, of every SQL type', () => {
  test.each(all)('%s', (name, type, values) => {
    const isMany = type.kind === 'list' || type.kind === 'map';
    for (const nullable of [true, false]) {
      const fields = [column(name, type, nullable), column('after', textType)];
      const rows = [...values, ...(nullable && !isMany ? [null] : [])].map(
        (value) => [value, 'x'] as PlainRow,
      );
      const { text, message } = protobufOfColumns(fields, 'Value');
      const records = encodedRows('protobuf', fields, rows).map((record) => record!);
      const again = readRecords(fields, { 'protobuf.schema': text, 'protobuf.message': message }, records);
      expect(again.errors, text).toEqual([]);
      expect(plain(again.rows), text).toEqual(plain(rows));
    }
  });
});

test('an independent decoder reads what is written, and would write the same bytes', () => {
  // What compares with this can't write the keys of a map of 64 bits that it has read.
  const known = all.filter(([name]) => name !== 'numbers');
  const fields = known.map(([name, type]) => column(name, type, name !== 'struct'));
  const { text } = protobufOfColumns(fields, 'Value');
  const type = independentType(text, 'Value');
  const row = (at: number): PlainRow => known.map(([, , values]) => values[at % values.length]) as PlainRow;
  const records = encodedRows(
    'protobuf',
    fields,
    Array.from({ length: 12 }, (_, at) => row(at)),
  ).map((record) => record!);
  records.forEach((record, at) => {
    const message = type.decode(record);
    expect(Buffer.from(type.encode(message).finish()).toString('hex'), `row ${at}: ${text}`).toBe(
      Buffer.from(record).toString('hex'),
    );
  });
  expect(type.toObject(type.decode(records[0]!), { longs: String })).toMatchObject({
    decimal: '0.000',
    date: '1970-01-01',
    interval: {},
  });
});

test('G4: proto3 from the columns, optional where they may be NULL, numbers in their order; the text is always the same', () => {
  const fields = [
    column('id', bigintType, false),
    column('note', textType),
    column('user id', intType),
    column('item', structOf('y y')),
    column('at', instant),
    column('tags', { kind: 'list', element: column('element', textType) }),
    column('m', { kind: 'map', key: column('key', textType, false), value: column('value', doubleType) }),
    column('price', decimal),
    column('d', { kind: 'date' }),
  ];
  const made = protobufOfColumns(fields, 'orders_value');
  expect(made).toEqual(protobufOfColumns(fields, 'orders_value'));
  expect(made.message).toBe('orders_value');
  expect(made.names[2]).toBe('user_id');
  expect(made.text).toBe(`syntax = "proto3";
import "google/protobuf/timestamp.proto";

message orders_value {
  message Item {
    int32 x = 1;
    optional string y_y = 2;
  }
  int64 id = 1;
  optional string note = 2;
  optional int32 user_id = 3;
  Item item = 4;
  google.protobuf.Timestamp at = 5;
  repeated string tags = 6;
  map<string, double> m = 7;
  optional string price = 8;
  optional string d = 9;
}
`);
});

test('G4: numbers come from the existing version by name; what is gone is reserved and never used again', () => {
  const first = `${head} package shop.v1; message Order { reserved 20 to 22, 4; int64 id = 7; string gone = 9; message Thing { int32 x = 5; } Thing item = 3; }`;
  const columns = [
    column('added', textType),
    column('id', bigintType, false),
    column('item', structOf('y y')),
  ];
  const made = protobufOfColumns(columns, 'ignored', first);
  expect(made.message).toBe('shop.v1.Order');
  expect(made.text).toBe(`syntax = "proto3";
package shop.v1;

message Order {
  message Thing {
    int32 x = 5;
    optional string y_y = 6;
  }
  reserved 4, 9, 20 to 22;
  optional string added = 23;
  int64 id = 7;
  Thing item = 3;
}
`);
  // Once more the same columns: nothing changes.
  expect(protobufOfColumns(columns, 'ignored', made.text).text).toBe(made.text);
  const [record] = encodedRows('protobuf', columns, [['a', 5n, [1n, 'b']]], { 'protobuf.schema': made.text });
  expect([...record!]).toEqual([
    ...wireField(3, [...wireField(5, 1), ...wireField(6, 'b')]),
    ...wireField(7, 5),
    ...wireField(23, 'a'),
  ]);
});

test('G1: the latest version is kept word for word where it takes the columns and has no other fields', () => {
  const columns = [column('id', bigintType, false), column('state', textType)];
  const latest = `${head} package p; enum State { NEW = 0; } /* of ours */ message Order { sint64 ID = 4; optional State state = 2; }`;
  expect(protobufToRegister(columns, 'x', latest)).toMatchObject({ text: latest, message: 'p.Order' });
  // A column that may be NULL needs a field that may be left out; one more column, or one less, is another version.
  const nullable = [column('id', bigintType), columns[1]!];
  for (const others of [nullable, [...columns, column('more', intType)], columns.slice(1)]) {
    const made = protobufToRegister(others, 'x', latest);
    expect(made.message).toBe('p.Order');
    expect(made.text).toContain('optional string state = 2;');
    if (others.length > 1) expect(made.text).toMatch(/sint64 ID = 4/);
  }
  expect(protobufToRegister(columns, 'x', null).message).toBe('x');
});

describe('a table’s own schema', () => {
  const schema = `${head} import "google/protobuf/wrappers.proto"; enum E { ZERO = 0; ONE = 1; NEG = -1; }
    message N { int32 x = 1; }
    message M { sint64 a = 1; fixed32 b = 2; sfixed64 c = 3; E d = 4; google.protobuf.StringValue e = 5; int64 f = 6; optional int32 g = 7; N h = 8;
      oneof o { string p = 9; int32 q = 10; } repeated int32 r = 11 [packed = false]; string s = 12; double t = 13; sint32 u = 14; uint64 v = 15; }`;
  const one = (name: string, type: SqlType, value: unknown): number[] => [
    ...write(schema, [column(name, type)], [[value] as PlainRow])[0]!,
  ];

  test.each([
    ['a', bigintType, -3n, wireField(1, 5)],
    ['a', bigintType, -(2n ** 62n), wireField(1, 2n ** 63n - 1n)],
    ['b', bigintType, 2n ** 32n - 1n, [0x15, 255, 255, 255, 255]],
    ['c', bigintType, -1n, [0x19, 255, 255, 255, 255, 255, 255, 255, 255]],
    ['d', textType, 'ONE', wireField(4, 1)],
    ['d', textType, 'NEG', wireField(4, -1)],
    ['d', textType, '77', wireField(4, 77)],
    ['d', intType, 1n, wireField(4, 1)],
    ['e', textType, 'x', wireField(5, wireField(1, 'x'))],
    ['e', textType, '', wireField(5, [])],
    ['f', { kind: 'timestamp', precision: 3, zoned: false } as SqlType, -1_500n, wireField(6, -2)],
    ['f', instant, 1_500n, wireField(6, 1500)],
    ['g', intType, 0n, wireField(7, 0)],
    [
      'r',
      { kind: 'list', element: column('e', intType) } as SqlType,
      [1n, 0n],
      [...wireField(11, 1), ...wireField(11, 0)],
    ],
    ['s', decimal, 1_500n, wireField(12, '1.500')],
    ['t', intType, 2n, [0x69, 0, 0, 0, 0, 0, 0, 0, 64]],
    ['u', intType, -1n, wireField(14, 1)],
    ['v', unsigned64, 2n ** 64n - 1n, wireField(15, 2n ** 64n - 1n)],
    ['S', textType, 'x', wireField(12, 'x')],
  ])('%s of %j: %s', (name, type, value, bytes) => expect(one(name, type, value)).toEqual(bytes));

  test('B1: a default value is written only where it can be told from none', () => {
    expect(one('a', bigintType, 0n)).toEqual([]);
    expect(one('d', textType, 'ZERO')).toEqual(wireField(4, 0));
    expect(one('s', textType, '')).toEqual([]);
    expect(one('p', textType, '')).toEqual(wireField(9, ''));
    expect(one('q', intType, null)).toEqual([]);
  });

  test.each([
    ['a', bigintType, null, /column a is NULL, which its field can't be/],
    ['b', bigintType, -1n, /column b: -1 is out of the range of its field/],
    ['d', textType, 'TWO', /'TWO' is no name of enum E/],
    ['r', { kind: 'list', element: column('e', intType) } as SqlType, [null], /column r\[\] is NULL/],
    ['v', bigintType, -1n, /out of the range/],
  ])('%s %j refuses %s', (name, type, value, message) => {
    expect(() => one(name, type, value)).toThrow(
      expect.objectContaining({ code: 'WEIR-3110', message: expect.stringMatching(message) as unknown }),
    );
  });

  test.each([
    [column('gone', textType), /no field for gone/, /its fields are a, b, c/],
    [column('a', textType), /TEXT can't be written as field a, which is sint64/, /CAST/],
    [column('s', { kind: 'interval', unit: 'months' }), /Protobuf has no type for INTERVAL/, /CAST/],
  ])('%j is told by the compiler', (field, message, hint) => {
    const [issue] = protobufFormat.check(
      { fields: [field] },
      { 'protobuf.schema': schema, 'protobuf.message': 'M' },
      'write',
    );
    expect(issue).toMatchObject({
      column: field.name,
      message: expect.stringMatching(message) as unknown,
      hint: expect.stringMatching(hint) as unknown,
    });
  });

  test('a JSON column is written as any field, by the form that it is read in; what has another form ends the pipeline', () => {
    const json: SqlType = { kind: 'json' };
    expect(one('r', json, '[1, -1, "2"]')).toEqual([
      ...wireField(11, 1),
      ...wireField(11, -1),
      ...wireField(11, 2),
    ]);
    expect(one('h', json, '{"x": 5}')).toEqual(wireField(8, wireField(1, 5)));
    expect(one('v', json, '18446744073709551615')).toEqual(wireField(15, 2n ** 64n - 1n));
    expect(one('d', json, '"NEG"')).toEqual(wireField(4, -1));
    expect(one('h', json, 'null')).toEqual([]);
    // Into text it goes as it stands.
    expect(one('s', json, '[1]')).toEqual(wireField(12, '[1]'));
    for (const [name, text] of [
      ['r', '{}'],
      ['r', '[1.5]'],
      ['r', '[4294967296]'],
      ['h', '{"z": 1}'],
      ['h', '[]'],
      ['r', '[null]'],
    ] as const) {
      expect(() => one(name, json, text), text).toThrow(
        expect.objectContaining({
          code: 'WEIR-3110',
          message: expect.stringContaining(`column ${name}: ${text} can't be written`) as unknown,
        }),
      );
    }
  });

  test('groups of old files are written as groups', () => {
    const old = 'message M { optional group G = 2 { optional int32 x = 1; } }';
    expect([
      ...write(old, [column('g', { kind: 'struct', fields: [column('x', intType)] })], [[[5n]]])[0]!,
    ]).toEqual([19, 8, 5, 20]);
  });
});

test('F10 W1: a registered schema is named before the message, with the indexes of its message', () => {
  const text = `${head} message Before {} message M { message In { int32 x = 1; } int32 x = 1; }`;
  const written = (message: string): number[] => {
    const writer: EncoderSettings['writer'] = {
      format: 'protobuf',
      text,
      references: [],
      message,
      writerId: 258,
      origin: { kind: 'inline' },
      columns: [],
    };
    const settings: EncoderSettings = { ...plainRecordValue, framing: 'confluent', writer };
    return [...encodedRows('protobuf', [column('x', intType)], [[5n]], {}, settings)[0]!];
  };
  expect(written('M')).toEqual([0, 0, 0, 1, 2, 2, 2, 8, 5]);
  expect(written('M.In')).toEqual([0, 0, 0, 1, 2, 4, 2, 0, 8, 5]);
  const framed = { 'protobuf.confluent_schema_registry': 'true' };
  expect(protobufFormat.check({ fields: [column('x', intType)] }, framed, 'write')).toHaveLength(1);
  const none = { ...plainRecordValue, framing: 'confluent' as const };
  expect(() => encodedRows('protobuf', [column('x', intType)], [[5n]], {}, none)).toThrow(
    /was not registered/,
  );
});

test('a long message in a message, and a time out of Protobuf’s range', () => {
  const fields = [column('s', { kind: 'struct', fields: [column('a', textType), column('b', textType)] })];
  for (const length of [125, 126, 127, 128, 16_381, 16_384, 100_000]) {
    const row: PlainRow = [['x'.repeat(length), 'end']];
    const { text, message } = protobufOfColumns(fields, 'Value');
    const [record] = encodedRows('protobuf', fields, [row]);
    expect(
      readRecords(fields, { 'protobuf.schema': text, 'protobuf.message': message }, [record!]).rows,
    ).toEqual([row]);
  }
  expect(() => encodedRows('protobuf', [column('t', instant)], [[253_402_300_800_000_000n]])).toThrow(
    /column t: Protobuf's Timestamp goes from the year 1 to 9999/,
  );
});
