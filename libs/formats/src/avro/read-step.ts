import type { AvroType } from './avro-type.ts';

/*
 * What a reader does with the bytes of one writer's schema, as plain data: made once a schema by `resolveReader`, then made into code.
 */

export type ReadStep =
  | { readonly kind: 'null' }
  | RefuseStep
  /** By the branch that the record names. */
  | { readonly kind: 'union'; readonly branches: readonly ReadStep[] }
  | { readonly kind: 'scalar'; readonly conversion: Conversion }
  /** The text of each of the writer's symbols; null: the reader has no such symbol, records that hold it are errors. */
  | EnumStep
  | StructStep
  | { readonly kind: 'list'; readonly item: ReadStep }
  | { readonly kind: 'map'; readonly value: ReadStep }
  | { readonly kind: 'json'; readonly json: JsonStep };

/** An error of each record that has the value, not of the schema. */
export interface RefuseStep {
  readonly kind: 'refuse';
  readonly problem: string;
  readonly hint?: string;
}

export interface EnumStep {
  readonly kind: 'enum';
  readonly symbols: readonly (string | null)[];
  /** The writer's symbols, for messages. */
  readonly written: readonly string[];
}

/** A record, or at the top any value, into the columns `target` of a row or the fields of a struct; in the writer's order. */
export interface StructStep {
  readonly kind: 'struct';
  readonly fields: readonly FieldStep[];
  readonly absent: readonly AbsentField[];
  /** Set: every record of this schema is an error. */
  readonly refusal: RefuseStep | null;
}

export type FieldStep =
  { readonly skip: AvroType } | { readonly target: number; readonly name: string; readonly step: ReadStep };

/** A column that the writer lacks: its default as the reader's own schema would write it, or NULL. */
export interface AbsentField {
  readonly target: number;
  readonly fallback: { readonly bytes: Uint8Array; readonly step: ReadStep } | null;
}

export type Conversion =
  | { readonly to: 'boolean' }
  /** floor(value * times / over), cut down to a multiple of `unit`; outside of [min, max]: an error of the record. */
  | {
      readonly to: 'exact';
      readonly from: 'int' | 'long';
      readonly times: bigint;
      readonly over: number;
      readonly unit: number;
      readonly min: bigint;
      readonly max: bigint;
      /** As SQL calls it, for messages. */
      readonly what: string;
    }
  | { readonly to: 'float'; readonly from: 'int' | 'long' | 'float' | 'double'; readonly single: boolean }
  /** Two's complement, big-endian. `size`: bytes of a fixed, -1 for bytes. */
  | {
      readonly to: 'decimal';
      readonly size: number;
      readonly fromScale: number;
      readonly scale: number;
      /** Of the column, unscaled. */
      readonly min: bigint;
      readonly max: bigint;
      readonly what: string;
    }
  /** UTF-8, as of string and bytes alike. */
  | { readonly to: 'text' }
  /** 16 bytes of a fixed as the text of a UUID. */
  | { readonly to: 'uuid' }
  | { readonly to: 'bytes'; readonly size: number };

/** A value as JSON text. Of recursive schemas the steps are a circle, as the types are. */
export type JsonStep =
  | RefuseStep
  | { readonly kind: 'union'; readonly branches: readonly JsonStep[] }
  /** `asBytes`, `asText`: the reader's side of a string that was bytes, or the other way. */
  | { readonly kind: 'scalar'; readonly type: AvroType; readonly as: 'written' | 'bytes' | 'text' }
  | EnumStep
  | JsonRecordStep
  | { readonly kind: 'array'; readonly items: JsonStep }
  | { readonly kind: 'map'; readonly values: JsonStep };

export interface JsonRecordStep {
  readonly kind: 'record';
  /** `key`: the field's name with quotes and a colon. */
  readonly fields: readonly (
    { readonly skip: AvroType } | { readonly key: string; readonly step: JsonStep }
  )[];
  readonly absent: readonly {
    readonly key: string;
    readonly bytes: Uint8Array;
    readonly step: JsonStep;
  }[];
  readonly refusal: RefuseStep | null;
}
