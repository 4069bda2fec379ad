import { daysFromCivil, isDate, microsPerDay, microsPerHour, microsPerMinute } from './civil-calendar.ts';

/** Every instant of these years, moved by any offset, fits 64 bits of microseconds. */
const minYear = -290_307;
const maxYear = 294_246;

/**
 * The one grammar of dates, times and timestamps as text: JSON, CAST and literals all read with it (docs/sql.md, "Dates and times").
 *
 *     timestamp = date [ ("T" | "t" | spaces) time [ [spaces] zone ] ]
 *     date      = [ "+" | "-" ] year(4-6 digits) "-" month(1-2) "-" day(1-2)
 *     time      = hour(1-2) ":" minute(2) [ ":" second(2) [ ("." | ",") digits ] ]
 *     zone      = ( "Z" | "UTC" | "GMT" | ( "+" | "-" ) hour(2) [ [":"] minute(2) [ [":"] second(2) ] ] ) [ "[" name "]" ]
 *
 * with spaces before and after (no other white space: JSON has no bare line breaks in a string). A DATE and a TIME are also taken from a timestamp's text, as they are written in it. Digits of the
 * second after the sixth are cut off. 24:00 is the midnight that ends the day; second 60, a leap second, is the one after 59: a TIME has
 * neither where it would leave the day.
 *
 * One object is used over and over; results are in its fields. Each method reads from `p` to at most `end` and returns the position
 * after the value and the spaces behind it, or -1 when there is none.
 */
export class TimeScanner {
  /** Days since 1970. */
  days = 0;
  /** Microseconds since the midnight that begins `days`; of a timestamp an offset, 24:00 or a leap second may put it outside of the day. */
  microsOfDay = 0;
  #offset = 0;
  #hasClock = false;
  /** What `#digitsAt` read. */
  #number = 0;

  /** A timestamp in UTC: what an offset says is applied; without one it is UTC. */
  timestamp(data: Uint8Array, p: number, end: number): number {
    const after = this.#dateAndTime(data, afterSpaces(data, p, end), end);
    this.microsOfDay -= this.#offset;
    return after;
  }

  date(data: Uint8Array, p: number, end: number): number {
    const after = this.#dateAndTime(data, afterSpaces(data, p, end), end);
    if (this.microsOfDay >= microsPerDay) this.days += 1;
    return after;
  }

  /** Only `microsOfDay` is set, from 0 to below a day. */
  time(data: Uint8Array, p: number, end: number): number {
    p = afterSpaces(data, p, end);
    this.#offset = 0;
    const clock = this.#clock(data, p, end);
    if (clock >= 0) return this.microsOfDay < microsPerDay ? this.#zone(data, clock, end) : -1;
    const after = this.#dateAndTime(data, p, end);
    if (this.microsOfDay >= microsPerDay) this.microsOfDay -= microsPerDay;
    return this.#hasClock ? after : -1;
  }

