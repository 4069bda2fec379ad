import type { Field } from '@weir/columnar/sql-type.ts';
import type { Conversion } from '../avro/read-step.ts';
import type { ProtoEnum, ProtoField, ProtoScalar } from './proto-type.ts';

/** How the values of a field become those of a column. Plain data: what readers and code are made of. */
export type ProtoStep =
  /** A whole number (bool is none) by its range. */
  | {
      readonly kind: 'exact';
      readonly scalar: ProtoScalar;
      readonly conversion: Extract<Conversion, { to: 'exact' }>;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'float'; readonly scalar: ProtoScalar; readonly single: boolean }
  /** A slice of the record; of TEXT it must be UTF-8. */
  | { readonly kind: 'slice'; readonly isText: boolean }
  /** Text of a number or a time, as CAST reads it. */
  | { readonly kind: 'parsed' }
  | { readonly kind: 'enum'; readonly type: ProtoEnum }
  /** `unit`: microseconds that the column keeps multiples of. */
  | { readonly kind: 'timestamp'; readonly unit: number }
  | { readonly kind: 'duration' }
  /** A message of one value. */
  | { readonly kind: 'wrapped'; readonly field: ProtoField; readonly step: ProtoStep }
  | { readonly kind: 'struct'; readonly message: MessageStep }
  | { readonly kind: 'list'; readonly item: ProtoStep }
  | { readonly kind: 'map'; readonly entry: MessageStep }
  | { readonly kind: 'json' }
  | { readonly kind: 'refuse'; readonly problem: string; readonly hint?: string };

export interface MessageStep {
  /** All fields of the writer's message, by number. */
  readonly fields: readonly ProtoFieldStep[];
  /** Columns that it has no field for. */
  readonly absent: readonly { readonly target: number; readonly refusal: string | null }[];
}

export interface ProtoFieldStep {
  readonly field: ProtoField;
  /** Null: nobody asks for it. */
  readonly into: {
    readonly target: number;
    readonly column: Field;
    readonly step: ProtoStep;
    /** What is wrong with a record without the field; null: the column is NULL or has the field's default. */
    readonly missing: string | null;
  } | null;
}
