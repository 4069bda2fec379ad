/** A column of a table, a field of a struct. `nullable` false means that a NULL here is an error, not a surprise. */
export interface Field {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
}

/** The SQL types as plain data: they travel inside plans, so nothing here but JSON. */
export type SqlType =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'text' }
  | { readonly kind: 'bytes' }
  /** Raw JSON text of a value. */
  | { readonly kind: 'json' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time'; readonly precision: number }
  /** `zoned`: an instant (TIMESTAMP WITH TIME ZONE, TIMESTAMP_LTZ); else a local date and time. Both are held as microseconds. */
  | { readonly kind: 'timestamp'; readonly precision: number; readonly zoned: boolean }
  | { readonly kind: 'interval'; readonly unit: 'months' | 'micros' }
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly element: Field }
  | { readonly kind: 'map'; readonly key: Field; readonly value: Field };

/** The rows of a stream: its columns in order. `eventTime` is the index of the event-time column, if there is one. */
export interface Schema {
  readonly fields: readonly Field[];
  readonly eventTime?: number;
}

export const booleanType: SqlType = { kind: 'boolean' };
export const bigintType: SqlType = { kind: 'integer', bits: 64, signed: true };
export const intType: SqlType = { kind: 'integer', bits: 32, signed: true };
export const doubleType: SqlType = { kind: 'float', bits: 64 };
export const textType: SqlType = { kind: 'text' };
export const timestampType: SqlType = { kind: 'timestamp', precision: 6, zoned: false };

/** As a person writes it: `DECIMAL(10, 2)`, `STRUCT<a BIGINT, b TEXT>`. */
export function formatType(type: SqlType): string {
  switch (type.kind) {
    case 'null':
      return 'NULL';
    case 'integer': {
      const name = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INT', 64: 'BIGINT' }[type.bits];
      return type.signed ? name : `${name} UNSIGNED`;
    }
    case 'float':
      return type.bits === 32 ? 'FLOAT' : 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'bytes':
      return 'BYTEA';
    case 'time':
      return `TIME(${type.precision})`;
    case 'timestamp':
      return `TIMESTAMP(${type.precision})${type.zoned ? ' WITH TIME ZONE' : ''}`;
    case 'interval':
      return 'INTERVAL';
    case 'struct':
      return `STRUCT<${type.fields.map((field) => `${field.name} ${formatType(field.type)}`).join(', ')}>`;
    case 'list':
      return `${formatType(type.element.type)}[]`;
    case 'map':
      return `MAP<${formatType(type.key.type)}, ${formatType(type.value.type)}>`;
    default:
      return type.kind.toUpperCase();
  }
}

/** Structural equality: names of struct fields count, nullability does not. Intervals of months and of microseconds are two types. */
export function sameType(a: SqlType, b: SqlType): boolean {
  return formatType(a) === formatType(b) && intervalUnits(a) === intervalUnits(b);
}

/** The units of all intervals in a type, in their order. (Names of types can't tell: they stand in fingerprints of frames and of state.) */
function intervalUnits(type: SqlType): string {
  switch (type.kind) {
    case 'interval':
      return `${type.unit};`;
    case 'struct':
      return type.fields.map((field) => intervalUnits(field.type)).join('');
    case 'list':
      return intervalUnits(type.element.type);
    case 'map':
      return intervalUnits(type.key.type) + intervalUnits(type.value.type);
    default:
      return '';
  }
}
