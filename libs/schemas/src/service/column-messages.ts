import { readSqlType } from '@weir/plan/read-sql-type.ts';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Column } from '@weir/wire/gen/weir/v1/schema.ts';

export function columnMessage(field: Field, note = ''): Column {
  return {
    name: field.name,
    type: formatType(field.type),
    nullable: field.nullable,
    typeJson: JSON.stringify(field.type),
    note,
  };
}

/** Types that a person writes without parameters: enough for callers that know no `type_json`. */
const plainTypes: Readonly<Record<string, SqlType>> = {
  BOOLEAN: { kind: 'boolean' },
  TINYINT: { kind: 'integer', bits: 8, signed: true },
  SMALLINT: { kind: 'integer', bits: 16, signed: true },
  INT: { kind: 'integer', bits: 32, signed: true },
  INTEGER: { kind: 'integer', bits: 32, signed: true },
  BIGINT: { kind: 'integer', bits: 64, signed: true },
  FLOAT: { kind: 'float', bits: 32 },
  DOUBLE: { kind: 'float', bits: 64 },
  TEXT: { kind: 'text' },
  VARCHAR: { kind: 'text' },
  STRING: { kind: 'text' },
  BYTEA: { kind: 'bytes' },
  BYTES: { kind: 'bytes' },
  JSON: { kind: 'json' },
  DATE: { kind: 'date' },
  TIME: { kind: 'time', precision: 6 },
  TIMESTAMP: { kind: 'timestamp', precision: 6, zoned: false },
};

/** @throws WeirError WEIR-3405 for a type that can't be read */
export function fieldOfMessage(column: Column): Field {
  return { name: column.name, nullable: column.nullable, type: typeOfMessage(column) };
}

function typeOfMessage(column: Column): SqlType {
  if (column.typeJson !== '') {
    return readSqlType(column.typeJson, `the type_json of column ${column.name}`, 'WEIR-3405');
  }
  const type = plainTypes[column.type.trim().toUpperCase()];
  if (type !== undefined) return type;
  throw new WeirError('WEIR-3405', `the type '${column.type}' of column ${column.name} can't be read`, {
    hint: 'give type_json, or a type without parameters such as BIGINT or TEXT',
  });
}
