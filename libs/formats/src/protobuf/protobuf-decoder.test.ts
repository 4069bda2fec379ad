import { bigintType, intType, textType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import { encodedRows } from '../testing/encoded-rows.ts';
import { columnsOf, independentType, readRecords, wireField } from '../testing/protobuf-records.ts';

const column = (name: string, type: SqlType, nullable = true): Field => ({ name, type, nullable });
const head = 'syntax = "proto3"; ';

/** Each record alone, and behind others, is the same. */
function read(schema: string, records: readonly (readonly number[])[], given?: Field[]) {
  const message = /message M\b/.test(schema) ? { 'protobuf.message': 'M' } : {};
  const fields = given ?? columnsOf(schema, message['protobuf.message']);
  const options = { 'protobuf.schema': schema, ...message };
  const bytes = records.map((record) => Uint8Array.from(record));
  const together = readRecords(fields, options, bytes);
  const alone = bytes.map((record) => readRecords(fields, options, [record]));
  expect(alone.flatMap(({ rows }) => rows)).toEqual(together.rows);
  expect(alone.flatMap(({ errors }) => errors)).toEqual(together.errors);
  return together;
}

test('B1: a scalar without presence that was not written has its default, anything else is NULL', () => {
  const schema = `${head} import "google/protobuf/wrappers.proto"; enum E { ZERO = 0; ONE = 1; }
    message N { int32 x = 1; }
    message M { int32 a = 1; string b = 2; bytes c = 3; bool d = 4; double e = 5; E f = 6; repeated int32 g = 7; map<string, int32> h = 8;
      optional int32 i = 9; N j = 10; oneof k { string l = 11; } google.protobuf.StringValue m = 12; }`;
  const { rows } = read(schema, [
    [],
    wireField(9, 0).concat(wireField(10, []), wireField(11, ''), wireField(12, [])),
  ]);
  const defaults = [0n, '', Buffer.alloc(0), false, 0, 'ZERO', '[]', '{}'];
  const plain = (row: readonly unknown[]): unknown[] =>
    row.map((v) => (v instanceof Uint8Array ? Buffer.from(v) : v));
  expect(rows.map(plain)).toEqual([
    [...defaults, null, null, null, null],
    [...defaults, 0n, [0n], '', ''],
  ]);
});

describe('B2', () => {
  const schema = `${head} message N { int32 a = 1; repeated int32 r = 2; string s = 3; }
    message M { int32 a = 1; N n = 2; oneof o { int32 p = 3; N q = 4; string u = 7; } repeated int32 r = 5; map<string, int32> m = 6; }`;

  test('the last scalar wins, messages are merged, a oneof clears its other members', () => {
    const { rows } = read(schema, [
      [...wireField(1, 1), ...wireField(1, 2)],
      [
        ...wireField(2, wireField(1, 5)),
        ...wireField(1, 9),
        ...wireField(2, [...wireField(2, 1), ...wireField(3, 'x')]),
        ...wireField(2, wireField(2, 2)),
      ],
      [...wireField(3, 1), ...wireField(4, wireField(1, 3))],
      [...wireField(4, wireField(1, 3)), ...wireField(3, 1), ...wireField(4, wireField(3, 'y'))],
      [...wireField(7, 'z'), ...wireField(3, 8)],
    ]);
    const none = [null, null, null];
    expect(rows).toEqual([
      [2n, null, ...none, '[]', '{}'],
      [9n, [5n, '[1,2]', 'x'], ...none, '[]', '{}'],
      [0n, null, null, [3n, '[]', ''], null, '[]', '{}'],
      [0n, null, null, [0n, '[]', 'y'], null, '[]', '{}'],
      [0n, null, 8n, null, null, '[]', '{}'],
    ]);
  });

  test('a member that no column asks for clears one that is asked for', () => {
    const { rows } = read(
      schema,
      [
        [...wireField(3, 1), ...wireField(7, 'x')],
        [...wireField(7, 'x'), ...wireField(3, 1)],
      ],
      [column('p', intType)],
    );
    expect(rows).toEqual([[null], [1n]]);
  });

  test('repeated numbers are read packed and unpacked, mixed, in any place', () => {
    const { rows } = read(schema, [
      [
        ...wireField(5, [1, 2]),
        ...wireField(5, 3),
        ...wireField(1, 7),
        ...wireField(5, [4]),
        ...wireField(5, []),
      ],
    ]);
    expect(rows[0]?.[5]).toBe('[1,2,3,4]');
    const list = [column('r', { kind: 'list', element: column('element', bigintType) })];
    expect(
      read(schema, [[...wireField(5, [1, 2]), ...wireField(1, 7), ...wireField(5, 3)], []], list).rows,
    ).toEqual([[[1n, 2n, 3n]], [[]]]);
  });

  test('entries of a map come in any order and with missing parts, of one key the last counts', () => {
    const entry = (key: string | null, value: number | null): number[] =>
      wireField(6, [
        ...(value === null ? [] : wireField(2, value)),
        ...(key === null ? [] : wireField(1, key)),
      ]);
    const record = [
      ...entry('a', 1),
      ...entry(null, 2),
      ...entry('b', null),
      ...wireField(1, 5),
      ...entry('a', 3),
      ...entry('"', 4),
    ];
    expect(read(schema, [record]).rows[0]?.[6]).toBe('{"a":3,"":2,"b":0,"\\"":4}');
    const map = [
      column('m', { kind: 'map', key: column('key', textType, false), value: column('value', bigintType) }),
    ];
    expect(read(schema, [record, []], map).rows).toEqual([[[['a', 3n], ['', 2n], ['b', 0n], ['"', 4n]]], [[]]]); // prettier-ignore
  });
});

test('B3: a value of another wire type than its field has is one of an unknown field', () => {
  const schema = `${head} message M { int32 a = 1; string b = 2; repeated int32 c = 3; }`;
  const { rows, errors } = read(schema, [
    [...wireField(1, 'x'), ...wireField(2, 5), ...wireField(1, 4)],
    [0x0d, 1, 2, 3, 4, 0x1d, 1, 2, 3, 4],
    [...wireField(900, 1), ...wireField(1, 3), ...wireField(100_000, 'later')],
  ]);
  expect(errors).toEqual([]);
  expect(rows).toEqual([
    [4n, '', '[]'],
    [0n, '', '[]'],
    [3n, '', '[]'],
  ]);
});

describe('B4: numbers', () => {
  const types = ['int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'bool'];
  const schema = `${head} message M { ${types.map((type, at) => `${type} ${type} = ${at + 1};`).join(' ')} }`;
  const value = (type: string, written: number | bigint): unknown => {
    const at = types.indexOf(type);
    return read(schema, [wireField(at + 1, written)]).rows[0]?.[at];
  };

  test.each([
    ['int32', -1, -1n],
    ['int32', 2n ** 31n, -(2n ** 31n)],
    ['int32', 2n ** 32n + 5n, 5n],
    ['int64', -1, -1n],
    ['int64', 2n ** 63n - 1n, 2n ** 63n - 1n],
    ['int64', 2n ** 63n, -(2n ** 63n)],
    ['int64', 2n ** 53n + 1n, 2n ** 53n + 1n],
    ['int64', -(2n ** 53n) - 1n, -(2n ** 53n) - 1n],
    ['uint32', 2n ** 32n - 1n, 2n ** 32n - 1n],
    ['uint64', 2n ** 64n - 1n, 2n ** 64n - 1n],
    ['uint64', 2n ** 63n, 2n ** 63n],
    ['sint32', 1, -1n],
    ['sint32', 2n ** 32n - 1n, -(2n ** 31n)],
    ['sint64', 2n ** 64n - 1n, -(2n ** 63n)],
    ['sint64', 2n ** 64n - 2n, 2n ** 63n - 1n],
    ['sint64', 2n ** 54n - 1n, -(2n ** 53n)],
    ['bool', 2n ** 40n, true],
  ])('%s of %s is %s', (type, written, expected) => expect(value(type, written)).toEqual(expected));

  test('one that is out of its column’s range is bad data, and rows of both sizes stay exact', () => {
    const small = [column('int64', { kind: 'integer', bits: 8, signed: true })];
    expect(read(schema, [wireField(2, 200)], small).errors).toEqual([
      expect.stringMatching(/^int64: 200 is out of range for TINYINT/),
    ]);
    const numbers = [1n, 2n ** 60n + 1n, 0n, -(2n ** 62n)];
    const rows = read(
      schema,
      [...numbers.map((each) => wireField(2, each)), []],
      [column('int64', bigintType)],
    ).rows;
    expect(rows.flat()).toEqual([...numbers, 0n]);
  });

  test.each([
    ['fixed32', [0x0d, 0xff, 0xff, 0xff, 0xff], 2n ** 32n - 1n],
    ['sfixed32', [0x0d, 0xff, 0xff, 0xff, 0xff], -1n],
    ['fixed64', [0x09, 255, 255, 255, 255, 255, 255, 255, 255], 2n ** 64n - 1n],
    ['sfixed64', [0x09, 255, 255, 255, 255, 255, 255, 255, 255], -1n],
    ['sfixed64', [0x09, 0, 0, 0, 0, 0, 0, 0, 128], -(2n ** 63n)],
    ['fixed64', [0x09, 1, 0, 0, 0, 0, 0, 32, 0], 2n ** 53n + 1n],
    ['float', [0x0d, 0, 0, 192, 63], 1.5],
    ['double', [0x09, 0, 0, 0, 0, 0, 0, 248, 127], NaN],
  ])('%s %j', (type, bytes, expected) => {
    expect(read(`${head} message M { ${type} v = 1; }`, [bytes]).rows).toEqual([[expected]]);
  });
});

test('B5: a string that is no UTF-8 is bad data, also where a later one wins; bytes are any', () => {
  const schema = `${head} message M { string s = 1; bytes b = 2; }`;
  const { rows, errors } = read(schema, [
    wireField(1, [0xff]),
    [...wireField(1, [0x61, 0xc3]), ...wireField(1, 'ok')],
    [...wireField(1, 'größer als acht Bytes'), ...wireField(2, [0xff])],
  ]);
  expect(errors).toEqual([
    expect.stringMatching(/^s: a string is no UTF-8 text, at byte/),
    expect.stringMatching(/^s: a string is no UTF-8/),
  ]);
  expect(rows).toEqual([['größer als acht Bytes', Uint8Array.of(0xff)]]);
});

test('B6: a number that the enum has no name for is its digits; a number’s first name counts', () => {
  const schema = `${head} enum E { option allow_alias = true; A = 0; B = 1; C = 1; NEG = -1; } message M { E e = 1; repeated E r = 2; }`;
  const { rows } = read(schema, [
    [...wireField(1, 1), ...wireField(2, [0, 7])],
    wireField(1, 42),
    wireField(1, -1),
  ]);
  expect(rows).toEqual([
    ['B', '["A","7"]'],
    ['42', '[]'],
    ['NEG', '[]'],
  ]);
  expect(read(schema, [wireField(1, 42)], [column('e', intType)]).rows).toEqual([[42n]]);
});

describe('B7: groups', () => {
  const schema =
    'message M { optional int32 a = 1; optional group G = 2 { optional int32 x = 1; optional string s = 2; } repeated group R = 3 { optional int32 y = 1; } }';
  const group = (number: number, inside: number[]): number[] => [number * 8 + 3, ...inside, number * 8 + 4];

  test('are read as messages and skipped by their nesting', () => {
    const record = [
      ...group(2, wireField(1, 5)),
      ...group(3, wireField(1, 1)),
      ...group(9, [...group(9, []), ...wireField(1, 'x')]),
      ...group(3, []),
      ...wireField(1, 6),
      ...group(2, wireField(2, 'z')),
    ];
    expect(read(schema, [record]).rows).toEqual([[6n, [5n, 'z'], '[{"y":1},{}]']]);
    expect(read(schema, [record], [column('a', intType)]).rows).toEqual([[6n]]);
  });

  test('that end wrongly, or lie too deep, are bad data', () => {
    const deep = [
      ...Array.from({ length: 101 }, () => 9 * 8 + 3),
      ...Array.from({ length: 101 }, () => 9 * 8 + 4),
    ];
    const { errors } = read(schema, [[9 * 8 + 3, 8 * 8 + 4], [9 * 8 + 4], [2 * 8 + 3, 8], deep]);
    expect(errors).toEqual([
      expect.stringContaining('group 9 ends with a tag of group 8'),
      expect.stringContaining('a group ends that never began'),
      expect.stringContaining('the record ends before its last value does'),
      expect.stringContaining('more than 100 deep'),
    ]);
  });
});

test('a message that lies inside itself is JSON, 100 deep at most', () => {
  const schema = `${head} message T { T t = 1; int32 x = 2; }`;
  const nested = (depth: number): number[] =>
    depth === 0 ? wireField(2, 1) : wireField(1, nested(depth - 1));
  expect(read(schema, [nested(3)]).rows).toEqual([['{"t":{"t":{"x":1},"x":0},"x":0}', 0n]]);
  expect(read(schema, [nested(98)]).errors).toEqual([]);
  expect(read(schema, [nested(101)]).errors).toEqual([expect.stringContaining('more than 100 deep')]);
});

describe('B9: times', () => {
  const schema = `${head} import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";
    message M { google.protobuf.Timestamp t = 1; google.protobuf.Duration d = 2; }`;
  const time = (field: number, seconds: number | bigint, nanos: number): number[] =>
    wireField(field, [
      ...(seconds === 0 ? [] : wireField(1, seconds)),
      ...(nanos === 0 ? [] : wireField(2, nanos)),
    ]);

  test('nanoseconds count forwards before 1970, too, and are cut towards the past', () => {
    const { rows } = read(schema, [
      time(1, 1_767_225_600, 123_456_789),
      time(1, -1, 999_999_999),
      time(1, 253_402_300_799, 999_999_999),
      time(1, -62_135_596_800, 0),
      [...wireField(1, wireField(2, 5000)), ...wireField(1, wireField(1, 7))],
    ]);
    expect(rows.map(([t]) => t)).toEqual([
      1_767_225_600_123_456n,
      -1n,
      253_402_300_799_999_999n,
      -62_135_596_800_000_000n,
      7_000_005n,
    ]);
    const millis = [column('t', { kind: 'timestamp', precision: 3, zoned: true })];
    expect(read(schema, [time(1, 1, 1_999_999), time(1, -1, 1_999_999)], millis).rows).toEqual([
      [1_001_000n],
      [-999_000n],
    ]);
  });

  test('beyond the years 1 to 9999, or with nanoseconds that are none, they are bad data', () => {
    const bad = [
      time(1, 253_402_300_800, 0),
      time(1, -62_135_596_801, 0),
      time(1, 2n ** 62n, 0),
      time(1, 0, -1),
      time(1, 0, 1_000_000_000),
    ];
    const { rows, errors } = read(schema, bad);
    expect(rows).toEqual([]);
    expect(errors.map((each) => each.slice(0, 14))).toEqual(bad.map(() => 't: a Timestamp'));
  });

  test('a Duration is an INTERVAL; with mixed signs it is bad data', () => {
    const { rows, errors } = read(schema, [
      time(2, 1, 500_000_000),
      time(2, -1, -1),
      time(2, 1, -1),
      time(2, 315_576_000_001, 0),
    ]);
    expect(rows).toEqual([[null, 1_500_000n], [null, -1_000_001n]]); // prettier-ignore
    expect(errors).toEqual([
      expect.stringContaining('of two signs'),
      expect.stringContaining('10,000 years'),
    ]);
  });
});

test('JSON columns: fields in the order of the schema, numbers exact, bytes base64, times as text, Google’s types as their values', () => {
  const schema = `${head} import "google/protobuf/struct.proto"; import "google/protobuf/wrappers.proto"; import "google/protobuf/timestamp.proto";
    import "google/protobuf/duration.proto"; enum E { Z = 0; }
    message In { uint64 u = 4; bytes b = 2; float f = 3; optional int32 o = 1; E e = 5; google.protobuf.Timestamp t = 6; google.protobuf.Duration d = 7;
      google.protobuf.Value v = 8; google.protobuf.Int64Value w = 9; map<int64, bool> m = 10; oneof c { string c1 = 11; string c2 = 12; } }
    message M { repeated In in = 1; google.protobuf.Struct s = 2; }`;
  const type = independentType(schema, 'M');
  const record = type
    .encode({
      in: [
        {
          u: '18446744073709551615',
          b: Buffer.of(1, 2),
          f: 0.1,
          t: { seconds: 1, nanos: 1000 },
          d: { seconds: -1, nanos: -500_000_000 },
          v: { listValue: { values: [{ nullValue: 0 }, { numberValue: 1.5 }, { stringValue: 'ü"' }] } },
          w: { value: 0 },
          m: { '-5': true },
          c2: 'x',
        },
        {},
      ],
      s: { fields: { a: { boolValue: true }, b: { structValue: { fields: {} } } } },
    })
    .finish();
  const { rows } = readRecords(
    columnsOf(schema, 'M'),
    { 'protobuf.schema': schema, 'protobuf.message': 'M' },
    [record],
  );
  expect(rows[0]?.[0]).toBe(
    '[{"u":18446744073709551615,"b":"AQI=","f":0.1,"e":"Z","t":"1970-01-01T00:00:01.000001Z","d":"-1.5s","v":[null,1.5,"ü\\""],"w":0,"m":{"-5":true},"c2":"x"},' +
      '{"u":0,"b":"","f":0,"e":"Z","m":{}}]',
  );
  expect(rows[0]?.[1]).toBe('{"a":true,"b":{}}');
  const options = { 'protobuf.schema': schema, 'protobuf.message': 'M' };
  const again = encodedRows('protobuf', columnsOf(schema, 'M'), rows, options).map((each) => each!);
  expect(readRecords(columnsOf(schema, 'M'), options, again).rows).toEqual(rows);
});

describe('declared columns', () => {
  const schema = `${head} import "google/protobuf/wrappers.proto"; message N { int32 x = 1; string y = 2; }
    message M { int64 Id = 1; string amount = 2; repeated N list = 3; google.protobuf.DoubleValue w = 4; N n = 5; string note = 6; }`;

  test('find the field of their name, else the only one whose name differs in case', () => {
    const record = [...wireField(1, 5), ...wireField(2, '12.345'), ...wireField(6, 'x')];
    const fields = [
      column('note', textType),
      column('id', { kind: 'decimal', precision: 10, scale: 2 }),
      column('Amount', { kind: 'decimal', precision: 10, scale: 2 }),
      column('gone', textType),
    ];
    expect(read(schema, [record], fields).rows).toEqual([['x', 500n, 1235n, null]]);
  });

  test('a list of STRUCT, a STRUCT with fewer fields, a wrapped number', () => {
    const struct: SqlType = { kind: 'struct', fields: [column('y', textType)] };
    const fields = [
      column('list', { kind: 'list', element: column('element', struct) }),
      column('w', { kind: 'float', bits: 64 }),
      column('n', struct),
    ];
    const record = [
      ...wireField(3, wireField(2, 'a')),
      ...wireField(3, []),
      ...wireField(4, [9, 0, 0, 0, 0, 0, 0, 248, 63]),
      ...wireField(5, wireField(1, 1)),
    ];
    expect(read(schema, [record, []], fields).rows).toEqual([
      [[['a'], ['']], 1.5, ['']],
      [[], null, null],
    ]);
  });

  test('NOT NULL of what was not written is bad data, of what has no field too', () => {
    const fields = [column('n', { kind: 'struct', fields: [column('x', intType)] }, false)];
    expect(read(schema, [[]], fields).errors).toEqual([
      expect.stringContaining('there is no n, but n is NOT NULL'),
    ]);
  });

  test('what text is no number of, says so', () => {
    const fields = [column('amount', bigintType)];
    const { errors } = read(schema, [wireField(2, 'abc'), []], fields);
    expect(errors).toEqual([
      expect.stringContaining('amount: its text is no such value: abc'),
      expect.stringContaining('its text is empty'),
    ]);
  });
});

test('more columns than are written out in the code', () => {
  const names = Array.from({ length: 300 }, (_, at) => `f${at}`);
  const schema = `${head} message M { ${names.map((name, at) => `int64 ${name} = ${at + 1};`).join(' ')} }`;
  const record = names.flatMap((_, at) => wireField(at + 1, at));
  expect(read(schema, [record]).rows[0]).toEqual(names.map((_, at) => BigInt(at)));
  expect(read(schema, [record], [column('f299', bigintType)]).rows).toEqual([[299n]]);
});
