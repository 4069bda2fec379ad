import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import type { FormatOptions } from '../format.ts';
import { readJsonOptions, type JsonOptions } from './json-options.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema (draft-07) of objects with these columns, as the JSON format writes them (G4): the same columns always give the same text.
 * What JSON Schema has no word for is said as Kafka Connect does: `connect.index` the order of columns, `connect.type` the width of numbers,
 * the title of DECIMAL, whose digits are in its parameters.
 * @param title of the object
 */
export function jsonSchemaOfColumns(columns: readonly Field[], title: string, given: FormatOptions): string {
  const { options } = readJsonOptions(given);
  return JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    ...objectOf(columns, options),
  });
}

function objectOf(columns: readonly Field[], options: JsonOptions): Node {
  const required = columns.filter(({ nullable }) => !nullable).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      columns.map((column, index) => [column.name, { ...valueOf(column, options), 'connect.index': index }]),
    ),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** What may be NULL is `oneOf [null, T]`; anything at all may be null anyway. */
function valueOf({ type, nullable }: Field, options: JsonOptions): Node {
  if (type.kind === 'null') return { type: 'null' };
  const schema = schemaOf(type, options);
  return nullable && type.kind !== 'json' ? { oneOf: [{ type: 'null' }, schema] } : schema;
}

function schemaOf(type: SqlType, options: JsonOptions): Node {
  switch (type.kind) {
    case 'null':
    case 'boolean':
      return { type: type.kind };
    case 'integer':
      if (type.bits === 64 && !type.signed) return { ...decimalOf(20, 0, options), type: 'integer' };
      return { type: 'integer', 'connect.type': `int${type.signed ? type.bits : type.bits * 2}` };
    case 'float':
      return { type: 'number', 'connect.type': `float${type.bits}` };
    case 'decimal':
      return decimalOf(type.precision, type.scale, options);
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64', 'connect.type': 'bytes' };
    case 'json':
      return {};
    case 'date':
      return { type: 'string', format: 'date' };
    case 'time':
      return { type: 'string', format: 'time' };
    case 'timestamp':
      return options.timestampFormat.startsWith('unix')
        ? { type: 'integer', 'connect.type': 'int64' }
        : { type: 'string', ...(options.timestampFormat === 'rfc3339' ? { format: 'date-time' } : {}) };
    case 'struct':
      return objectOf(type.fields, options);
    case 'list':
      return { type: 'array', items: valueOf(type.element, options) };
    case 'map':
      return { type: 'object', additionalProperties: valueOf(type.value, options) };
    case 'text':
    case 'interval':
      return { type: 'string' };
  }
}

function decimalOf(precision: number, scale: number, options: JsonOptions): Node {
  return {
    type: options.decimalEncoding === 'string' ? 'string' : 'number',
    title: 'org.apache.kafka.connect.data.Decimal',
    'connect.parameters': { scale: String(scale), 'connect.decimal.precision': String(precision) },
  };
}
