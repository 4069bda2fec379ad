import { civilFromDays, daysFromCivil, daysInMonth, microsPerDay } from '@weir/columnar/civil-calendar.ts';
import { floorDivide, multiplyAdd, type Exact } from './exact.ts';

/** What functions of dates and timestamps do with the calendar. */

/** Days since 1970 and microseconds of that day. */
export function splitTimestamp(micros: Exact): { readonly days: number; readonly ofDay: number } {
  const { quotient, rest } = floorDivide(micros, microsPerDay);
  return { days: quotient, ofDay: rest };
}

export function joinTimestamp(days: number, microsOfDay: number): Exact {
  return multiplyAdd(days, microsPerDay, microsOfDay);
}

/** Adds calendar months to a day; the day of the month is cut to the month's length, as PostgreSQL does. */
function addMonthsToDays(days: number, months: number): number {
  const { year, month, day } = civilFromDays(days);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  return daysFromCivil(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}

export function addMonths(micros: Exact, months: Exact): Exact {
  const { days, ofDay } = splitTimestamp(micros);
  return joinTimestamp(addMonthsToDays(days, Number(months)), ofDay);
}

/** 0 Sunday … 6 Saturday. */
export function dayOfWeek(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** The ISO 8601 week and the year that it belongs to. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
  // The Thursday of a week decides its year.
  const thursday = days - ((dayOfWeek(days) + 6) % 7) + 3;
  const { year } = civilFromDays(thursday);
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}
