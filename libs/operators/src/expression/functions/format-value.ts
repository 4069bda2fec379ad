import {
  civilFromDays,
  microsPerDay,
  microsPerHour,
  microsPerMinute,
} from '@weir/columnar/civil-calendar.ts';
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

function formatMonths(months: number): string {
  const years = Math.trunc(months / 12);
  const rest = months % 12;
  const parts: string[] = [];
  if (years !== 0) parts.push(`${years} ${Math.abs(years) === 1 ? 'year' : 'years'}`);
  if (rest !== 0) parts.push(`${rest} ${Math.abs(rest) === 1 ? 'mon' : 'mons'}`);
  return parts.length === 0 ? '00:00:00' : parts.join(' ');
}

function formatMicrosInterval(micros: Exact): string {
  const negative = micros < 0;
  const size = BigInt(micros) < 0n ? -BigInt(micros) : BigInt(micros);
  const days = size / BigInt(microsPerDay);
  const rest = Number(size % BigInt(microsPerDay));
  const hours = Math.floor(rest / microsPerHour);
  const minutes = Math.floor((rest % microsPerHour) / microsPerMinute);
  const clock = `${pad(hours, 2)}:${pad(minutes, 2)}:${timeText(rest % microsPerMinute).slice(6)}`;
  const sign = negative ? '-' : '';
  if (days === 0n) return `${sign}${clock}`;
  const dayText = `${sign}${days} ${days === 1n ? 'day' : 'days'}`;
  return rest === 0 ? dayText : `${dayText} ${sign}${clock}`;
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
      return type.unit === 'months' ? formatMonths(Number(value)) : formatMicrosInterval(value);
    default:
      return String(value);
  }
}
