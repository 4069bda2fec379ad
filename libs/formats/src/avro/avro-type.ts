/**
 * Avro's types as a schema means them: names resolved, namespaces spelt out, logical types only where they are legal (a logical type that is
 * not known or stands on a wrong base is ignored, as Avro 1.12's specification asks). Plain data; a recursive schema is a circle of objects.
 */
export type AvroType =
  | { readonly kind: AvroPrimitiveKind; readonly logical?: AvroLogical }
  | AvroFixed
  | AvroEnum
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
  | AvroRecord;

export type AvroPrimitiveKind = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

export type AvroLogical =
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time'; readonly unit: 'millis' | 'micros' }
  /** `local`: a date and time without a zone. */
  | { readonly kind: 'timestamp'; readonly unit: 'millis' | 'micros' | 'nanos'; readonly local: boolean }
  | { readonly kind: 'duration' };

interface Named {
  /** With its namespace, `shop.Order`; without one, `Order`. */
  readonly name: string;
  /** Full names, too. */
  readonly aliases: readonly string[];
}

export interface AvroFixed extends Named {
  readonly kind: 'fixed';
  /** Bytes. */
  readonly size: number;
  readonly logical?: AvroLogical;
}

export interface AvroEnum extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  /** What a reader takes for symbols it does not know. */
  readonly default?: string;
}

export interface AvroRecord extends Named {
  readonly kind: 'record';
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  /** As JSON; integers beyond 2^53 are bigints (A5). Undefined: none, which is not the same as null. */
  readonly default?: AvroDefault;
}

/** A default as the schema's text has it. */
export interface AvroDefault {
  readonly json: unknown;
}

/** The part of a full name after its last dot. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** For messages: `record shop.Order`, `union of null, long`. */
export function describeAvro(type: AvroType): string {
  switch (type.kind) {
    case 'record':
    case 'enum':
    case 'fixed':
      return `${type.kind} ${type.name}`;
    case 'array':
      return `array of ${describeAvro(type.items)}`;
    case 'map':
      return `map of ${describeAvro(type.values)}`;
    case 'union':
      return `union of ${type.branches.map(describeAvro).join(', ')}`;
    default:
      return type.logical === undefined ? type.kind : `${type.kind} (${describeLogical(type.logical)})`;
  }
}

function describeLogical(logical: AvroLogical): string {
  switch (logical.kind) {
    case 'decimal':
      return `decimal(${logical.precision}, ${logical.scale})`;
    case 'time':
      return `time-${logical.unit}`;
    case 'timestamp':
      return `${logical.local ? 'local-' : ''}timestamp-${logical.unit}`;
    default:
      return logical.kind;
  }
}
