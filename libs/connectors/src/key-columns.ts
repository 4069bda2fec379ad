import type { Schema } from '@weir/columnar/sql-type.ts';
import type { FormatOptions } from '@weir/formats/format.ts';
import { WeirError } from '@weir/kernel/errors.ts';

type Options = Readonly<Record<string, string>>;

/** Columns that are in a record's key, and how: `key.format`, `key.fields`. */
export interface KeyColumns {
  readonly format: string;
  /** Indexes of the schema's columns, in the order of `key.fields`. */
  readonly columns: readonly number[];
}

/** A table, as far as its keys go. `primaryKey`: indexes. */
export interface KeyedTable {
  readonly table: string;
  readonly schema: Schema;
  readonly primaryKey: readonly number[];
}

/**
 * What a table's options say of its keys; undefined: nothing. Without `key.fields` the key is the PRIMARY KEY; without `key.format` it is the
 * text of one column, or a JSON object of several.
 * @throws WeirError WEIR-3204
 */
export function keyColumnsOf(
  { table, schema, primaryKey }: KeyedTable,
  options: Options,
): KeyColumns | undefined {
  const { 'key.format': format, 'key.fields': fields } = options;
  if (format === undefined && fields === undefined) return undefined;
  if (fields === undefined) {
    if (primaryKey.length > 0) return { format: format ?? 'json', columns: primaryKey };
    throw problem(
      table,
      "'key.format' says how keys are encoded, but not of what",
      "add 'key.fields' = 'column, …'",
    );
  }
  if (options['sink.key_field'] !== undefined)
    throw problem(
      table,
      "'key.fields' and 'sink.key_field' exclude each other",
      "use 'key.fields' with 'key.format'",
    );
  const names = fields.split(',').map((name) => name.trim());
  const columns = names.map((name, index) => {
    if (names.indexOf(name) !== index) throw problem(table, `'key.fields' names column '${name}' twice`);
    const column = schema.fields.findIndex((field) => field.name === name);
    if (column >= 0) return column;
    const known = schema.fields.map((field) => field.name).join(', ');
    throw problem(
      table,
      `'key.fields' names the column '${name}', which it does not have`,
      `its columns are ${known}`,
    );
  });
  const missing = primaryKey.find((column) => !columns.includes(column));
  if (missing !== undefined) {
    const { name } = schema.fields[missing]!;
    throw problem(
      table,
      `'key.fields' leaves out column '${name}' of its PRIMARY KEY`,
      'rows of one key must be records of one key',
    );
  }
  return { format: format ?? (columns.length === 1 ? 'raw_string' : 'json'), columns };
}

/**
 * Columns that are fields of a record's value: those that are not its metadata, nor, in a source, come from the key, nor, in a sink with
 * `key.in_value` false, are in the key alone.
 */
export function valueColumnsOf(
  metadata: readonly (string | null)[],
  key: KeyColumns | undefined,
  use: 'read' | 'write',
  options: Options,
): readonly number[] {
  const inKeyOnly = use === 'read' || options['key.in_value'] === 'false' ? (key?.columns ?? []) : [];
  return metadata.flatMap((of, column) => (of === null && !inKeyOnly.includes(column) ? [column] : []));
}

/** Options of the key's format: those of the table, but for the schema of its values. */
export function keyFormatOptions(options: Options): FormatOptions {
  const {
    'avro.schema': _avro,
    'json.schema': _json,
    'protobuf.schema': _proto,
    framing: _framing,
    ...rest
  } = options;
  return { ...rest, 'json.unstructured': 'false' };
}

/** How keys name their schema: in the registry's frame where there is one and their format has schemas. */
export function keyFramingOf({ format }: KeyColumns, options: Options): 'none' | 'confluent' {
  const framed = format === 'avro' && options['schema_registry.endpoint'] !== undefined;
  return framed && options['avro.raw_datums'] !== 'true' ? 'confluent' : 'none';
}

function problem(table: string, message: string, hint?: string): WeirError {
  return new WeirError('WEIR-3204', `table ${table}: ${message}`, hint === undefined ? {} : { hint });
}