  #dateAndTime(data: Uint8Array, p: number, end: number): number {
    this.microsOfDay = 0;
    this.#offset = 0;
    this.#hasClock = false;
    p = this.#calendarDate(data, p, end);
    if (p < 0 || p >= end) return p;
    if ((data[p]! | 0x20) === 0x74) p += 1;
    else {
      const after = afterSpaces(data, p, end);
      if (after === p || after >= end || !isDigit(data[after]!)) return after;
      p = after;
    }
    this.#hasClock = true;
    p = this.#clock(data, p, end);
    return p < 0 ? -1 : this.#zone(data, p, end);
  }

  #calendarDate(data: Uint8Array, p: number, end: number): number {
    if (p >= end) return -1;
    const sign = data[p]!;
    if (sign === 0x2b || sign === 0x2d) p += 1;
    p = this.#digitsAt(data, p, end, 4, 6);
    const year = sign === 0x2d ? -this.#number : this.#number;
    if (p < 0 || p >= end || data[p] !== 0x2d) return -1;
    p = this.#digitsAt(data, p + 1, end, 1, 2);
    const month = this.#number;
    if (p < 0 || p >= end || data[p] !== 0x2d) return -1;
    p = this.#digitsAt(data, p + 1, end, 1, 2);
    const day = this.#number;
    if (p < 0 || year < minYear || year > maxYear || !isDate(year, month, day)) return -1;
    this.days = daysFromCivil(year, month, day);
    return p;
  }

  #clock(data: Uint8Array, p: number, end: number): number {
    p = this.#digitsAt(data, p, end, 1, 2);
    const hour = this.#number;
    if (p < 0 || p >= end || data[p] !== 0x3a) return -1;
    p = this.#digitsAt(data, p + 1, end, 2, 2);
    const minute = this.#number;
    if (p < 0 || hour > 24 || minute > 59) return -1;
    this.microsOfDay = hour * microsPerHour + minute * microsPerMinute;
    if (p < end && data[p] === 0x3a) {
      p = this.#digitsAt(data, p + 1, end, 2, 2);
      if (p < 0 || this.#number > 60) return -1;
      this.microsOfDay += this.#number * 1e6;
      if (p < end && (data[p] === 0x2e || data[p] === 0x2c)) p = this.#fraction(data, p + 1, end);
    }
    return hour === 24 && this.microsOfDay !== microsPerDay ? -1 : p;
  }

  #fraction(data: Uint8Array, p: number, end: number): number {
    const first = p;
    for (let weight = 100_000; p < end && isDigit(data[p]!); p += 1) {
      this.microsOfDay += (data[p]! - 0x30) * weight;
      weight = weight <= 1 ? 0 : weight / 10;
    }
    return p === first ? -1 : p;
  }

  /** The zone, if there is one, and the spaces around it. */
  #zone(data: Uint8Array, p: number, end: number): number {
    p = afterSpaces(data, p, end);
    if (p >= end) return p;
    const c = data[p]!;
    if (c === 0x2b || c === 0x2d) p = this.#zoneOffset(data, p + 1, end, c === 0x2d ? -1 : 1);
    else if ((c | 0x20) === 0x7a) p += 1;
    else if (isWord(data, p, end, 'utc') || isWord(data, p, end, 'gmt')) p += 3;
    else return p;
    if (p < 0) return -1;
    // RFC 9557, as Java's ZonedDateTime prints it: the name adds nothing to the offset before it.
    if (p < end && data[p] === 0x5b) p = afterZoneName(data, p + 1, end);
    return p < 0 ? -1 : afterSpaces(data, p, end);
  }

  #zoneOffset(data: Uint8Array, p: number, end: number, sign: number): number {
    p = this.#digitsAt(data, p, end, 2, 2);
    if (p < 0 || this.#number > 23) return -1;
    this.#offset = sign * this.#number * microsPerHour;
    for (let micros = microsPerMinute; micros >= 1e6 && p < end; micros /= 60) {
      const digits = data[p] === 0x3a ? p + 1 : p;
      if (digits === p && !isDigit(data[p]!)) break;
      p = this.#digitsAt(data, digits, end, 2, 2);
      if (p < 0 || this.#number > 59) return -1;
      this.#offset += sign * this.#number * micros;
    }
    return p;
  }

  /** Between `least` and `most` digits into `#number`. */
  #digitsAt(data: Uint8Array, p: number, end: number, least: number, most: number): number {
    const first = p;
    const last = Math.min(end, p + most);
    let number = 0;
    for (; p < last && isDigit(data[p]!); p += 1) number = number * 10 + (data[p]! - 0x30);
    this.#number = number;
    return p - first < least ? -1 : p;
  }
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function afterSpaces(data: Uint8Array, p: number, end: number): number {
  while (p < end && data[p] === 0x20) p += 1;
  return p;
}

/** Is the ASCII word there, in any case? */
function isWord(data: Uint8Array, p: number, end: number, word: string): boolean {
  if (p + word.length > end) return false;
  for (let index = 0; index < word.length; index += 1) {
    if ((data[p + index]! | 0x20) !== word.charCodeAt(index)) return false;
  }
  return true;
}

/** A zone's name, `Europe/Paris`, and the bracket behind it. */
function afterZoneName(data: Uint8Array, p: number, end: number): number {
  const first = p;
  for (; p < end; p += 1) {
    const c = data[p]!;
    if (c === 0x5d) return p === first ? -1 : p + 1;
    const letter = c | 0x20;
    const isName =
      isDigit(c) ||
      (letter >= 0x61 && letter <= 0x7a) ||
      c === 0x2f ||
      c === 0x5f ||
      c === 0x2b ||
      c === 0x2d ||
      c === 0x3a;
    if (!isName) return -1;
  }
  return -1;
}
