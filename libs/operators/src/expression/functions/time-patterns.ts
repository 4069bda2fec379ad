import { civilFromDays, daysFromCivil } from '@weir/columnar/civil-calendar.ts';
import { dayOfWeek, splitTimestamp } from './calendar.ts';
import type { Exact } from './exact.ts';
import { pad } from './format-value.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
}

function partsOf(value: Exact): Parts {
  const { days, ofDay } = splitTimestamp(value);
  const { year, month, day } = civilFromDays(days);
  const seconds = Math.floor(ofDay / 1e6);
  return {
    year,
    month,
    day,
    weekday: dayOfWeek(days),
    dayOfYear: days - daysFromCivil(year, 1, 1) + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micros: ofDay - seconds * 1e6,
  };
}

const hour12 = (hour: number): number => hour % 12 || 12;
const halfOfDay = (hour: number): string => (hour < 12 ? 'AM' : 'PM');
const monthName = (parts: Parts): string => months[parts.month - 1] ?? '';
const dayName = (parts: Parts): string => weekdays[parts.weekday] ?? '';
/** PostgreSQL pads names to the longest one. */
const padded = (name: string): string => name.padEnd(9, ' ');

const postgres: Readonly<Record<string, (parts: Parts) => string>> = {
  YYYY: (p) => pad(p.year, 4),
  YY: (p) => pad(p.year % 100, 2),
  MM: (p) => pad(p.month, 2),
  DDD: (p) => pad(p.dayOfYear, 3),
  DD: (p) => pad(p.day, 2),
  D: (p) => String(p.weekday + 1),
  HH24: (p) => pad(p.hour, 2),
  HH12: (p) => pad(hour12(p.hour), 2),
  HH: (p) => pad(hour12(p.hour), 2),
  MI: (p) => pad(p.minute, 2),
  SS: (p) => pad(p.second, 2),
  MS: (p) => pad(Math.floor(p.micros / 1000), 3),
  US: (p) => pad(p.micros, 6),
  AM: (p) => halfOfDay(p.hour),
  PM: (p) => halfOfDay(p.hour),
  am: (p) => halfOfDay(p.hour).toLowerCase(),
  pm: (p) => halfOfDay(p.hour).toLowerCase(),
  MONTH: (p) => padded(monthName(p).toUpperCase()),
  Month: (p) => padded(monthName(p)),
  month: (p) => padded(monthName(p).toLowerCase()),
  MON: (p) => monthName(p).slice(0, 3).toUpperCase(),
  Mon: (p) => monthName(p).slice(0, 3),
  mon: (p) => monthName(p).slice(0, 3).toLowerCase(),
  DAY: (p) => padded(dayName(p).toUpperCase()),
  Day: (p) => padded(dayName(p)),
  day: (p) => padded(dayName(p).toLowerCase()),
  DY: (p) => dayName(p).slice(0, 3).toUpperCase(),
  Dy: (p) => dayName(p).slice(0, 3),
  dy: (p) => dayName(p).slice(0, 3).toLowerCase(),
};

const postgresToken =
  /"([^"]*)"|(FM)?(YYYY|YY|MONTH|Month|month|MON|Mon|mon|MM|MI|MS|DDD|DD|DAY|Day|day|DY|Dy|dy|D|HH24|HH12|HH|SS|US|AM|PM|am|pm)/g;

/** PostgreSQL's to_char of a timestamp. */
export function formatPostgresPattern(value: Exact, pattern: string): string {
  const parts = partsOf(value);
  return pattern.replace(
    postgresToken,
    (token, quoted: string | undefined, plain: string | undefined, name: string | undefined) => {
      if (name === undefined) return quoted ?? token;
      const text = postgres[name]?.(parts) ?? token;
      return plain === undefined ? text : text.trimEnd().replace(/^0+(?=\d)/, '');
    },
  );
}

/** One run of a letter in Java's DateTimeFormatter. */
function javaField(letter: string, width: number, parts: Parts): string | null {
  switch (letter) {
    case 'y':
    case 'u':
      return width === 2 ? pad(parts.year % 100, 2) : pad(parts.year, width);
    case 'M':
    case 'L':
      if (width >= 4) return monthName(parts);
      return width === 3 ? monthName(parts).slice(0, 3) : pad(parts.month, width);
    case 'd':
      return pad(parts.day, width);
    case 'D':
      return pad(parts.dayOfYear, width);
    case 'H':
      return pad(parts.hour, width);
    case 'h':
      return pad(hour12(parts.hour), width);
    case 'm':
      return pad(parts.minute, width);
    case 's':
      return pad(parts.second, width);
    case 'S':
      return pad(parts.micros, 6).padEnd(width, '0').slice(0, width);
    case 'a':
      return halfOfDay(parts.hour);
    case 'E':
      return width >= 4 ? dayName(parts) : dayName(parts).slice(0, 3);
    default:
      return null;
  }
}

/** Flink's DATE_FORMAT. */
export function formatJavaPattern(value: Exact, pattern: string): string {
  const parts = partsOf(value);
  return pattern.replace(
    /''|'((?:[^']|'')*)'|([A-Za-z])\2*/g,
    (token, quoted: string | undefined, letter: string | undefined) => {
      if (token === "''") return "'";
      if (quoted !== undefined) return quoted.replaceAll("''", "'");
      return (letter === undefined ? null : javaField(letter, token.length, parts)) ?? token;
    },
  );
}
