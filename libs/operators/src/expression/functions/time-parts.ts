import { civilFromDays, daysFromCivil } from '@weir/columnar/civil-calendar.ts';
import { dayOfWeek, isoWeek, splitTimestamp } from './calendar.ts';
import type { Exact } from './exact.ts';

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

/** A timestamp taken apart, for patterns. */
export interface TimeParts {
  readonly days: number;
  /** Proleptic: 0 is 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly isoYear: number;
  readonly isoWeek: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly secondOfDay: number;
  /** Of the second. */
  readonly micros: number;
}

export function timePartsOf(value: Exact): TimeParts {
  const { days, ofDay } = splitTimestamp(value);
  const { year, month, day } = civilFromDays(days);
  const iso = isoWeek(days);
  const seconds = Math.floor(ofDay / 1e6);
  return {
    days,
    year,
    month,
    day,
    weekday: dayOfWeek(days),
    dayOfYear: days - daysFromCivil(year, 1, 1) + 1,
    isoYear: iso.year,
    isoWeek: iso.week,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    secondOfDay: seconds,
    micros: ofDay - seconds * 1e6,
  };
}

export const hour12 = (hour: number): number => hour % 12 || 12;
export const halfOfDay = (hour: number): string => (hour < 12 ? 'AM' : 'PM');
export const quarterOf = (month: number): number => Math.ceil(month / 3);
/** Years before the year 1 are counted backwards from 1 BC. */
export const yearOfEra = (year: number): number => (year > 0 ? year : 1 - year);
export const monthName = (parts: TimeParts): string => months[parts.month - 1] ?? '';
export const dayName = (parts: TimeParts): string => weekdays[parts.weekday] ?? '';
