import { describe, expect, test } from 'vitest';
import {
  bigintType,
  booleanType,
  doubleType,
  formatType,
  intType,
  type SqlType,
  textType,
  timestampType,
} from '@weir/columnar/sql-type.ts';
import { castKind } from './casts.ts';
import { rescale } from '@weir/columnar/decimal-scale.ts';
import { numberLiteral, textToLiteral } from './constants.ts';
import { readInterval } from '@weir/columnar/interval-text.ts';
import { type ArithmeticOperator, commonNumeric, decimalResult, type DecimalType } from './numeric-types.ts';

const decimal = (precision: number, scale: number): DecimalType => ({ kind: 'decimal', precision, scale });

test.each<[ArithmeticOperator, DecimalType, DecimalType, string]>([
  ['mul', decimal(19, 0), decimal(3, 3), 'DECIMAL(22, 3)'],
  ['add', decimal(10, 2), decimal(5, 4), 'DECIMAL(13, 4)'],
  ['sub', decimal(38, 0), decimal(38, 0), 'DECIMAL(38, 0)'],
  ['mul', decimal(38, 10), decimal(38, 10), 'DECIMAL(38, 6)'],
  ['div', decimal(10, 2), decimal(5, 1), 'DECIMAL(17, 8)'],
  ['mod', decimal(10, 2), decimal(5, 3), 'DECIMAL(5, 3)'],
])('decimal arithmetic: %s of %o and %o', (operator, a, b, expected) => {
  expect(formatType(decimalResult(operator, a, b))).toBe(expected);
});

test.each<[SqlType, SqlType, string | undefined]>([
  [intType, bigintType, 'BIGINT'],
  [bigintType, doubleType, 'DOUBLE'],
  [bigintType, decimal(10, 4), 'DECIMAL(23, 4)'],
  [{ kind: 'integer', bits: 64, signed: false }, bigintType, 'DECIMAL(20, 0)'],
  [{ kind: 'integer', bits: 32, signed: false }, intType, 'BIGINT'],
  [{ kind: 'float', bits: 32 }, intType, 'DOUBLE'],
  [textType, intType, undefined],
])('the common type of %o and %o', (a, b, expected) => {
  const type = commonNumeric(a, b);
  expect(type === undefined ? undefined : formatType(type)).toBe(expected);
  expect(commonNumeric(b, a)).toEqual(type);
});

test.each<[SqlType, SqlType, string]>([
  [intType, bigintType, 'implicit'],
  [bigintType, intType, 'assignment'],
  [bigintType, decimal(19, 0), 'implicit'],
  [bigintType, decimal(20, 3), 'assignment'],
  [decimal(22, 3), doubleType, 'implicit'],
  [decimal(22, 3), bigintType, 'assignment'],
  [doubleType, decimal(5, 2), 'assignment'],
  [textType, bigintType, 'explicit'],
  [bigintType, textType, 'assignment'],
  [timestampType, { kind: 'timestamp', precision: 3, zoned: false }, 'assignment'],
  [{ kind: 'timestamp', precision: 3, zoned: false }, timestampType, 'implicit'],
  [{ kind: 'date' }, timestampType, 'implicit'],
  [timestampType, { kind: 'date' }, 'assignment'],
  [bigintType, timestampType, 'none'],
  [booleanType, intType, 'explicit'],
])('%o to %o is %s', (from, to, expected) => {
  expect(castKind(from, to)).toBe(expected);
});

describe('constants', () => {
  test.each([
    ['0.908', 'DECIMAL(3, 3)', '908'],
    ['12.50', 'DECIMAL(4, 2)', '1250'],
    ['007', 'INT', '7'],
    ['2147483648', 'BIGINT', '2147483648'],
    ['9223372036854775808', 'DECIMAL(19, 0)', '9223372036854775808'],
    ['1e3', 'DOUBLE', 1000],
    ['0xff', 'INT', '255'],
  ])('%s is %s', (text, type, value) => {
    const literal = numberLiteral(text);
    expect([literal && formatType(literal.type), literal?.value]).toEqual([type, value]);
  });

  test.each<[string, SqlType, string | number | boolean | undefined]>([
    ['-12.345', decimal(5, 2), '-1235'],
    ['999.995', decimal(5, 2), undefined],
    ['1e2', decimal(5, 2), '10000'],
    [' 42 ', bigintType, '42'],
    ['4.2', bigintType, undefined],
    ['128', { kind: 'integer', bits: 8, signed: true }, undefined],
    ['t', booleanType, true],
    ['1970-01-02', { kind: 'date' }, '1'],
    ['2023-02-29', { kind: 'date' }, undefined],
    ['NaN', doubleType, 'NaN'],
    ['+inf', doubleType, 'Infinity'],
    ['1e999', doubleType, undefined],
    ['{"a":1}', { kind: 'json' }, '{"a":1}'],
    ['{a}', { kind: 'json' }, undefined],
  ])("'%s' as %o", (text, type, expected) => {
    expect(textToLiteral(text, type)?.value).toBe(expected);
  });

  test.each([
    ['1970-01-01', 0n],
    ['1970-01-01 00:00:01.5', 1_500_000n],
    ['1970-01-01T01:00:00+01:00', 0n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['2026-06-25T09:15Z', 1_782_378_900_000_000n],
    ['2026-06-25 09:15 +02:00', 1_782_371_700_000_000n],
    ['2026-06-25T24:00', 1_782_432_000_000_000n],
    ['2024-01-01 25:00:00', undefined],
    ['2024-13-01', undefined],
    ['today', undefined],
  ])('fault 1.1.5: the timestamp %s', (text, expected) => {
    const value = textToLiteral(text, timestampType)?.value;
    expect(value).toBe(expected === undefined ? undefined : String(expected));
  });

  test('rescaling rounds half away from zero', () => {
    expect([rescale(125n, 2, 1), rescale(-125n, 2, 1), rescale(124n, 2, 1), rescale(5n, 0, 2)]).toEqual([
      13n,
      -13n,
      12n,
      500n,
    ]);
  });
});

describe('intervals', () => {
  const second = 1_000_000n;
  test.each<[string, string | null, bigint, 'months' | 'micros']>([
    ['10', 'SECOND', 10n * second, 'micros'],
    ['1 minute', null, 60n * second, 'micros'],
    ['1 hour 30 minutes', null, 5400n * second, 'micros'],
    ['1.5 seconds', null, 1_500_000n, 'micros'],
    ['100ms', null, 100_000n, 'micros'],
    ['1 day 02:03:04.5', null, 93_784_500_000n, 'micros'],
    ['-5 minutes', null, -300n * second, 'micros'],
    ['2 hours ago', null, -7200n * second, 'micros'],
    ['1-2', 'YEAR', 14n, 'months'],
    ['3 months', null, 3n, 'months'],
    ['1.5 years', null, 18n, 'months'],
    ['2', 'WEEK', 1_209_600n * second, 'micros'],
  ])('%s %s', (text, from, value, unit) => {
    expect(readInterval(text, from === null ? null : { from, to: null })).toEqual({ unit, value });
  });

  test('what is none', () => {
    for (const text of ['', 'soon', '5', '5 parsecs', '1 second x', '0.3 months'])
      expect(readInterval(text, null)).toBeUndefined();
    expect(readInterval('1 month 1 day', null)).toBe('mixed');
  });
});
