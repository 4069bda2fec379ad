import { civilFromDays } from '@weir/columnar/civil-calendar.ts';
import { intervalText } from '@weir/columnar/interval-text.ts';
import { timeText } from '@weir/columnar/time-text.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { splitTimestamp } from './calendar.ts';
import { formatDecimal, type Exact } from './exact.ts';

export function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  if (year <= 0) return `${pad(1 - year, 4)}-${pad(month, 2)}-${pad(day, 2)} BC`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function formatTimestamp(micros: Exact, zoned: boolean): string {
  const { days, ofDay } = splitTimestamp(micros);
  const date = formatDate(days);
  const zone = zoned ? '+00' : '';
  return date.endsWith(' BC')
    ? `${date.slice(0, -3)} ${timeText(ofDay)}${zone} BC`
    : `${date} ${timeText(ofDay)}${zone}`;
}

/** Shortest text that reads back as the same number; PostgreSQL's words for what is no number. */
export function formatFloat(value: number, bits: 32 | 64): string {
  if (value !== value) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  if (Object.is(value, -0)) return '-0';
  if (bits === 64) return String(value);
  for (let digits = 6; digits <= 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

/** The SQL text of a value that is held as an integer. */
export function formatPhysical(value: Exact, type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return formatDecimal(value, type.scale);
    case 'date':
      return formatDate(Number(value));
    case 'time':
      return timeText(Number(value));
    case 'timestamp':
      return formatTimestamp(value, type.zoned);
    case 'interval':
      return intervalText(value, type.unit);
    default:
      return String(value);
  }
}
