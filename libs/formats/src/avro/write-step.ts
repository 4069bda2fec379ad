import type { AvroType } from './avro-type.ts';

/**
 * How a column's value becomes one of a schema: what code is made of. Plain data.
 *
 * `constant`: bytes that are the same in every record. `json`: the text of a JSON column is read, and written as the type asks.
 */
export type WriteStep =
  | { readonly kind: 'null' }
  | { readonly kind: 'scalar'; readonly conversion: WriteConversion }
  | { readonly kind: 'record'; readonly fields: readonly FieldWrite[] }
  | { readonly kind: 'array'; readonly element: ValueWrite }
  | { readonly kind: 'map'; readonly value: ValueWrite }
  | { readonly kind: 'json'; readonly type: AvroType };

/** A value that may be NULL, and may be one of a union's. */
export interface ValueWrite {
  /** For messages: names from the record down, `address.street`. */
  readonly name: string;
  /** Before the value: the index of its branch; empty outside unions. */
  readonly branch: Uint8Array;
  /** What NULL is written as; null: it can't be. */
  readonly whenNull: Uint8Array | null;
  readonly step: WriteStep;
}

/** A field of a record, in the schema's order; `column`: an index among the columns that the record is made of. */
export type FieldWrite =
  { readonly column: number; readonly value: ValueWrite } | { readonly constant: Uint8Array };

export type WriteConversion =
  | { readonly to: 'boolean' }
  /** int and long: (value * times) / over, cut towards the past where digits are left over. */
  | { readonly to: 'long'; readonly times: bigint; readonly over: number }
  | { readonly to: 'float'; readonly single: boolean; readonly from: 'float' | 'integer' }
  /** value * times as an unscaled number; `size` -1: bytes. */
  | { readonly to: 'decimal'; readonly size: number; readonly times: bigint; readonly digits: number }
  | { readonly to: 'bytes' }
  | { readonly to: 'fixed'; readonly size: number }
  | { readonly to: 'uuid' }
  | { readonly to: 'enum'; readonly symbols: readonly string[] };
