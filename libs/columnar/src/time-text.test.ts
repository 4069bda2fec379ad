import { describe, expect, test } from 'vitest';
import { RandomRows } from './testing/random-rows.ts';
import {
  cutToPrecision,
  dateFromText,
  dateText,
  timeFromText,
  timestampFromText,
  timestampText,
} from './time-text.ts';

const seed = Number(process.env['WEIR_SEED'] ?? 20261125);
const at = (iso: string): number => Date.parse(iso) * 1000;

describe('fault 1.1.5: one grammar of times', () => {
  test.each([
    ['2026-06-25T09:15Z', at('2026-06-25T09:15:00Z')],
    ['2026-06-25T09:15', at('2026-06-25T09:15:00Z')],
    ['2026-06-25 09:15', at('2026-06-25T09:15:00Z')],
    ['2026-06-25t09:15z', at('2026-06-25T09:15:00Z')],
    ['2026-06-25T09:15+02:00', at('2026-06-25T07:15:00Z')],
    ['2026-06-25T09:15-0530', at('2026-06-25T14:45:00Z')],
    ['2026-06-25 09:15:00+02', at('2026-06-25T07:15:00Z')],
    ['2026-06-25 09:15:00 +02:00', at('2026-06-25T07:15:00Z')],
    ['2026-06-25 09:15:00 UTC', at('2026-06-25T09:15:00Z')],
    ['2026-06-25T09:15:00gmt', at('2026-06-25T09:15:00Z')],
    ['2026-06-25T11:15+02:00[Europe/Paris]', at('2026-06-25T09:15:00Z')],
    ['1890-01-01T00:00:00+00:09:21', at('1889-12-31T23:50:39Z')],
    ['2026-06-25', at('2026-06-25T00:00:00Z')],
    ['2026-6-5 9:15', at('2026-06-05T09:15:00Z')],
    [' 2026-06-25  09:15 ', at('2026-06-25T09:15:00Z')],
    ['\t2026-06-25 09:15\r\n', at('2026-06-25T09:15:00Z')],
    ['2026-06-25T09:15:30.1', at('2026-06-25T09:15:30.100Z')],
    ['2026-06-25T09:15:30,123Z', at('2026-06-25T09:15:30.123Z')],
    ['2026-06-25T09:15:30.123456789Z', at('2026-06-25T09:15:30.123Z') + 456],
    [`2026-06-25T09:15:30.${'9'.repeat(300)}Z`, at('2026-06-25T09:15:30.999Z') + 999],
    ['2026-06-25T24:00Z', at('2026-06-26T00:00:00Z')],
    ['2016-12-31T23:59:60Z', at('2017-01-01T00:00:00Z')],
    ['0000-01-01T00:00:00+01:00', -62_167_222_800_000_000n],
    ['9999-12-31T23:59:59.999999-01:00', 253_402_304_399_999_999n],
    ['+10000-01-01T00:00:00Z', 253_402_300_800_000_000n],
    ['-0001-12-31T00:00:00Z', -62_167_305_600_000_000n],
  ])('the timestamp %s', (text, micros) => {
    expect(timestampFromText(text)).toBe(micros);
  });

  test.each([
    '', ' ', '2026', '2026-06', '2026-13-01', '2026-02-29', '26-06-25', '2026-06-25T', '2026-06-25T09', '2026-06-25T9:5',
    '2026-06-25T25:00', '2026-06-25T24:01', '2026-06-25T24:00:00.001', '2026-06-25T09:60', '2026-06-25T09:15:61',
    '2026-06-25T09:15:00.', '2026-06-25T09:15:00.Z', '2026-06-25T09:15+24:00', '2026-06-25T09:15+2', '2026-06-25T09:15+02:60',
    '2026-06-25T09:15ZZ', '2026-06-25T09:15Z[', '2026-06-25T09:15Z[]', '2026-06-25T09:15 x', '2026-06-25x09:15', '09:15',
    '300000-01-01T00:00:00Z', '2026-06-25T09:15\u00a0Z', '2026-06-25\n09:15', '２026-06-25', 'today',
  ])('no timestamp: %j', (text) => {
    expect(timestampFromText(text)).toBeNull();
  }); // prettier-ignore

  test.each([
    ['09:15', 33_300_000_000],
    ['9:15', 33_300_000_000],
    ['09:15:00Z', 33_300_000_000],
    ['09:15:00.5+02:00', 33_300_500_000],
    ['2026-06-25T09:15Z', 33_300_000_000],
    ['24:00', null],
    ['23:59:60', null],
    ['22:59:60', 82_800_000_000],
    ['2026-06-25', null],
    ['9', null],
  ])('the time %s', (text, micros) => {
    expect(timeFromText(text)).toBe(micros);
  });

  test.each([
    ['2026-06-25', 20_629],
    ['2026-06-25T23:30-02:00', 20_629],
    ['2026-06-25T24:00', 20_630],
    ['+12345-01-01', 3_789_391],
    ['2026-06-25Z', null],
    ['1/2/2026', null],
  ])('the date %s', (text, days) => {
    expect(dateFromText(text)).toBe(days);
  });
});

