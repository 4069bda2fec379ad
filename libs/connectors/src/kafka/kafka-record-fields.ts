import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { sinkTopicOf } from './kafka-topics.ts';
import { tableOfDeadLetters } from '@weir/plan/rejected-schema.ts';
import { keyColumnsOf } from '../key-columns.ts';
import type { OptionIssue, SinkColumns } from '../connector.ts';

type Options = Readonly<Record<string, string>>;

/** The column that becomes the key of a sink's records; undefined: they have none. @throws WeirError WEIR-3204 */
export function keyColumnOf(node: SinkColumns, options: Options): number | undefined {
  return columnNamed(node, options, 'sink.key_field') ?? metadataColumn(node, 'key');
}

/** The column that becomes the time of a sink's records; undefined: they have the time at which they are written. @throws WeirError WEIR-3204 */
export function timestampColumnOf(node: SinkColumns, options: Options): number | undefined {
  const column = columnNamed(node, options, 'sink.timestamp_field') ?? metadataColumn(node, 'timestamp');
  const field: Field | undefined = column === undefined ? undefined : node.schema.fields[column];
  if (field === undefined || field.type.kind === 'timestamp') return column;
  throw new WeirError(
    'WEIR-3204',
    `table ${node.table}: the time of a record comes from a TIMESTAMP, but column '${field.name}' is ${formatType(field.type)}`,
    { hint: `cast it: CAST(${field.name} AS TIMESTAMP)` },
  );
}

/** The column that holds the headers of a sink's records; undefined: none does. @throws WeirError WEIR-3204 */
export function headersColumnOf(node: SinkColumns, options: Options): number | undefined {
  const column = columnNamed(node, options, 'sink.headers_field') ?? metadataColumn(node, 'headers');
  const field: Field | undefined = column === undefined ? undefined : node.schema.fields[column];
  if (field === undefined || isHeaders(field.type, tableOfDeadLetters(node.table) !== undefined))
    return column;
  throw new WeirError(
    'WEIR-3204',
    `table ${node.table}: headers are pairs of a key and a value, but column '${field.name}' is ${formatType(field.type)}`,
    { hint: 'give it the type STRUCT<key TEXT, value BYTEA>[] or MAP<TEXT, BYTEA>; values may be TEXT, too' },
  );
}

/** `encoded`: bytes may be headers as a record holds them. */
function isHeaders(type: SqlType, encoded: boolean): boolean {
  const isValue = (value: SqlType | undefined): boolean => value?.kind === 'bytes' || value?.kind === 'text';
  switch (type.kind) {
    case 'bytes':
      return encoded;
    case 'map':
      return type.key.type.kind === 'text' && isValue(type.value.type);
    case 'list': {
      const pair = type.element.type;
      if (pair.kind !== 'struct' || pair.fields.length !== 2) return false;
      return pair.fields[0]?.type.kind === 'text' && isValue(pair.fields[1]?.type);
    }
    default:
      return false;
  }
}

/** @throws WeirError WEIR-3204 when the options name columns that the table doesn't have or that have another type */
export function checkRecordFields(node: SinkColumns, options: Options): void {
  keyColumnOf(node, options);
  keyColumnsOf(node, options);
  timestampColumnOf(node, options);
  headersColumnOf(node, options);
  sinkTopicOf(node.table, options);
}

/** The same, as the compiler tells it. */
export function recordFieldIssues(table: SinkColumns): OptionIssue[] {
  return [
    ...issuesOf('sink.key_field', () => keyColumnOf(table, table.options)),
    ...issuesOf('sink.timestamp_field', () => timestampColumnOf(table, table.options)),
    ...issuesOf('topic', () => sinkTopicOf(table.table, table.options)),
    ...issuesOf('sink.headers_field', () => headersColumnOf(table, table.options)),
  ];
}

function issuesOf(option: string, find: () => unknown): OptionIssue[] {
  try {
    find();
    return [];
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    const { message, hint } = error;
    return [{ option, message, ...(hint === undefined ? {} : { hint }) }];
  }
}

function metadataColumn(node: SinkColumns, key: string): number | undefined {
  const index = node.metadata.indexOf(key);
  return index < 0 ? undefined : index;
}

function columnNamed(node: SinkColumns, options: Options, option: string): number | undefined {
  const name = options[option];
  if (name === undefined) return undefined;
  const index = node.schema.fields.findIndex((field) => field.name === name);
  if (index >= 0) return index;
  throw new WeirError(
    'WEIR-3204',
    `table ${node.table}: option '${option}' names the column '${name}', which it does not have`,
    {
      hint: `its columns are ${node.schema.fields.map((field) => field.name).join(', ')}`,
    },
  );
}
