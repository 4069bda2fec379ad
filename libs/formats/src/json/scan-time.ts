import { daysFromCivil, daysInMonth, microsPerDay } from '@weir/columnar/civil-calendar.ts';
import type { ScanBuffer } from './scan-buffer.ts';

function twoDigits(data: Uint8Array, p: number): number {
  const a = data[p]! - 0x30;
  const b = data[p + 1]! - 0x30;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -1;
}

/**
 * The most frequent form of a timestamp: `YYYY-MM-DD` and `HH:MM:SS` with T, t or a space between them, 19 bytes at `p`, into `s.time`.
 * False when it is another (TimeScanner has the whole grammar), or so far from 1970 that its microseconds need more than 53 bits.
 */
export function scanSecond(s: ScanBuffer, p: number): boolean {
  const { data, time } = s;
  if (p + 19 > s.end) return false;
  const century = twoDigits(data, p);
  const yearOfCentury = twoDigits(data, p + 2);
  const month = twoDigits(data, p + 5);
  const day = twoDigits(data, p + 8);
  if (century < 0 || yearOfCentury < 0 || data[p + 4] !== 0x2d || data[p + 7] !== 0x2d) return false;
  const year = century * 100 + yearOfCentury;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  const separator = data[p + 10];
  if (separator !== 0x54 && separator !== 0x74 && separator !== 0x20) return false;
  const hour = twoDigits(data, p + 11);
  const minute = twoDigits(data, p + 14);
  const second = twoDigits(data, p + 17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  if (data[p + 13] !== 0x3a || data[p + 16] !== 0x3a) return false;
  time.days = daysFromCivil(year, month, day);
  time.microsOfDay = (hour * 3600 + minute * 60 + second) * 1e6;
  return Math.abs(time.days) <= maxExactDays;
}

const maxExactDays = Math.floor(Number.MAX_SAFE_INTEGER / microsPerDay) - 1;