test('what is written is read again, in all years that 64 bits of microseconds reach', () => {
  const random = new RandomRows(seed);
  for (let round = 0; round < 5000; round += 1) {
    const days = random.below(213_000_000) - 106_700_000;
    const micros = BigInt(days) * 86_400_000_000n + BigInt(random.below(86_400)) * 1_000_000n + BigInt(random.below(1e6));
    expect(BigInt(timestampFromText(timestampText(micros, random.pick(['T', ' ']))) ?? -1)).toBe(micros);
    expect(dateFromText(dateText(days))).toBe(days);
  }
}); // prettier-ignore

test('digits that a precision does not keep are cut off, towards the past', () => {
  expect([1_999_999, -1, -1n, 1_999n].map((micros) => cutToPrecision(micros, 3))).toEqual([
    1_999_000,
    -1000,
    -1000n,
    1000n,
  ]);
});

/** The grammar as a regular expression, which shares no code with the scanner. */
const pattern =
  /^ *([+-]?\d{4,6})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| +)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? *(?:(Z|UTC|GMT|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)(?:\[[A-Za-z0-9/_+:-]+\])?)?)? *$/i;

function byPattern(text: string): bigint | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const number = (group: number): number => Number(match[group] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(number) as [number, number, number, number, number, number]; // prettier-ignore
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || month === 0) return null;
  if (hour > 24 || minute > 59 || second > 60 || number(10) > 23 || number(11) > 59 || number(12) > 59)
    return null;
  const fraction = BigInt((match[7] ?? '').padEnd(6, '0').slice(0, 6));
  if (hour === 24 && (minute > 0 || second > 0 || fraction > 0n)) return null;
  const offset = (number(10) * 3600 + number(11) * 60 + number(12)) * (match[9] === '-' ? -1 : 1);
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
  return BigInt(seconds) * 1_000_000n + fraction;
}

test(`the scanner reads what the grammar says, and nothing else (seed ${seed})`, () => {
  const random = new RandomRows(seed);
  const pieces = ['2026-06-25', '2024-02-29', '0001-1-1', '+12345-12-31', '-0044-03-15', 'T', 't', ' ', '  ', '09:15', '9:15', '24:00',
    '23:59:60', ':30', '.5', ',123456789', 'Z', 'z', 'UTC', '+02', '-0530', '+01:00', '+00:09:21', '[Europe/Paris]', '[', ']', '0', '-', ':', 'x']; // prettier-ignore
  let read = 0;
  for (let round = 0; round < 60_000; round += 1) {
    let text = random.pick(pieces.slice(0, 5));
    if (random.next() < 0.9) text += random.pick(pieces.slice(5, 9)) + random.pick(pieces.slice(9, 13));
    if (random.next() < 0.5) text += random.pick(pieces.slice(13, 16));
    if (random.next() < 0.5) text += random.pick(pieces.slice(15, 26));
    if (random.next() < 0.3) {
      const cut = random.below(text.length + 1);
      text = text.slice(0, cut) + random.pick(pieces) + text.slice(cut + random.below(2));
    }
    const expected = byPattern(text);
    const found = timestampFromText(text);
    expect(found === null ? null : BigInt(found), JSON.stringify(text)).toBe(expected);
    if (expected !== null) read += 1;
  }
  expect(read).toBeGreaterThan(10_000);
});
