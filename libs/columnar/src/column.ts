import type { SqlType } from './sql-type.ts';
import { unreachable } from '@weir/kernel/assert.ts';

/*
 * How SQL values lie in memory. A column's arrays may be longer than the batch's `rowCount`: only the first `rowCount`
 * entries count. `nulls[i] === 1` says that row i is NULL; the value at a NULL row is unspecified (but readable).
 * `nulls === null` says that no row is NULL.
 *
 * Invariants:
 * C1 int:   `big === null` => every non-null value is an integer with |v| <= 2^53 - 1, exact in `values`.
 *           `big !== null` => `big[i]` is the truth for every row and `values` must not be read.
 * C2 bytes: 0 <= starts[i] <= ends[i] <= data.length for non-null rows. TEXT and JSON are UTF-8.
 * C3 bytes: `jsonPlain` => no value holds a byte that JSON must escape (", \, below 0x20): encoders copy without looking.
 */

/** BOOLEAN: 0 or 1. */
export interface BoolColumn {
  readonly kind: 'bool';
  values: Uint8Array;
  nulls: Uint8Array | null;
}

/**
 * All exact numbers: integers; DECIMAL as its unscaled value; DATE as days since 1970; TIME as microseconds of the day;
 * TIMESTAMP as microseconds since 1970; INTERVAL as months or microseconds.
 */
export interface IntColumn {
  readonly kind: 'int';
  values: Float64Array;
  big: bigint[] | null;
  nulls: Uint8Array | null;
}

/** FLOAT (rounded to 32 bits) and DOUBLE. */
export interface FloatColumn {
  readonly kind: 'float';
  values: Float64Array;
  nulls: Uint8Array | null;
}

/** TEXT, BYTEA, JSON: slices of one buffer, often the fetched one itself. */
export interface BytesColumn {
  readonly kind: 'bytes';
  data: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
  jsonPlain: boolean;
  nulls: Uint8Array | null;
}

export interface StructColumn {
  readonly kind: 'struct';
  children: Column[];
  nulls: Uint8Array | null;
}

/** Row i holds elements offsets[i] .. offsets[i + 1] - 1. */
export interface ListColumn {
  readonly kind: 'list';
  offsets: Int32Array;
  element: Column;
  nulls: Uint8Array | null;
}

export interface MapColumn {
  readonly kind: 'map';
  offsets: Int32Array;
  keys: Column;
  values: Column;
  nulls: Uint8Array | null;
}

export type Column =
  BoolColumn | IntColumn | FloatColumn | BytesColumn | StructColumn | ListColumn | MapColumn;
export type PhysicalKind = Column['kind'];

/** Which kind of column holds a type. */
export function physicalKind(type: SqlType): PhysicalKind {
  switch (type.kind) {
    case 'null':
    case 'boolean':
      return 'bool';
    case 'integer':
    case 'decimal':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'interval':
      return 'int';
    case 'float':
      return 'float';
    case 'text':
    case 'bytes':
    case 'json':
      return 'bytes';
    case 'struct':
      return 'struct';
    case 'list':
      return 'list';
    case 'map':
      return 'map';
    default:
      return unreachable(type);
  }
}
