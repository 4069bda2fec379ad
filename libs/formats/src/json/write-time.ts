import { microsPerDay, packedDate } from '@weir/columnar/civil-calendar.ts';
import { intervalText } from '@weir/columnar/interval-text.ts';
import { WeirError } from '@weir/kernel/errors.ts';

import { writeAscii, writePadded } from './write-number.ts';

/*
 * Dates and times as text. All return the position after the last byte written.
 */

/** Bytes that a date takes at most: a sign, nine digits of the year, month and day. */
export const maxDateBytes = 16;
/** As Java has it, and far beyond what TIMESTAMP reaches (294247). */
const maxYear = 999_999_999;

/** `YYYY-MM-DD` from days since 1970; years beyond 0 to 9999 with a sign, as ISO 8601 has it: `+10000-01-01`, `-0001-12-31`. */
export function writeDate(target: Uint8Array, at: number, days: number): number {
  const packed = packedDate(days);
  const year = Math.floor(packed / 512);
  const rest = packed - year * 512;
  at = year >= 0 && year <= 9999 ? writePadded(target, at, year, 4) : writeSignedYear(target, at, year);
  target[at] = 0x2d;
  at = writePadded(target, at + 1, rest >> 5, 2);
  target[at] = 0x2d;
  return writePadded(target, at + 1, rest & 31, 2);
}

function writeSignedYear(target: Uint8Array, at: number, year: number): number {
  const size = Math.abs(year);
  if (!(size <= maxYear)) {
    throw new WeirError('WEIR-3110', `a date of the year ${year} has no form in JSON`, {
      hint: `dates go from year -${maxYear} to ${maxYear}`,
    });
  }
  target[at] = year < 0 ? 0x2d : 0x2b;
  return writePadded(target, at + 1, size, Math.max(4, String(size).length));
}

/** `HH:MM:SS` from seconds of the day. */
function writeSeconds(target: Uint8Array, at: number, seconds: number): number {
  at = writePadded(target, at, (seconds / 3600) | 0, 2);
  target[at] = 0x3a;
  at = writePadded(target, at + 1, ((seconds / 60) | 0) % 60, 2);
  target[at] = 0x3a;
  return writePadded(target, at + 1, seconds % 60, 2);
}

/** Nothing, `.mmm` or `.uuuuuu`. */
function writeFraction(target: Uint8Array, at: number, micros: number): number {
  if (micros === 0) return at;
  target[at] = 0x2e;
  return micros % 1000 === 0
    ? writePadded(target, at + 1, (micros / 1000) | 0, 3)
    : writePadded(target, at + 1, micros, 6);
}

/** `HH:MM:SS[.fraction]` from microseconds of the day. */
export function writeTime(target: Uint8Array, at: number, microsOfDay: number): number {
  const micros = microsOfDay % 1e6;
  return writeFraction(target, writeSeconds(target, at, (microsOfDay - micros) / 1e6), micros);
}

/** Bytes that the text of an interval takes at most: a sign, the days of 64 bits of microseconds, and a clock. */
export const maxIntervalBytes = 48;

/** As CAST to TEXT has it. Its text is made first: intervals are rare in records. */
export function writeInterval(
  target: Uint8Array,
  at: number,
  value: number | bigint,
  unit: 'months' | 'micros',
): number {
  return writeAscii(target, at, intervalText(value, unit));
}

/** Bytes of a date and time up to the second, of a year of four digits. */
const plainLength = 19;

/** Timestamps of one column: the text of the second written last is kept, since neighbours mostly share it. */
export class TimestampWriter {
  readonly #separator: number;
  readonly #suffix: number;
  readonly #text = new Uint8Array(maxDateBytes + 9);
  readonly #textView = new DataView(this.#text.buffer);
  #second = NaN;
  #length = plainLength;

  /** `separator`: between date and time; `suffix`: the byte after them, or 0. */
  constructor(separator: 'T' | ' ', suffix: 'Z' | '') {
    this.#separator = separator.charCodeAt(0);
    this.#suffix = suffix === 'Z' ? 0x5a : 0;
  }

  /** |micros| <= 2^53. */
  write(target: Uint8Array, view: DataView, at: number, micros: number): number {
    let ofSecond = micros % 1e6;
    if (ofSecond < 0) ofSecond += 1e6;
    const second = (micros - ofSecond) / 1e6;
    if (second !== this.#second) this.#format(second);
    return this.#finish(target, view, at, ofSecond);
  }

  writeBig(target: Uint8Array, view: DataView, at: number, micros: bigint): number {
    const ofSecond = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const second = Number((micros - ofSecond) / 1_000_000n);
    if (second !== this.#second) this.#format(second);
    return this.#finish(target, view, at, Number(ofSecond));
  }

  #finish(target: Uint8Array, view: DataView, at: number, ofSecond: number): number {
    const text = this.#textView;
    view.setInt32(at, text.getInt32(0, true), true);
    view.setInt32(at + 4, text.getInt32(4, true), true);
    view.setInt32(at + 8, text.getInt32(8, true), true);
    view.setInt32(at + 12, text.getInt32(12, true), true);
    view.setInt32(at + 15, text.getInt32(15, true), true);
    if (this.#length > plainLength) target.set(this.#text.subarray(0, this.#length), at);
    at = writeFraction(target, at + this.#length, ofSecond | 0);
    if (this.#suffix === 0) return at;
    target[at] = this.#suffix;
    return at + 1;
  }

  #format(second: number): void {
    const perDay = microsPerDay / 1e6;
    const days = Math.floor(second / perDay);
    // A date out of range throws: the kept text is then that of no second.
    this.#second = NaN;
    const end = writeDate(this.#text, 0, days);
    this.#text[end] = this.#separator;
    this.#length = writeSeconds(this.#text, end + 1, second - days * perDay);
    this.#second = second;
  }
}
