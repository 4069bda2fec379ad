import { timeFieldName } from '@weir/plan/time-fields.ts';
import {
  civilFromDays,
  daysFromCivil,
  isDate,
  microsPerDay,
  microsPerHour,
  microsPerMinute,
} from '@weir/columnar/civil-calendar.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { badArgument } from '../evaluation-errors.ts';
import { dayOfWeek, isoWeek, joinTimestamp, splitTimestamp } from './calendar.ts';
import { floorQuotient, lower, multiplyAdd, type Exact } from './exact.ts';
import { plain, type CallTypes, type FunctionTable, type RowValue } from './runtime-function.ts';
import { dateFormat, toChar } from './time-patterns.ts';

/** Days since 1970 and microseconds of the day; what a type lacks is 0. */
interface Instant {
  readonly days: number;
  readonly ofDay: number;
}

function instantOf(type: SqlType): (value: Exact) => Instant {
  if (type.kind === 'date') return (value) => ({ days: Number(value), ofDay: 0 });
  if (type.kind === 'time') return (value) => ({ days: 0, ofDay: Number(value) });
  return splitTimestamp;
}

/** A field in microunits where it can have a fraction (second, milliseconds, epoch), else as it is. */
type FieldReader = (instant: Instant) => Exact;

function yearsPer(years: number): FieldReader {
  return ({ days }) => Math.ceil(civilFromDays(days).year / years);
}

const fields: Readonly<Record<string, FieldReader>> = {
  microseconds: ({ ofDay }) => ofDay % microsPerMinute,
  milliseconds: ({ ofDay }) => ofDay % microsPerMinute,
  second: ({ ofDay }) => ofDay % microsPerMinute,
  minute: ({ ofDay }) => Math.floor(ofDay / microsPerMinute) % 60,
  hour: ({ ofDay }) => Math.floor(ofDay / microsPerHour),
  day: ({ days }) => civilFromDays(days).day,
  dow: ({ days }) => dayOfWeek(days),
  dayofweek: ({ days }) => dayOfWeek(days) + 1,
  isodow: ({ days }) => dayOfWeek(days) || 7,
  doy: ({ days }) => days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1,
  week: ({ days }) => isoWeek(days).week,
  month: ({ days }) => civilFromDays(days).month,
  quarter: ({ days }) => Math.ceil(civilFromDays(days).month / 3),
  year: ({ days }) => civilFromDays(days).year,
  isoyear: ({ days }) => isoWeek(days).year,
  decade: ({ days }) => Math.floor(civilFromDays(days).year / 10),
  century: yearsPer(100),
  millennium: yearsPer(1000),
  epoch: ({ days, ofDay }) => joinTimestamp(days, ofDay),
};

/** Digits after the point that a field's reader counts in. */
const fieldScale: Readonly<Record<string, number>> = { second: 6, milliseconds: 3, epoch: 6 };

function fieldName(types: CallTypes): string {
  const name = types.constants[0];
  assert(typeof name === 'string', 'the field of a time function is a constant');
  return timeFieldName(name);
}

function intervalField(name: string, type: Extract<SqlType, { kind: 'interval' }>): (value: Exact) => Exact {
  if (type.unit === 'months') {
    if (name === 'year') return (value) => Math.trunc(Number(value) / 12) + 0;
    if (name === 'month') return (value) => (Number(value) % 12) + 0;
    // PostgreSQL counts a month as 30 days and a year as 365.25.
    if (name === 'epoch')
      return (value) => {
        const months = Number(value);
        return multiplyAdd(Math.trunc(months / 12), 365.25 * microsPerDay, (months % 12) * 30 * microsPerDay);
      };
    return () => 0;
  }
  if (name === 'epoch') return (value) => value;
  if (name === 'day') return (value) => lower(BigInt(value) / BigInt(microsPerDay));
  const read = fields[name];
  if (read === undefined || !['hour', 'minute', 'second', 'milliseconds', 'microseconds'].includes(name))
    return () => 0;
  return (value) => {
    const rest = Number(BigInt(value) % BigInt(microsPerDay));
    const size = read({ days: 0, ofDay: Math.abs(rest) });
    return rest < 0 ? -Number(size) + 0 : size;
  };
}

function fieldReader(types: CallTypes): { readonly read: (value: Exact) => Exact; readonly scale: number } {
  const name = fieldName(types);
  const type = types.arguments[1];
  assert(type !== undefined, 'a time function has a time argument');
  const scale = fieldScale[name] ?? 0;
  if (type.kind === 'interval') return { read: intervalField(name, type), scale };
  const read = fields[name];
  if (read === undefined) return badArgument(types.description, `unknown field '${name}'`);
  const split = instantOf(type);
  return { read: (value) => read(split(value)), scale };
}

