import type { SqlType } from '@weir/columnar/sql-type.ts';
import { sameType } from '@weir/columnar/sql-type.ts';
import { asDecimal, isNumeric } from './numeric-types.ts';

/**
 * How a value may become another type. `implicit`: anywhere, nothing is lost (integers and DECIMAL into DOUBLE excepted, as in PostgreSQL).
 * `assignment`: when it is inserted into a column of that type; what doesn't fit is an error row. `explicit`: only by CAST. `none`: not at all.
 */
export type CastKind = 'same' | 'implicit' | 'assignment' | 'explicit' | 'none';

const explicitFromText = new Set<SqlType['kind']>([
  'boolean',
  'integer',
  'float',
  'decimal',
  'bytes',
  'json',
  'date',
  'time',
  'timestamp',
  'interval',
]);

/**
 * The table of casts. Numbers to integers round half away from zero (DECIMAL) or half to even (floats), as PostgreSQL; TEXT to bytes
 * and back is UTF-8; TIMESTAMP and TIMESTAMP WITH TIME ZONE convert at UTC; JSON to scalars takes a JSON scalar.
 */
export function castKind(from: SqlType, to: SqlType): CastKind {
  if (sameType(from, to)) return 'same';
  if (from.kind === 'null') return 'implicit';
  if (isNumeric(from) && isNumeric(to)) return numericCast(from, to);
  if (from.kind === 'text') return explicitFromText.has(to.kind) ? 'explicit' : 'none';
  if (to.kind === 'text') return textCast(from);
  switch (from.kind) {
    case 'date':
      return to.kind === 'timestamp' ? 'implicit' : 'none';
    case 'timestamp':
      return timestampCast(from, to);
    case 'time':
      return to.kind === 'time' ? (to.precision >= from.precision ? 'implicit' : 'assignment') : 'none';
    case 'boolean':
      return to.kind === 'integer' ? 'explicit' : 'none';
    case 'integer':
      return to.kind === 'boolean' ? 'explicit' : 'none';
    case 'json':
      return to.kind === 'boolean' || isNumeric(to) ? 'explicit' : 'none';
    default:
      return 'none';
  }
}

function numericCast(from: SqlType, to: SqlType): CastKind {
  if (to.kind === 'float') {
    if (from.kind === 'float') return to.bits >= from.bits ? 'implicit' : 'assignment';
    return to.bits === 64 ? 'implicit' : 'assignment';
  }
  if (from.kind === 'float') return 'assignment';
  if (from.kind === 'integer' && to.kind === 'integer') {
    const fits = from.signed === to.signed ? to.bits >= from.bits : to.signed && to.bits > from.bits;
    return fits ? 'implicit' : 'assignment';
  }
  if (to.kind === 'integer') return 'assignment';
  const source = asDecimal(from);
  if (source === undefined || to.kind !== 'decimal') return 'none';
  const fits = to.scale >= source.scale && to.precision - to.scale >= source.precision - source.scale;
  return fits ? 'implicit' : 'assignment';
}

function textCast(from: SqlType): CastKind {
  switch (from.kind) {
    case 'struct':
    case 'list':
    case 'map':
      return 'none';
    case 'bytes':
      return 'explicit';
    default:
      return 'assignment';
  }
}

function timestampCast(from: Extract<SqlType, { kind: 'timestamp' }>, to: SqlType): CastKind {
  switch (to.kind) {
    case 'timestamp':
      if (from.zoned !== to.zoned) return 'assignment';
      return to.precision >= from.precision ? 'implicit' : 'assignment';
    case 'date':
      return 'assignment';
    case 'time':
      return 'explicit';
    default:
      return 'none';
  }
}
