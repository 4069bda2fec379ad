import { civilFromDays, microsPerDay } from './civil-calendar.ts';
import { TimeScanner } from './time-scanner.ts';

/*
 * Dates, times and timestamps from and to text, one value at a time: what TimeScanner reads, for those who have a string. Readers leave out
 * white space around it and give null for text that is none.
 */

const scanner = new TimeScanner();
let ascii = new Uint8Array(128);

/** The text as bytes in `ascii`; false when it isn't ASCII. */
function putAscii(text: string): boolean {
  if (text.length > ascii.length) ascii = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return false;
    ascii[index] = code;
  }
  return true;
}

/** Days since 1970. */
export function dateFromText(given: string): number | null {
  const text = given.trim();
  return putAscii(text) && scanner.date(ascii, 0, text.length) === text.length ? scanner.days : null;
}

/** Microseconds of the day. */
export function timeFromText(given: string): number | null {
  const text = given.trim();
  return putAscii(text) && scanner.time(ascii, 0, text.length) === text.length ? scanner.microsOfDay : null;
}

/** Microseconds since 1970 in UTC: a number while that is exact, else a bigint. */
export function timestampFromText(given: string): number | bigint | null {
  const text = given.trim();
  if (!putAscii(text) || scanner.timestamp(ascii, 0, text.length) !== text.length) return null;
  const { days, microsOfDay } = scanner;
  const micros = days * microsPerDay + microsOfDay;
  return Number.isSafeInteger(micros) ? micros : BigInt(days) * BigInt(microsPerDay) + BigInt(microsOfDay);
}

/** Digits of a fraction that a TIME(p) or TIMESTAMP(p) doesn't keep are cut off, towards the past. */
export function cutToPrecision(micros: number | bigint, precision: number): number | bigint {
  const unit = 10 ** (6 - Math.min(precision, 6));
  if (unit === 1) return micros;
  if (typeof micros === 'number') return micros - (((micros % unit) + unit) % unit);
  const step = BigInt(unit);
  return micros - (((micros % step) + step) % step);
}

/** `2024-01-31`; years beyond 9999 and before 0 with a sign, as ISO 8601 and Java write them. */
export function dateText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const digits = String(Math.abs(year)).padStart(4, '0');
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  return `${sign}${digits}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** `23:59:59`, with as many digits of a fraction as there are. */
export function timeText(microsOfDay: number): string {
  const seconds = Math.floor(microsOfDay / 1e6);
  const fraction = microsOfDay - seconds * 1e6;
  const clock = `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
}

/** Date and time of a timestamp, without a zone. */
export function timestampText(micros: bigint, separator: 'T' | ' '): string {
  const day = BigInt(microsPerDay);
  const ofDay = ((micros % day) + day) % day;
  return `${dateText(Number((micros - ofDay) / day))}${separator}${timeText(Number(ofDay))}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
