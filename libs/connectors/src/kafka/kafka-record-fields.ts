import { formatType, type Field } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';

type Options = Readonly<Record<string, string>>;

/** The column that becomes the key of a sink's records; undefined: they have none. @throws WeirError WEIR-3204 */
export function keyColumnOf(node: SinkNode, options: Options): number | undefined {
  return columnNamed(node, options, 'sink.key_field') ?? metadataColumn(node, 'key');
}

/** The column that becomes the time of a sink's records; undefined: they have the time at which they are written. @throws WeirError WEIR-3204 */
export function timestampColumnOf(node: SinkNode, options: Options): number | undefined {
  const column = columnNamed(node, options, 'sink.timestamp_field') ?? metadataColumn(node, 'timestamp');
  const field: Field | undefined = column === undefined ? undefined : node.schema.fields[column];
  if (field === undefined || field.type.kind === 'timestamp') return column;
  throw new WeirError(
    'WEIR-3204',
    `table ${node.table}: the time of a record comes from a TIMESTAMP, but column '${field.name}' is ${formatType(field.type)}`,
    { hint: `cast it: CAST(${field.name} AS TIMESTAMP)` },
  );
}

/** @throws WeirError WEIR-3204 when the options name columns that the table doesn't have or that have another type */
export function checkRecordFields(node: SinkNode, options: Options): void {
  keyColumnOf(node, options);
  timestampColumnOf(node, options);
}

function metadataColumn(node: SinkNode, key: string): number | undefined {
  const index = node.metadata.indexOf(key);
  return index < 0 ? undefined : index;
}

function columnNamed(node: SinkNode, options: Options, option: string): number | undefined {
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