/** The result at the scale of the call's type: BIGINT, DECIMAL, or DOUBLE. */
function extract(types: CallTypes): (...values: never[]) => RowValue {
  const { read, scale } = fieldReader(types);
  const result = types.result;
  if (result.kind === 'float') return (_: string, value: Exact) => Number(read(value)) / 10 ** scale;
  const wanted = result.kind === 'decimal' ? result.scale : 0;
  if (wanted >= scale) {
    const factor = 10 ** (wanted - scale);
    return (_: string, value: Exact) => multiplyAdd(read(value), factor, 0);
  }
  const divisor = 10 ** (scale - wanted);
  return (_: string, value: Exact) => floorQuotient(read(value), divisor);
}

const truncUnits: Readonly<Record<string, number>> = {
  microseconds: 1,
  milliseconds: 1000,
  second: 1e6,
  minute: microsPerMinute,
  hour: microsPerHour,
  day: microsPerDay,
};

function dateTrunc(types: CallTypes): (...values: never[]) => RowValue {
  const name = fieldName(types);
  const unit = truncUnits[name];
  const isDateType = types.arguments[1]?.kind === 'date';
  if (unit !== undefined) {
    if (isDateType) return (_: string, value: Exact) => value;
    return (_: string, value: Exact) => {
      const { days, ofDay } = splitTimestamp(value);
      return joinTimestamp(days, ofDay - (ofDay % unit));
    };
  }
  const start = dayStarts[name];
  if (start === undefined) return badArgument(types.description, `unknown field '${name}'`);
  if (isDateType) return (_: string, value: Exact) => start(Number(value));
  return (_: string, value: Exact) => joinTimestamp(start(splitTimestamp(value).days), 0);
}

function yearStart(years: number, first: number): (days: number) => number {
  return (days) => {
    const { year } = civilFromDays(days);
    return daysFromCivil(Math.floor((year - first) / years) * years + first, 1, 1);
  };
}

const dayStarts: Readonly<Record<string, (days: number) => number>> = {
  week: (days) => days - ((dayOfWeek(days) + 6) % 7),
  month: (days) => {
    const { year, month } = civilFromDays(days);
    return daysFromCivil(year, month, 1);
  },
  quarter: (days) => {
    const { year, month } = civilFromDays(days);
    return daysFromCivil(year, month - ((month - 1) % 3), 1);
  },
  year: yearStart(1, 0),
  decade: yearStart(10, 0),
  century: yearStart(100, 1),
  millennium: yearStart(1000, 1),
};

function dateBin(stride: Exact, value: Exact, origin: Exact): Exact {
  if (stride <= 0) badArgument('date_bin', 'the stride must be above zero');
  const distance = BigInt(value) - BigInt(origin);
  let rest = distance % BigInt(stride);
  if (rest < 0n) rest += BigInt(stride);
  return lower(BigInt(value) - rest);
}

function makeTimestamp(
  year: Exact,
  month: Exact,
  day: Exact,
  hour: Exact,
  minute: Exact,
  second: number,
): Exact {
  const days = makeDate(year, month, day);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second <= 60)) {
    badArgument('make_timestamp', `${hour}:${minute}:${second} is no time of day`);
  }
  const ofDay = (Number(hour) * 60 + Number(minute)) * microsPerMinute + Math.round(second * 1e6);
  return joinTimestamp(days, ofDay);
}

function makeDate(year: Exact, month: Exact, day: Exact): number {
  if (!isDate(Number(year), Number(month), Number(day))) {
    badArgument('make_date', `${year}-${month}-${day} is no date`);
  }
  return daysFromCivil(Number(year), Number(month), Number(day));
}

function fromSeconds(seconds: number): Exact {
  const whole = Math.floor(seconds);
  if (!Number.isFinite(seconds)) badArgument('to_timestamp', `${seconds} is no time`);
  return multiplyAdd(whole, 1e6, Math.round((seconds - whole) * 1e6));
}

export const timeFunctions: FunctionTable = {
  extract: { strict: true, bind: extract },
  date_part: { strict: true, bind: extract },
  date_trunc: { strict: true, bind: dateTrunc },
  date_bin: plain(dateBin),
  to_timestamp: plain(fromSeconds),
  to_timestamp_seconds: plain((value: Exact) => multiplyAdd(value, 1e6, 0)),
  to_timestamp_millis: plain((value: Exact) => multiplyAdd(value, 1e3, 0)),
  to_timestamp_micros: plain((value: Exact) => value),
  unix_timestamp: plain((value: Exact) => floorQuotient(value, 1e6)),
  unix_millis: plain((value: Exact) => floorQuotient(value, 1e3)),
  unix_micros: plain((value: Exact) => value),
  to_char: toChar,
  date_format: dateFormat,
  make_date: plain(makeDate),
  make_timestamp: plain(makeTimestamp),
};
