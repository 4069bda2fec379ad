import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { sinkTopicOf } from './kafka-topics.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
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

/** Where a sink's rows go, by `sink.partitioner`: by their key, round-robin by batch, or to the partition that a column names. */
export type RowPartitioner =
  | { readonly kind: 'key' | 'round_robin' }
  | { readonly kind: 'column'; readonly column: number; readonly name: string };

/** Are a table's records keyed by its PRIMARY KEY? Not where only inserts are written: it is a promise then, and nothing more. */
export function isKeyed({ changes }: Pick<SinkNode, 'changes'>): boolean {
  return changes === 'upsert' || changes === 'retract';
}

/**
 * @param node whether it is keyed may not be known yet
 * @throws WeirError WEIR-3204
 */
export function partitionerOf(
  node: SinkColumns & Partial<Pick<SinkNode, 'changes' | 'primaryKey'>>,
  options: Options,
): RowPartitioner {
  const { changes } = node;
  const wish = options['sink.partitioner'];
  const hasKey =
    keyColumnOf(node, options) !== undefined ||
    keyColumnsOf(node, options) !== undefined ||
    (changes === undefined ? wish === 'key' : isKeyed({ changes }));
  if (wish === undefined) return { kind: hasKey ? 'key' : 'round_robin' };
  if (changes !== undefined && isKeyed({ changes }) && node.primaryKey?.length !== 0 && wish !== 'key') {
    throw new WeirError(
      'WEIR-3204',
      `table ${node.table} is written by its PRIMARY KEY: 'sink.partitioner' = '${wish}' would spread the changes of one key over partitions, which keep no order`,
      { hint: "leave the partitioner out, or write 'key'" },
    );
  }
  if (wish === 'round_robin') return { kind: wish };
  if (wish === 'key') {
    if (hasKey) return { kind: wish };
    throw new WeirError(
      'WEIR-3204',
      `table ${node.table}: 'sink.partitioner' = 'key', but its records have no key`,
      {
        hint: "name the key's column in 'sink.key_field', or leave the partitioner out",
      },
    );
  }
  const column = present(columnNamed(node, options, 'sink.partitioner'), 'a column that is named');
  const field = node.schema.fields[column];
  if (field?.type.kind === 'integer') return { kind: 'column', column, name: field.name };
  throw new WeirError(
    'WEIR-3204',
    `table ${node.table}: a partition is an integer, but column '${wish}' is ${field === undefined ? 'none' : formatType(field.type)}`,
    { hint: 'cast it, or name another column' },
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
export function checkRecordFields(node: SinkNode, options: Options): void {
  keyColumnOf(node, options);
  keyColumnsOf(node, options);
  timestampColumnOf(node, options);
  headersColumnOf(node, options);
  partitionerOf(node, options);
  sinkTopicOf(node.table, options);
}

/** The same, as the compiler tells it. */
export function recordFieldIssues(table: SinkColumns): OptionIssue[] {
  return [
    ...issuesOf('sink.key_field', () => keyColumnOf(table, table.options)),
    ...issuesOf('sink.timestamp_field', () => timestampColumnOf(table, table.options)),
    ...issuesOf('sink.partitioner', () => partitionerOf(table, table.options)),
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
