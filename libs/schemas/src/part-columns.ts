import type { Schema } from '@weir/columnar/sql-type.ts';
import {
  keyColumnsOf,
  keyFormatOptions,
  valueColumnsOf,
  type KeyColumns,
} from '@weir/connectors/key-columns.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import type { FormatIssue } from '@weir/formats/format.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { TableOptionIssue, TableRequest, TableUse } from '@weir/sql/catalog/connector-catalog.ts';

/** Indexes of the columns that are in the values of a table's records, and what its keys have. */
export interface PartColumns {
  readonly value: readonly number[];
  readonly key: KeyColumns | undefined;
}

/** @param issues takes what is wrong with the options of keys */
export function partColumns(
  request: TableRequest,
  schema: Schema,
  issues: TableOptionIssue[] = [],
): PartColumns {
  const metadata = schema.fields.map((_, index) => request.metadata[index] ?? null);
  const isWritten = request.use === 'write' || request.options['type'] === 'sink';
  const use = isWritten ? 'write' : 'read';
  try {
    const table = { table: request.table, schema, primaryKey: keyIndexes(request, schema) };
    const key = keyColumnsOf(table, request.options);
    return { key, value: valueColumnsOf(metadata, key, use, request.options) };
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    const option = request.options['key.fields'] === undefined ? 'key.format' : 'key.fields';
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    issues.push({ option, message: error.message, ...hint });
    return { key: undefined, value: valueColumnsOf(metadata, undefined, use, request.options) };
  }
}

/** Indexes of the PRIMARY KEY; what names no column is left out. */
export function keyIndexes({ primaryKey }: TableRequest, { fields }: Schema): readonly number[] {
  return primaryKey
    .map((name) => fields.findIndex((field) => field.name === name))
    .filter((index) => index >= 0);
}

/** What the key's format can't do with its columns. */
export function keyIssues(
  schema: Schema,
  { format, columns }: KeyColumns,
  options: Readonly<Record<string, string>>,
  use: TableUse,
): TableOptionIssue[] {
  const fields = columns.map((index) => schema.fields[index]!);
  const isWritten = use === 'write' || (use === 'declare' && options['type'] === 'sink');
  if (use === 'declare' && options['type'] === undefined) return [];
  // Written, it is the text of any type.
  if (isWritten && format === 'raw_string' && columns.length === 1) return [];
  return formatNamed(format)
    .check({ fields }, keyFormatOptions(options), isWritten ? 'write' : 'read')
    .map(({ option, column, message, hint }: FormatIssue) => ({
      option: option === undefined || option.startsWith(`${format}.`) ? 'key.format' : option,
      message: `keys: ${message}`,
      ...(column === undefined ? {} : { column }),
      ...(hint === undefined ? {} : { hint }),
    }));
}
