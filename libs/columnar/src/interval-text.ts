import { microsPerDay } from './civil-calendar.ts';
import { timeText } from './time-text.ts';

/** Months, or microseconds: an interval holds one of them. */
export interface IntervalValue {
  readonly unit: 'months' | 'micros';
  readonly value: bigint;
}

const second = 1_000_000n;

/** What a unit (singular, upper case) is. */
const unitValues: Readonly<Record<string, IntervalValue>> = {
  CENTURY: { unit: 'months', value: 1200n },
  DECADE: { unit: 'months', value: 120n },
  YEAR: { unit: 'months', value: 12n },
  QUARTER: { unit: 'months', value: 3n },
  MONTH: { unit: 'months', value: 1n },
  WEEK: { unit: 'micros', value: 604_800n * second },
  DAY: { unit: 'micros', value: 86_400n * second },
  HOUR: { unit: 'micros', value: 3600n * second },
  MINUTE: { unit: 'micros', value: 60n * second },
  SECOND: { unit: 'micros', value: second },
  MILLISECOND: { unit: 'micros', value: 1000n },
  MICROSECOND: { unit: 'micros', value: 1n },
};

const abbreviations: Readonly<Record<string, string>> = {
  Y: 'YEAR',
  YR: 'YEAR',
  MON: 'MONTH',
  W: 'WEEK',
  D: 'DAY',
  H: 'HOUR',
  HR: 'HOUR',
  M: 'MINUTE',
  MIN: 'MINUTE',
  S: 'SECOND',
  SEC: 'SECOND',
  MS: 'MILLISECOND',
  MSEC: 'MILLISECOND',
  US: 'MICROSECOND',
  USEC: 'MICROSECOND',
};

function unitOf(word: string): IntervalValue | undefined {
  const upper = word.toUpperCase();
  const singular = upper.length > 2 && upper.endsWith('S') ? upper.slice(0, -1) : upper;
  const known = upper === 'CENTURIES' ? 'CENTURY' : singular;
  return unitValues[abbreviations[upper] ?? abbreviations[known] ?? known];
}

/** `1.5` of a unit, exact to its microsecond (or whole month); undefined if a month would be broken. */
function scaled(number: string, unit: IntervalValue): IntervalValue | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d+))?$/.exec(number);
  if (match === null) return undefined;
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2] ?? ''}${fraction}` || '0') * unit.value;
  const divisor = 10n ** BigInt(fraction.length);
  if (unit.unit === 'months' && digits % divisor !== 0n) return undefined;
  const value = digits / divisor;
  return { unit: unit.unit, value: match[1] === '-' ? -value : value };
}

/** `02:03`, `02:03:04.5` (hours first), or minutes and seconds when `minutesFirst`. */
function clock(text: string, minutesFirst: boolean): bigint | undefined {
  const match = /^([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}))?(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) return undefined;
  const parts = [match[2], match[3], match[4]].map((part) => BigInt(part ?? '0'));
  const [a = 0n, b = 0n, c = 0n] = parts;
  const seconds = minutesFirst && match[4] === undefined ? a * 60n + b : a * 3600n + b * 60n + c;
  const micros = seconds * second + BigInt((match[5] ?? '').padEnd(6, '0'));
  return match[1] === '-' ? -micros : micros;
}

/**
 * Reads the text of an interval. `qualifier` is the unit behind it (`INTERVAL '10' SECOND`; the last of `DAY TO SECOND`), which bare numbers have.
 * Returns undefined when it can't be read, 'mixed' when it has both months and shorter units.
 */
export function readInterval(
  text: string,
  qualifier: { readonly from: string; readonly to: string | null } | null,
): IntervalValue | 'mixed' | undefined {
  const yearMonth = /^\s*([+-]?)(\d+)-(\d{1,2})\s*$/.exec(text);
  if (yearMonth !== null) {
    const months = BigInt(yearMonth[2] ?? '0') * 12n + BigInt(yearMonth[3] ?? '0');
    return { unit: 'months', value: yearMonth[1] === '-' ? -months : months };
  }
  const parts: IntervalValue[] = [];
  const pattern = /\s*(?:([+-]?\d+:[\d:.]+)|([+-]?\s*(?:\d+\.?\d*|\.\d+))\s*([a-zA-Z]*))\s*,?\s*/y;
  let end = 0;
  for (let match = pattern.exec(text); match !== null && match[0] !== ''; match = pattern.exec(text)) {
    end = pattern.lastIndex;
    const part = intervalPart(match, qualifier);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const ago = /^ago\s*$/i.test(text.slice(end));
  if (parts.length === 0 || (end !== text.length && !ago)) return undefined;
  const unit = parts[0]?.unit ?? 'micros';
  if (parts.some((part) => part.unit !== unit && part.value !== 0n)) return 'mixed';
  const total = parts.reduce((sum, part) => sum + part.value, 0n);
  return { unit, value: ago ? -total : total };
}

function intervalPart(
  match: RegExpExecArray,
  qualifier: { readonly from: string; readonly to: string | null } | null,
): IntervalValue | undefined {
  const [, time, number = '', word = ''] = match;
  if (time !== undefined) {
    const value = clock(time, qualifier?.from === 'MINUTE');
    return value === undefined ? undefined : { unit: 'micros', value };
  }
  // '1 02:03:04' DAY TO SECOND: the bare number has the first unit.
  const unit = word === '' ? unitOf(qualifier?.from ?? '') : unitOf(word);
  return unit === undefined ? undefined : scaled(number.replaceAll(/\s/g, ''), unit);
}

/**
 * An interval of this unit from its text, as CAST reads it; null when it is none, holds the other unit, or leaves 64 bits.
 */
export function intervalFromText(text: string, unit: IntervalValue['unit']): bigint | null {
  const interval = readInterval(text, null);
  if (interval === undefined || interval === 'mixed') return null;
  const { value } = interval;
  if (interval.unit !== unit && value !== 0n) return null;
  return BigInt.asIntN(64, value) === value ? value : null;
}

/** As PostgreSQL writes an interval: `1 year 2 mons`, `3 days 04:05:06.5`, `-00:00:01`. `intervalFromText` reads it back. */
export function intervalText(value: number | bigint, unit: IntervalValue['unit']): string {
  return unit === 'months' ? monthsText(Number(value)) : microsText(BigInt(value));
}

function monthsText(months: number): string {
  const years = Math.trunc(months / 12);
  const rest = months % 12;
  const parts: string[] = [];
  if (years !== 0) parts.push(`${years} ${Math.abs(years) === 1 ? 'year' : 'years'}`);
  if (rest !== 0) parts.push(`${rest} ${Math.abs(rest) === 1 ? 'mon' : 'mons'}`);
  return parts.length === 0 ? '00:00:00' : parts.join(' ');
}

function microsText(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const size = micros < 0n ? -micros : micros;
  const days = size / BigInt(microsPerDay);
  const ofDay = Number(size % BigInt(microsPerDay));
  const clock = `${sign}${timeText(ofDay)}`;
  if (days === 0n) return clock;
  const dayText = `${sign}${days} ${days === 1n ? 'day' : 'days'}`;
  return ofDay === 0 ? dayText : `${dayText} ${clock}`;
}
