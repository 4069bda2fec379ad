import { expect, test } from 'vitest';
import { decimalText, scaledInteger } from './decimal-text.ts';

test.each<[string, number, boolean, bigint | null]>([
  ['12', 0, true, 12n],
  ['-1.50', 1, true, -15n],
  ['1.005', 2, false, 101n],
  ['-1.005', 2, false, -101n],
  ['1.004999', 2, false, 100n],
  ['0.5', 0, false, 1n],
  ['0.05', 0, false, 0n],
  ['2.5e3', 0, true, 2500n],
  ['25e-1', 0, true, null],
  ['20e-1', 0, true, 2n],
  ['1e400', 0, false, null],
  ['0e999999999', 5, true, 0n],
  ['1e-999999999', 2, false, 0n],
  ['', 0, true, null],
  ['1.', 0, true, null],
  ['0x10', 0, true, null],
])('%s at scale %i (exact: %s)', (text, scale, exact, value) => {
  expect(scaledInteger(text, scale, exact)).toBe(value);
});

test.each<[bigint, number, string]>([
  [0n, 2, '0.00'],
  [-5n, 2, '-0.05'],
  [12345n, 2, '123.45'],
  [7n, 0, '7'],
])('%s at scale %i is written %s', (unscaled, scale, text) => {
  expect(decimalText(unscaled, scale)).toBe(text);
});
