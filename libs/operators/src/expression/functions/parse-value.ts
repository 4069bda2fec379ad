import { daysFromCivil, isDate, joinTimestamp, microsPerDay, splitTimestamp } from './calendar.ts';
import { lower, type Exact } from './exact.ts';

/** Readers of SQL text. All give null for text that is no such value. */

const datePattern = String.raw`([+-]?\d{4,6})-(\d{1,2})-(\d{1,2})`;
const timePattern = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?`;
const zonePattern = String.raw`(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)`;
const onlyDate = new RegExp(`^\\s*${datePattern}\\s*$`);
const onlyTime = new RegExp(`^\\s*${timePattern}\\s*$`);
const dateAndTime = new RegExp(`^\\s*${datePattern}(?:[Tt ]\\s*${timePattern}\\s*${zonePattern}?)?\\s*$`);

export function parseDate(text: string): number | null {
  const match = onlyDate.exec(text);
  if (match !== null) return dayOf(match[1], match[2], match[3]);
  // A timestamp's date, as PostgreSQL takes it.
  const micros = parseTimestamp(text, false);
  return micros === null ? null : splitTimestamp(micros).days;
}

function dayOf(y: string | undefined, m: string | undefined, d: string | undefined): number | null {
  const year = Number(y);
  const month = Number(m);
  const day = Number(d);
  return isDate(year, month, day) ? daysFromCivil(year, month, day) : null;
}

/** Microseconds of the day; more than six digits of the fraction are rounded. */
export function parseTime(text: string): number | null {
  const match = onlyTime.exec(text);
  return match === null ? null : timeOf(match, 1);
}

function timeOf(match: RegExpExecArray, at: number): number | null {
  const hour = Number(match[at] ?? 0);
  const minute = Number(match[at + 1] ?? 0);
  const second = Number(match[at + 2] ?? 0);
  const fraction = match[at + 3];
  if (hour > 24 || minute > 59 || second > 59) return null;
  const micros = fraction === undefined ? 0 : Math.round(Number(`0.${fraction}`) * 1e6);
  const total = ((hour * 60 + minute) * 60 + second) * 1e6 + micros;
  return total > microsPerDay ? null : total;
}

/** `zoned`: an offset shifts the result to UTC (text without one is UTC). Otherwise an offset is ignored, as PostgreSQL does. */
export function parseTimestamp(text: string, zoned: boolean): Exact | null {
  const match = dateAndTime.exec(text);
  if (match === null) return null;
  const days = dayOf(match[1], match[2], match[3]);
  const micros = timeOf(match, 4);
  if (days === null || micros === null) return null;
  const shift = zoned ? zoneMicros(match[8]) : 0;
  return joinTimestamp(days, micros - shift);
}

function zoneMicros(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60e6;
}

const integerText = /^\s*[+-]?\d{1,60}\s*$/;

export function parseInteger(text: string): Exact | null {
  if (!integerText.test(text)) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value + 0;
  const trimmed = text.trim();
  return lower(BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed));
}

const floatText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function parseFloat64(text: string): number | null {
  const trimmed = text.trim();
  if (floatText.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : null;
  }
  switch (trimmed.toLowerCase()) {
    case 'nan':
      return NaN;
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return Infinity;
    case '-infinity':
    case '-inf':
      return -Infinity;
    default:
      return null;
  }
}

export function parseBoolean(text: string): boolean | null {
  switch (text.trim().toLowerCase()) {
    case 't':
    case 'true':
    case 'y':
    case 'yes':
    case 'on':
    case '1':
      return true;
    case 'f':
    case 'false':
    case 'n':
    case 'no':
    case 'off':
    case '0':
      return false;
    default:
      return null;
  }
}

const unitMicros: Readonly<Record<string, number>> = {
  microsecond: 1,
  us: 1,
  millisecond: 1e3,
  ms: 1e3,
  second: 1e6,
  sec: 1e6,
  s: 1e6,
  minute: 60e6,
  min: 60e6,
  m: 60e6,
  hour: 3600e6,
  h: 3600e6,
  day: 86_400e6,
  d: 86_400e6,
  week: 7 * 86_400e6,
  w: 7 * 86_400e6,
};
const unitMonths: Readonly<Record<string, number>> = {
  month: 1,
  mon: 1,
  quarter: 3,
  year: 12,
  y: 12,
  decade: 120,
};

/** `1 day 02:03:04`, `90 seconds`, `2 years 3 months`, in the unit that the type has; null if a part has the other unit. */
export function parseInterval(text: string, unit: 'months' | 'micros'): Exact | null {
  let rest = text.trim().toLowerCase();
  if (rest === '') return null;
  const table = unit === 'months' ? unitMonths : unitMicros;
  let total = 0;
  while (rest !== '') {
    const clock = /^([+-]?)(\d+):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?\s*/.exec(rest);
    if (clock !== null) {
      const micros =
        (Number(clock[2]) * 60 + Number(clock[3])) * 60e6 + Math.round(Number(clock[4] ?? 0) * 1e6);
      if (unit === 'months' && micros !== 0) return null;
      total += clock[1] === '-' ? -micros : micros;
      rest = rest.slice(clock[0].length);
      continue;
    }
    const part = /^([+-]?\d+(?:\.\d+)?)\s*([a-z]+)\s*,?\s*/.exec(rest);
    if (part === null) return null;
    const name = part[2] ?? '';
    const size = table[name] ?? table[name.replace(/s$/, '')];
    if (size === undefined) return null;
    total += Math.round(Number(part[1]) * size);
    rest = rest.slice(part[0].length);
  }
  return Number.isSafeInteger(total) ? total + 0 : null;
}
