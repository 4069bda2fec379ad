import type { ScanBuffer } from './scan-buffer.ts';

export const microsPerDay = 86_400_000_000;

/** Days since 1970 of a date of the Gregorian calendar (Howard Hinnant's days_from_civil). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function twoDigits(data: Uint8Array, p: number): number {
  const a = data[p]! - 0x30;
  const b = data[p + 1]! - 0x30;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -1;
}

/** `YYYY-MM-DD` at `p` into `s.days`. Returns the position after it, or -1. */
export function scanDate(s: ScanBuffer, p: number): number {
  const data = s.data;
  if (p + 10 > s.end) return -1;
  const century = twoDigits(data, p);
  const yearOfCentury = twoDigits(data, p + 2);
  const month = twoDigits(data, p + 5);
  const day = twoDigits(data, p + 8);
  if (century < 0 || yearOfCentury < 0 || data[p + 4] !== 0x2d || data[p + 7] !== 0x2d) return -1;
  const year = century * 100 + yearOfCentury;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return -1;
  s.days = daysFromCivil(year, month, day);
  return p + 10;
}

/** `HH:MM:SS[.fraction]` at `p` into `s.microsOfDay`; digits of the fraction after the sixth are cut off. */
export function scanTime(s: ScanBuffer, p: number): number {
  const data = s.data;
  if (p + 8 > s.end) return -1;
  const hour = twoDigits(data, p);
  const minute = twoDigits(data, p + 3);
  const second = twoDigits(data, p + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
  if (data[p + 2] !== 0x3a || data[p + 5] !== 0x3a) return -1;
  s.microsOfDay = (hour * 3600 + minute * 60 + second) * 1e6;
  p += 8;
  if (p >= s.end || data[p] !== 0x2e) return p;
  p += 1;
  const first = p;
  let micros = 0;
  let weight = 100_000;
  for (; p < s.end; p += 1) {
    const digit = data[p]! - 0x30;
    if (digit < 0 || digit > 9) break;
    if (weight >= 1) {
      micros += digit * weight;
      weight = weight === 1 ? 0 : weight / 10;
    }
  }
  s.microsOfDay += micros;
  return p === first ? -1 : p;
}

/**
 * A timestamp between quotes, the opening one at `p`: RFC 3339's `2026-01-01T00:00:00.123Z` and SQL's `2026-01-01 00:00:00.123`, with an
 * offset from UTC or without (then it is UTC). Into `s.days` and `s.microsOfDay`, which an offset may push out of 0 .. one day.
 * @returns the position after the closing quote, or -1
 */
export function scanTimestamp(s: ScanBuffer, p: number): number {
  const data = s.data;
  if (data[p] !== 0x22) return -1;
  p = scanDate(s, p + 1);
  if (p < 0 || p >= s.end || (data[p] !== 0x54 && data[p] !== 0x74 && data[p] !== 0x20)) return -1;
  p = scanTime(s, p + 1);
  if (p < 0 || p >= s.end) return -1;
  const c = data[p];
  if (c === 0x5a || c === 0x7a) p += 1;
  else if (c === 0x2b || c === 0x2d) {
    p = scanOffset(s, p);
    if (p < 0) return -1;
  }
  return p < s.end && data[p] === 0x22 ? p + 1 : -1;
}

/** `+hh`, `+hhmm` or `+hh:mm`. */
function scanOffset(s: ScanBuffer, p: number): number {
  const data = s.data;
  const sign = data[p] === 0x2d ? 1 : -1;
  if (p + 3 > s.end) return -1;
  const hours = twoDigits(data, p + 1);
  if (hours < 0 || hours > 23) return -1;
  p += 3;
  let minutes = 0;
  if (p < s.end && data[p] !== 0x22) {
    if (data[p] === 0x3a) p += 1;
    if (p + 2 > s.end) return -1;
    minutes = twoDigits(data, p);
    if (minutes < 0 || minutes > 59) return -1;
    p += 2;
  }
  s.microsOfDay += sign * (hours * 60 + minutes) * 60e6;
  return p;
}

/**
 * `YYYY-MM-DD` and `HH:MM:SS` with T, t or a space between them, 19 bytes at `p`, into `s.days` and `s.microsOfDay`.
 * False when it is none, or so far from 1970 that its microseconds need more than 53 bits.
 */
export function scanSecond(s: ScanBuffer, p: number): boolean {
  const data = s.data;
  if (scanDate(s, p) < 0 || Math.abs(s.days) > maxExactDays) return false;
  const separator = data[p + 10];
  if (separator !== 0x54 && separator !== 0x74 && separator !== 0x20) return false;
  const end = s.end;
  if (p + 19 > end) return false;
  s.end = p + 19;
  const after = scanTime(s, p + 11);
  s.end = end;
  return after === p + 19;
}

const maxExactDays = Math.floor(Number.MAX_SAFE_INTEGER / microsPerDay) - 1;
