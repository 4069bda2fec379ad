import { expect, test } from 'vitest';
import { bigintCode, finiteCode, indexCode, indexesName, integerCode } from './code-number.ts';

const injected = '0]; globalThis.harm = true; //';

test('numbers become code that gives the same number', () => {
  for (const value of [0, -0, 1, -1, 2 ** 53 - 1, -(2 ** 53) + 1])
    expect(new Function(`return ${integerCode(value)}`)()).toBe(value + 0);
  for (const value of [-0, 1e22, -1.5, 5e-324])
    expect(new Function(`return ${finiteCode(value)}`)()).toBe(value);
  for (const value of [0n, -1n, 10n ** 38n])
    expect(new Function(`return ${bigintCode(value)}`)()).toBe(value);
  expect(new Function(`return 3 -${integerCode(-2)}`)()).toBe(5);
  expect([indexCode(3), indexesName([0, 3, 1])]).toEqual(['3', '0_3_1']);
});

test.each([
  injected,
  '1',
  null,
  undefined,
  {},
  [1],
  true,
  NaN,
  Infinity,
  1.5,
  2 ** 53,
  { toString: () => '1' },
])('fault 1.2.1: %s is no integer for generated code', (value) => {
  const given = value as number;
  expect(() => integerCode(given)).toThrow(expect.objectContaining({ code: 'WEIR-0004' }));
  expect(() => indexCode(given)).toThrow(expect.objectContaining({ code: 'WEIR-0004' }));
  expect(() => indexesName([0, given])).toThrow(expect.objectContaining({ code: 'WEIR-0004' }));
  expect(() => bigintCode(value as bigint)).toThrow(expect.objectContaining({ code: 'WEIR-0004' }));
});

test('an index is not negative, and a finite number is a number', () => {
  expect(() => indexCode(-1)).toThrow('an index');
  for (const value of [injected, NaN, null])
    expect(() => finiteCode(value as number)).toThrow('a finite number');
});
