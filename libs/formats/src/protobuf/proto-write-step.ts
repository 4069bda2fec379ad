import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { ProtoEnum, ProtoField, ProtoScalar } from './proto-type.ts';

/** How the values of a column become those of a field. Plain data: what code is made of. */
export type ProtoWriteStep =
  /** A whole number; of a TIMESTAMP divided by `over`. */
  | { readonly kind: 'integer'; readonly scalar: ProtoScalar; readonly over: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'float'; readonly scalar: 'float' | 'double'; readonly isInteger: boolean }
  /** Text, bytes and JSON as they are. */
  | { readonly kind: 'slice' }
  /** A number or a time as its text. */
  | { readonly kind: 'text'; readonly type: SqlType }
  | { readonly kind: 'enum'; readonly type: ProtoEnum }
  /** The text of a JSON column, read, as any field. */
  | { readonly kind: 'json'; readonly field: ProtoField }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'message'; readonly fields: readonly ProtoFieldWrite[] }
  | { readonly kind: 'repeated'; readonly element: ProtoFieldWrite; readonly packed: boolean }
  | { readonly kind: 'map'; readonly key: ProtoFieldWrite; readonly value: ProtoFieldWrite };

export interface ProtoFieldWrite {
  /** Of the columns that are written, or of a STRUCT's fields. */
  readonly column: number;
  /** Of the column, for messages. */
  readonly name: string;
  readonly tag: Uint8Array;
  /** What stands behind a value in a group. */
  readonly endTag: Uint8Array | null;
  /** Whether a default value is written: it can be told from none. */
  readonly presence: boolean;
  /** NULL is no field, rather than an error. */
  readonly nullable: boolean;
  readonly step: ProtoWriteStep;
}
