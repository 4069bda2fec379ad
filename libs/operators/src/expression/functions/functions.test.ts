import type { PlainValue } from '@weir/columnar/row-view.ts';
import {
  bigintType,
  booleanType,
  doubleType,
  textType,
  timestampType,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import { describe, expect, it } from 'vitest';
import { callOf, castOf, constant, evaluateConstant } from '../../testing/evaluate-constant.ts';

/** Expected values are what PostgreSQL 16 gives, unless said otherwise. */
const json: SqlType = { kind: 'json' };
const date: SqlType = { kind: 'date' };
const bytes: SqlType = { kind: 'bytes' };
const interval: SqlType = { kind: 'interval', unit: 'micros' };
const decimal = (precision: number, scale: number): SqlType => ({ kind: 'decimal', precision, scale });
const micros = (text: string): bigint => BigInt(Date.parse(text)) * 1000n;
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function typeOfValue(value: PlainValue): SqlType {
  if (typeof value === 'bigint') return bigintType;
  if (typeof value === 'number') return doubleType;
  if (typeof value === 'boolean') return booleanType;
  return value instanceof Uint8Array ? bytes : textType;
}

describe('functions of text and numbers', () => {
  it.each<[string, PlainValue[], PlainValue]>([
    ['upper', ['straße'], 'STRASSE'],
    ['initcap', ['hi THOMAS o-neil'], 'Hi Thomas O-Neil'],
    ['length', ['a😀b'], 3n],
    ['octet_length', ['a😀b'], 6n],
    ['ascii', ['x'], 120n],
    ['chr', [8364n], '€'],
    ['concat', ['a', null], null],
    ['concat_all', ['a', null, 'b'], 'ab'],
    ['concat_ws', [',', 'a', null, 'b'], 'a,b'],
    ['left', ['abcde', -2n], 'abc'],
    ['right', ['abcde', -2n], 'cde'],
    ['right', ['abcde', 2n], 'de'],
    ['lpad', ['hi', 5n, 'xy'], 'xyxhi'],
    ['rpad', ['hi', 1n], 'h'],
    ['btrim', ['xyxtrimyyx', 'xyz'], 'trim'],
    ['replace', ['abcdefabcdef', 'cd', 'XX'], 'abXXefabXXef'],
    ['reverse', ['abcde'], 'edcba'],
    ['split_part', ['abc~@~def~@~ghi', '~@~', 2n], 'def'],
    ['split_part', ['abc,def,ghi', ',', -1n], 'ghi'],
    ['strpos', ['high', 'ig'], 2n],
    ['substring', ['Thomas', 2n, 3n], 'hom'],
    ['substring', ['Thomas', -1n, 3n], 'T'],
    ['overlay', ['Txxxxas', 'hom', 2n, 4n], 'Thomas'],
    ['translate', ['12345', '143', 'ax'], 'a2x5'],
    ['md5', ['abc'], '900150983cd24fb0d6963f7d28e17f72'],
    ['sha256', ['abc'], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['to_hex', [-1n], 'ffffffffffffffff'],
    ['encode', [bytesOf('abc'), 'base64'], 'YWJj'],
    ['regexp_replace', ['Thomas', '.[mN]a.', 'M'], 'ThM'],
    ['regexp_replace', ['foobarbaz', 'b(..)', 'X\\1Y', 'g'], 'fooXarYXazY'],
    ['regexp_like', ['Hello World', 'world$', 'i'], true],
    ['regexp_count', ['123456789012', '\\d{3}'], 4n],
    ['regexp_substr', ['ABC', 'x'], null],
    ['regexp_extract', ['channel_id=42', 'id=(\\d+)', 1n], '42'],
    ['like', ['abc', 'a_c', '\\'], true],
    ['like', ['abc', '%b%', '\\'], true],
    ['like', ['a%c', 'a\\%c', '\\'], true],
    ['like', ['a\nc', 'a%c', '\\'], true],
    ['ilike', ['ABC', 'a%', '\\'], true],
    ['similar', ['abc', '%(b|d)%'], true],
    ['similar', ['abc', '(b|c)%'], false],
    ['regex_match', ['abc', '^a.c$'], true],
    ['regex_imatch', ['ABC', 'b'], true],
    ['round', [2.5], 2],
    ['round', [-2.675, 2n], -2.68],
    ['round', [2.5, 400n], 2.5],
    ['trunc', [42.4382, 2n], 42.43],
    ['ceil', [-42.8], -42],
    ['sign', [-8.4], -1],
    ['power', [9, 3], 729],
    ['log', [2, 64], 6],
    ['gcd', [1071n, 462n], 21n],
    ['lcm', [1071n, 462n], 23_562n],
    ['shift_left', [1n, 62n], 4_611_686_018_427_387_904n],
    ['bit_xor', [17n, 5n], 20n],
    ['bit_not', [5n], -6n],
    ['greatest', [1n, null, 3n], 3n],
    ['nullif', [1n, 1n], null],
  ])('%s, case %#', (name, args, expected) => {
    const result = expected === null ? typeOfValue(args[0] ?? null) : typeOfValue(expected);
    const expressions = args.map((arg) =>
      constant(arg, arg === null ? typeOfValue(args[0] ?? '') : typeOfValue(arg)),
    );
    expect(evaluateConstant(callOf(name, result, expressions))).toEqual(expected);
  });

  it('keeps decimals exact', () => {
    const value = constant(-123_456_789_012_345_678_901_234_567_895n, decimal(38, 5));
    expect(evaluateConstant(callOf('round', decimal(34, 0), [value]))).toBe(
      -1_234_567_890_123_456_789_012_346n,
    );
    expect(evaluateConstant(callOf('floor', decimal(34, 0), [value]))).toBe(
      -1_234_567_890_123_456_789_012_346n,
    );
    expect(evaluateConstant(callOf('trunc', decimal(38, 5), [value, constant(1n, bigintType)]))).toBe(
      -123_456_789_012_345_678_901_234_560_000n,
    );
  });

  it.each([
    ['sqrt', -1],
    ['ln', 0],
  ])('%s(%d) is an error that says so', (name, value) => {
    expect(() => evaluateConstant(callOf(name, doubleType, [constant(value, doubleType)]))).toThrow(
      /outside its domain/,
    );
  });
});

describe('a result beyond DOUBLE', () => {
  it.each([
    ['exp', [1000]],
    ['power', [10, 400]],
    ['power', [-10, 309]],
    ['degrees', [1e307]],
    ['add', [1.7e308, 1.7e308]],
    ['sub', [-1.7e308, 1.7e308]],
    ['mul', [1e200, -1e200]],
    ['div', [1e300, 1e-300]],
  ])('%s(%j) is an error, as in PostgreSQL', (name, args) => {
    const expressions = args.map((arg) => constant(arg, doubleType));
    expect(() => evaluateConstant(callOf(name, doubleType, expressions))).toThrow(/out of range for DOUBLE/);
  });

  it.each([
    ['exp', [Infinity], Infinity],
    ['exp', [-1000], 0],
    ['power', [Infinity, 2], Infinity],
    ['power', [10, -400], 0],
    ['power', [1, NaN], 1],
    ['sinh', [1000], Infinity],
    ['add', [Infinity, 1], Infinity],
    ['sub', [Infinity, Infinity], NaN],
    ['mul', [1e-200, 1e-200], 0],
    ['mod', [1.7e308, 3], 1.7e308 % 3],
  ])('%s(%j) is %d: infinities go on, and too small is 0', (name, args, expected) => {
    const expressions = args.map((arg) => constant(arg, doubleType));
    expect(evaluateConstant(callOf(name, doubleType, expressions))).toBe(expected);
  });
});

it('a FLOAT overflows at its own bounds', () => {
  const real: SqlType = { kind: 'float', bits: 32 };
  const product = callOf('mul', real, [constant(1e38, real), constant(10, real)]);
  expect(() => evaluateConstant(product)).toThrow(/out of range for FLOAT/);
});

describe('functions of time', () => {
  const at = constant(micros('2001-02-16T20:38:40.120Z') + 5n, timestampType);
  it.each<[string, SqlType, bigint]>([
    ['year', bigintType, 2001n],
    ['month', bigintType, 2n],
    ['week', bigintType, 7n],
    ['doy', bigintType, 47n],
    ['dow', bigintType, 5n],
    ['quarter', bigintType, 1n],
    ['century', bigintType, 21n],
    ['second', decimal(8, 6), 40_120_005n],
    ['milliseconds', decimal(9, 3), 40_120_005n],
    ['epoch', decimal(18, 6), 982_355_920_120_005n],
    ['hour', bigintType, 20n],
  ])('extract(%s)', (field, type, expected) => {
    expect(evaluateConstant(callOf('extract', type, [constant(field, textType), at]))).toBe(expected);
  });

  it.each([
    ['hour', '2001-02-16T20:00:00Z'],
    ['week', '2001-02-12T00:00:00Z'],
    ['quarter', '2001-01-01T00:00:00Z'],
    ['decade', '2000-01-01T00:00:00Z'],
    ['century', '2001-01-01T00:00:00Z'],
    ['Months', '2001-02-01T00:00:00Z'],
    ['ms', '2001-02-16T20:38:40.120Z'],
  ])('date_trunc(%s)', (field, expected) => {
    expect(evaluateConstant(callOf('date_trunc', timestampType, [constant(field, textType), at]))).toBe(
      micros(expected),
    );
  });

  it('adds months, days and intervals', () => {
    const month: SqlType = { kind: 'interval', unit: 'months' };
    const end = constant(micros('2023-01-31T10:00:00Z'), timestampType);
    expect(evaluateConstant(callOf('add', timestampType, [end, constant(1n, month)]))).toBe(
      micros('2023-02-28T10:00:00Z'),
    );
    expect(evaluateConstant(callOf('sub', timestampType, [end, constant(3_600_000_000n, interval)]))).toBe(
      micros('2023-01-31T09:00:00Z'),
    );
    expect(evaluateConstant(callOf('sub', bigintType, [constant(100n, date), constant(40n, date)]))).toBe(
      60n,
    );
  });

  it('bins, makes and formats', () => {
    const bin = [
      constant(900_000_000n, interval),
      at,
      constant(micros('2001-01-01T00:02:30Z'), timestampType),
    ];
    expect(evaluateConstant(callOf('date_bin', timestampType, bin))).toBe(micros('2001-02-16T20:32:30Z'));
    const parts = [2013n, 7n, 15n, 8n, 15n].map((part) => constant(part, bigintType));
    expect(
      evaluateConstant(callOf('make_timestamp', timestampType, [...parts, constant(23.5, doubleType)])),
    ).toBe(micros('2013-07-15T08:15:23.500Z'));
    const format = (name: string, pattern: string): PlainValue =>
      evaluateConstant(callOf(name, textType, [at, constant(pattern, textType)]));
    expect(format('to_char', 'YYYY-MM-DD"T"HH24:MI:SS.US Dy Mon')).toBe('2001-02-16T20:38:40.120005 Fri Feb');
    expect(format('date_format', "yyyy-MM-dd'T'HH:mm:ss.SSS a")).toBe('2001-02-16T20:38:40.120 PM');
  });
});

describe('functions of JSON', () => {
  const text =
    '{"a": {"b": [1, "x\\"y", null, 12345678901234567890]}, "n": 9007199254740993, "t": true, "a b": "q"}';
  it.each<[string, SqlType, PlainValue, PlainValue]>([
    ['json_get', json, 'n', '9007199254740993'],
    ['json_get', json, 'missing', null],
    ['json_get_int', bigintType, 'n', 9_007_199_254_740_993n],
    ['json_get_str', textType, 'n', null],
    ['json_get_bool', booleanType, 't', true],
    ['json_get_text', textType, 'a b', 'q'],
    ['json_contains', booleanType, 't', true],
    ['json_value', textType, '$.a.b[1]', 'x"y'],
    ['json_value', textType, '$.a.b[3]', '12345678901234567890'],
    ['json_value', textType, '$.a', null],
    ['json_value', textType, "$['a b']", 'q'],
    ['json_query', json, '$.a.b', '[1, "x\\"y", null, 12345678901234567890]'],
    ['extract_json_string', textType, '$.n', null],
    ['get_first_json_object', textType, '$.a.b[1]', '"x\\"y"'],
  ])('%s, case %#', (name, type, path, expected) => {
    expect(evaluateConstant(callOf(name, type, [constant(text, json), constant(path, textType)]))).toEqual(
      expected,
    );
  });

  it('takes elements of arrays from both ends', () => {
    const list = constant('[10, 20, 30]', json);
    expect(evaluateConstant(callOf('json_get', json, [list, constant(-1n, bigintType)]))).toBe('30');
    expect(evaluateConstant(callOf('json_length', bigintType, [list]))).toBe(3n);
  });
});

describe('casts', () => {
  const time: SqlType = { kind: 'time', precision: 6 };
  const zoned: SqlType = { kind: 'timestamp', precision: 6, zoned: true };
  it.each<[PlainValue, SqlType, SqlType, PlainValue]>([
    [' 42 ', textType, bigintType, 42n],
    ['9223372036854775807', textType, bigintType, 9_223_372_036_854_775_807n],
    [2.5, doubleType, bigintType, 2n],
    [3.5, doubleType, bigintType, 4n],
    [-25n, decimal(5, 1), bigintType, -3n],
    ['12.345', textType, decimal(10, 2), 1235n],
    [0.1, doubleType, decimal(10, 3), 100n],
    [150n, decimal(5, 2), textType, '1.50'],
    [1.5, doubleType, textType, '1.5'],
    ['yes', textType, booleanType, true],
    ['2020-02-29', textType, date, 18_321n],
    ['2020-01-01 00:00:00.5', textType, timestampType, micros('2020-01-01T00:00:00.500Z')],
    ['2020-01-01T02:00:00+02:00', textType, zoned, micros('2020-01-01T00:00:00Z')],
    ['12:34:56.789', textType, time, 45_296_789_000n],
    [micros('2020-01-01T12:34:56.780Z'), timestampType, textType, '2020-01-01 12:34:56.78'],
    [-1n, timestampType, date, -1n],
    [90_061_000_000n, interval, textType, '1 day 01:01:01'],
    ['1 day 2 hours', textType, interval, 93_600_000_000n],
    ['\\x6162', textType, bytes, bytesOf('ab')],
    ['NaN', textType, doubleType, NaN],
  ])('case %#', (value, from, to, expected) => {
    expect(evaluateConstant(castOf(constant(value, from), to))).toEqual(expected);
  });

  it.each<[string, SqlType, PlainValue]>([
    ['2026-06-25T09:15Z', timestampType, micros('2026-06-25T09:15:00Z')],
    ['2026-06-25T09:15+02:00', timestampType, micros('2026-06-25T07:15:00Z')],
    ['2026-06-25T09:15:59.9999999', timestampType, micros('2026-06-25T09:15:59.999Z') + 999n],
    ['2026-06-25 24:00', zoned, micros('2026-06-26T00:00:00Z')],
    ['09:15:59.9996', { kind: 'time', precision: 3 }, 33_359_999_000n],
    ['2026-06-25T09:15Z', date, 20_629n],
  ])('fault 1.1.5: the cast of %s reads as JSON and literals do', (text, to, expected) => {
    expect(evaluateConstant(castOf(constant(text, textType), to))).toEqual(expected);
  });

  it.each<[string, SqlType, PlainValue]>([
    ['2 hours ago', interval, -7_200_000_000n],
    ['1 day, 02:03:04.5', interval, 93_784_500_000n],
    ['1-2', { kind: 'interval', unit: 'months' }, 14n],
    ['2 years 3 mons', { kind: 'interval', unit: 'months' }, 27n],
    ['+inf', doubleType, Infinity],
  ])('fault 1.1.5: the cast of %s reads as a literal does', (text, to, expected) => {
    expect(evaluateConstant(castOf(constant(text, textType), to))).toEqual(expected);
  });

  it('names the value, the type and the expression, or gives NULL where asked', () => {
    const value = constant('12x', textType);
    expect(() => evaluateConstant(castOf(value, bigintType))).toThrow(
      "CAST('12x' AS BIGINT): '12x' is no valid BIGINT",
    );
    expect(evaluateConstant(castOf(value, bigintType, true))).toBeNull();
    const tiny: SqlType = { kind: 'integer', bits: 8, signed: true };
    expect(() => evaluateConstant(castOf(constant(128n, bigintType), tiny))).toThrow(
      /out of range for TINYINT \(values 128\)/,
    );
    expect(() => evaluateConstant(castOf(constant('2021-02-29', textType), date))).toThrow(
      /'2021-02-29' is no valid DATE/,
    );
  });

  it.each([
    [1e39, doubleType, { kind: 'float', bits: 32 }, 'FLOAT'],
    ['-1e39', textType, { kind: 'float', bits: 32 }, 'FLOAT'],
    ['1e999', textType, doubleType, 'DOUBLE'],
  ] as const)('no infinity is made of a finite value: %s', (value, from, to, name) => {
    const cast = castOf(constant(value, from), to);
    expect(() => evaluateConstant(cast)).toThrow(`is no valid ${name}`);
    expect(evaluateConstant({ ...cast, safe: true } as typeof cast)).toBeNull();
  });
});
