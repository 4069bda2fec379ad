import { microsPerDay, packedDate } from '@weir/columnar/civil-calendar.ts';
import { WeirError } from '@weir/kernel/errors.ts';

import { writePadded } from './write-number.ts';

/*
 * Dates and times as text. All return the position after the last byte written.
 */

/** Bytes that a date takes at most: a sign, six digits of the year, month and day. */
export const maxDateBytes = 13;

/** `YYYY-MM-DD` from days since 1970; years beyond 9999 and before 0 with a sign, as ISO 8601 has it and our readers take it. */
export function writeDate(target: Uint8Array, at: number, days: number): number {
  const packed = packedDate(days);
  let year = Math.floor(packed / 512);
  const rest = packed - year * 512;
  if (year > 9999 || year < 0) {
    if (!(year <= 999_999 && year >= -999_999)) {
      throw new WeirError('WEIR-3110', `a date of the year ${year} has no form in JSON`, {
        hint: 'dates go from year -999999 to 999999',
      });
    }
    target[at] = year < 0 ? 0x2d : 0x2b;
    at += 1;
    year = Math.abs(year);
  }
  at = writePadded(target, at, year, year < 10_000 ? 4 : year < 100_000 ? 5 : 6);
  target[at] = 0x2d;
  at = writePadded(target, at + 1, rest >> 5, 2);
  target[at] = 0x2d;
  return writePadded(target, at + 1, rest & 31, 2);
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

/** Timestamps of one column: the text of the second written last is kept, since neighbours mostly share it. */
export class TimestampWriter {
  readonly #separator: number;
  readonly #suffix: number;
  readonly #text = new Uint8Array(maxDateBytes + 9);
  readonly #textView = new DataView(this.#text.buffer);
  #second = NaN;
  /** Bytes of the text: 19, but for years that take more than four digits. */
  #length = 19;

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
    if (this.#length > 19) target.set(this.#text.subarray(19, this.#length), at + 19);
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
