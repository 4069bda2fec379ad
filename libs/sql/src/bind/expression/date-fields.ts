import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, formatType, textType } from '@weir/columnar/sql-type.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { timeFieldName } from '@weir/plan/time-fields.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { strictCall } from '../../logical/expressions.ts';
import { castTo, isTextConstant } from '../../types/coerce.ts';
import { literal } from '../../types/constants.ts';
import type { Operand } from './operand.ts';

/** `year(ts)` and its kin (Flink, MySQL): EXTRACT of a field, always BIGINT. */
export const extractFunctions: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  dayofmonth: 'day',
  dayofyear: 'doy',
  dayofweek: 'dayofweek',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
};

const fields = [
  'microseconds',
  'milliseconds',
  'second',
  'minute',
  'hour',
  'day',
  'dow',
  'isodow',
  'doy',
  'week',
  'month',
  'quarter',
  'year',
  'isoyear',
  'decade',
  'century',
  'epoch',
  'dayofweek',
];

function resultOf(field: string): SqlType {
  switch (field) {
    case 'second':
      return { kind: 'decimal', precision: 8, scale: 6 };
    case 'milliseconds':
      return { kind: 'decimal', precision: 9, scale: 3 };
    case 'epoch':
      return { kind: 'decimal', precision: 18, scale: 6 };
    default:
      return bigintType;
  }
}

/** EXTRACT(field FROM time); `result`: another type than the field's own. */
export function bindExtract(field: string, fieldSpan: Span, time: Operand, result?: SqlType): Expression {
  const name = timeFieldName(field);
  if (!fields.includes(name)) {
    fail(
      'wrongArguments',
      fieldSpan,
      `there is no field '${field}' of a time`,
      suggest(name, fields, 'fields'),
    );
  }
  const value = isTextConstant(time.value)
    ? castTo(time.value, { kind: 'timestamp', precision: 6, zoned: false }, time.span)
    : time.value;
  if (!['timestamp', 'date', 'time', 'interval'].includes(value.type.kind)) {
    const hint =
      value.type.kind === 'integer' ? 'make it a timestamp first: to_timestamp_millis(…)' : undefined;
    fail('typeMismatch', time.span, `${formatType(value.type)} has no ${name}`, hint);
  }
  return strictCall('extract', [literal(name, textType), value], result ?? resultOf(name));
}
