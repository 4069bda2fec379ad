import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { TypeName } from '../ast/type-name.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import { maximumPrecision } from './numeric-types.ts';

type SimpleTypeName = Extract<TypeName, { kind: 'simple' }>;

const integerNames: Readonly<Record<string, 8 | 16 | 32 | 64>> = {
  TINYINT: 8,
  INT1: 8,
  SMALLINT: 16,
  INT2: 16,
  INT: 32,
  INTEGER: 32,
  INT4: 32,
  BIGINT: 64,
  INT8: 64,
};

const plainTypes: Readonly<Record<string, SqlType>> = {
  BOOLEAN: { kind: 'boolean' },
  BOOL: { kind: 'boolean' },
  FLOAT4: { kind: 'float', bits: 32 },
  REAL: { kind: 'float', bits: 32 },
  DOUBLE: { kind: 'float', bits: 64 },
  'DOUBLE PRECISION': { kind: 'float', bits: 64 },
  FLOAT8: { kind: 'float', bits: 64 },
  TEXT: { kind: 'text' },
  STRING: { kind: 'text' },
  VARCHAR: { kind: 'text' },
  'CHARACTER VARYING': { kind: 'text' },
  'CHAR VARYING': { kind: 'text' },
  CHAR: { kind: 'text' },
  CHARACTER: { kind: 'text' },
  BYTEA: { kind: 'bytes' },
  BYTES: { kind: 'bytes' },
  BLOB: { kind: 'bytes' },
  VARBINARY: { kind: 'bytes' },
  'BINARY VARYING': { kind: 'bytes' },
  DATE: { kind: 'date' },
  INTERVAL: { kind: 'interval', unit: 'micros' },
  JSON: { kind: 'json' },
};

const otherNames = ['DECIMAL', 'NUMERIC', 'TIME', 'TIMESTAMP', 'FLOAT', 'ARRAY', 'MAP', 'ROW', 'STRUCT'];

/** Types of other systems, and what to write. */
const foreignTypes: Readonly<Record<string, string>> = {
  DATETIME: 'write TIMESTAMP',
  BINARY: 'write VARBINARY(n), or BYTEA',
  'BINARY LARGE OBJECT': 'write BYTEA',
  NATIONAL: 'write TEXT',
  'NATIONAL CHARACTER': 'write TEXT',
  'NATIONAL CHARACTER VARYING': 'write TEXT',
  'NATIONAL CHAR': 'write TEXT',
  NCHAR: 'write TEXT',
  NVARCHAR: 'write TEXT',
  CLOB: 'write TEXT',
  BIT: 'write BOOLEAN, or BYTEA',
  'BIT VARYING': 'write BYTEA',
  XML: 'write TEXT',
  INET: 'write TEXT',
  RAW: 'write BYTEA',
  SMALLSERIAL: 'write SMALLINT',
  BIGSERIAL: 'write BIGINT',
  TIMETZ: 'write TIME',
  ENUM: 'write TEXT',
  BIGDECIMAL: 'write DECIMAL(38, s)',
  HUGEINT: 'write DECIMAL(38, 0)',
  JSONB: 'write JSON',
  UUID: 'write TEXT',
  NUMBER: 'write DECIMAL(p, s)',
  SERIAL: 'write BIGINT',
  MONEY: 'write DECIMAL(19, 2)',
  VARIANT: 'write JSON',
  MULTISET: 'write ARRAY<…>',
};

/** Gives a written type its meaning. @throws DiagnosticFailure badType */
export function resolveType(name: TypeName): SqlType {
  switch (name.kind) {
    case 'array':
      return {
        kind: 'list',
        element: { name: 'element', type: resolveType(name.element), nullable: !name.elementNotNull },
      };
    case 'map':
      return {
        kind: 'map',
        key: { name: 'key', type: resolveType(name.key), nullable: false },
        value: { name: 'value', type: resolveType(name.value), nullable: true },
      };
    case 'struct':
      return {
        kind: 'struct',
        fields: name.fields.map((field) => ({
          name: field.name.name,
          type: resolveType(field.type),
          nullable: !field.notNull,
        })),
      };
    case 'simple':
      return resolveSimple(name);
  }
}

function resolveSimple(type: SimpleTypeName): SqlType {
  const unsigned = type.name.endsWith(' UNSIGNED') || /^U(?:TINY|SMALL|BIG)?INT/.test(type.name);
  const name = unsigned ? type.name.replace(/ UNSIGNED$|^U(?=\w*INT)/g, '') : type.name;
  if (type.zoned !== null && name !== 'TIMESTAMP' && name !== 'TIME') {
    fail('badType', type.span, `${name} has no time zone`);
  }
  const bits = integerNames[name];
  // Flink and MySQL write a display width: INT(11) says nothing.
  if (bits !== undefined) return { kind: 'integer', bits, signed: !unsigned };
  if (unsigned) fail('badType', type.span, `${name} can't be UNSIGNED`, 'only integers can');
  const plain = plainTypes[name];
  if (plain !== undefined) {
    // The bound of texts and bytes is kept beside the type: see text-bound.ts.
    const bounded = plain.kind === 'text' || plain.kind === 'bytes' || plain.kind === 'interval';
    if (type.parameters.length > 0 && !bounded) fail('badType', type.span, `${name} has no length`);
    return plain;
  }
  return resolveParameterised(type, name);
}

function resolveParameterised(type: SimpleTypeName, name: string): SqlType {
  const [first, second] = type.parameters;
  switch (name) {
    case 'DECIMAL':
    case 'NUMERIC':
    case 'DEC':
      return resolveDecimal(type, first, second);
    case 'FLOAT':
      return { kind: 'float', bits: first !== undefined && first > 24 ? 64 : 32 };
    case 'TIME':
      return { kind: 'time', precision: precisionOf(type, first) };
    case 'TIMESTAMP':
      return { kind: 'timestamp', precision: precisionOf(type, first), zoned: type.zoned === true };
    case 'TIMESTAMPTZ':
    case 'TIMESTAMP_LTZ':
      return { kind: 'timestamp', precision: precisionOf(type, first), zoned: true };
    case 'TIMESTAMP_NTZ':
      return { kind: 'timestamp', precision: precisionOf(type, first), zoned: false };
    default: {
      const foreign = foreignTypes[name];
      const known = [...Object.keys(plainTypes), ...Object.keys(integerNames), ...otherNames];
      return fail('badType', type.span, `there is no type ${name}`, foreign ?? suggest(name, known, 'types'));
    }
  }
}

function resolveDecimal(
  type: SimpleTypeName,
  precision: number | undefined,
  scale: number | undefined,
): SqlType {
  if (precision === undefined) return { kind: 'decimal', precision: maximumPrecision, scale: 10 };
  const digits = scale ?? 0;
  if (precision < 1 || precision > maximumPrecision || digits > precision) {
    const hint = `precision is 1 to ${maximumPrecision}, scale 0 to the precision`;
    fail('badType', type.span, `DECIMAL(${precision}, ${digits}) is no type`, hint);
  }
  return { kind: 'decimal', precision, scale: digits };
}

/** Fractional digits of seconds; more than six are held as six. */
function precisionOf(type: SimpleTypeName, digits: number | undefined): number {
  if (digits === undefined) return 6;
  if (digits > 9) fail('badType', type.span, `${type.name}(${digits}) is no type`, 'write 0 to 9 digits');
  return Math.min(digits, 6);
}
