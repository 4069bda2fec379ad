import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { avroNames } from './avro-names.ts';
import { describeAvro, type AvroField, type AvroRecord, type AvroType } from './avro-type.ts';
import { encodeDefault } from './encode-default.ts';
import { writeConversion } from './write-conversion.ts';
import type { FieldWrite, ValueWrite, WriteStep } from './write-step.ts';
import { smallVarint } from './write-text-value.ts';

/** Why columns can't be written with a schema. */
export interface Unwritable {
  readonly problem: string;
  readonly hint: string;
  /** The column concerned; undefined: a field of the schema is. */
  readonly column?: string;
}

export type Resolved<T> = { readonly of: T } | { readonly unfit: Unwritable };

/**
 * How rows of these columns are written with a schema that is there (G2). Columns go to fields by name, promotions and the order of unions
 * as the schema has them; a field that has no column is written as its default.
 * @param names of the fields that columns go to, where a pin says so; else by the column's name
 */
export function resolveWriter(
  columns: readonly Field[],
  schema: AvroType,
  names?: readonly string[],
): Resolved<WriteStep> {
  if (schema.kind === 'record') return recordOf(columns, schema, '', names);
  const [only, ...others] = columns;
  if (only === undefined || others.length > 0) {
    return unfit(
      `the schema is ${describeAvro(schema)}, no record: it takes one column, the table has ${columns.length}`,
      'give a record with a field for each column',
    );
  }
  const value = valueOf(only, schema, only.name);
  if ('unfit' in value) return withColumn(value, only.name);
  const { of } = value;
  return { of: { kind: 'record', fields: [{ column: 0, value: of }] } };
}

/** @param path of the record, with a dot behind it; empty for the whole value */
function recordOf(
  columns: readonly Field[],
  record: AvroRecord,
  path: string,
  names?: readonly string[],
): Resolved<WriteStep> {
  const targets = matchColumns(columns, record, names);
  for (const [index, column] of columns.entries()) {
    if (targets[index] !== undefined) continue;
    return unfit(
      `column ${path}${column.name} has no field in record ${record.name}`,
      `its fields are ${record.fields.map(({ name }) => name).join(', ') || 'none'}`,
      `${path}${column.name}`,
    );
  }
  const fields: FieldWrite[] = [];
  for (const field of record.fields) {
    const index = targets.indexOf(field);
    if (index >= 0) {
      const name = `${path}${columns[index]!.name}`;
      const value = valueOf(columns[index]!, field.type, name);
      if ('unfit' in value) return withColumn(value, name);
      fields.push({ column: index, value: value.of });
      continue;
    }
    const constant = field.default === undefined ? null : encodeDefault(field.type, field.default.json);
    if (constant === null) {
      return unfit(
        `field ${path}${field.name} of the schema has no column and no default`,
        `add a column ${field.name}, or give the field a default`,
      );
    }
    fields.push({ constant });
  }
  return { of: { kind: 'record', fields } };
}

/** For each column its field: by its name, else the name that Avro makes of it, else the only one that differs in case alone (A11). */
function matchColumns(
  columns: readonly Field[],
  record: AvroRecord,
  given?: readonly string[],
): readonly (AvroField | undefined)[] {
  const own = columns.map(({ name }) => name);
  const byName = new Map(record.fields.map((field) => [field.name, field]));
  const found = own.map((name, index) => byName.get(given?.[index] ?? name));
  const legal = avroNames(own);
  const taken = new Set(found);
  for (const [index, name] of own.entries()) {
    if (found[index] !== undefined) continue;
    const lower = name.toLowerCase();
    const like = record.fields.filter((field) => field.name.toLowerCase() === lower && !taken.has(field));
    const field = byName.get(legal[index]!) ?? (like.length === 1 ? like[0] : undefined);
    if (field === undefined || taken.has(field)) continue;
    found[index] = field;
    taken.add(field);
  }
  return found;
}

const noBytes = new Uint8Array(0);

function valueOf(column: Field, type: AvroType, name: string): Resolved<ValueWrite> {
  const branches = type.kind === 'union' ? type.branches : [type];
  const nullBranch = branches.findIndex(({ kind }) => kind === 'null');
  const whenNull =
    nullBranch < 0 ? null
    : type.kind === 'union' ? smallVarint(nullBranch)
    : noBytes; // prettier-ignore
  if (column.type.kind === 'null') {
    return whenNull === null
      ? unfit(`${describeAvro(type)} is never NULL, and column ${name} always is`, 'leave the column out')
      : { of: { name, branch: noBytes, whenNull, step: { kind: 'null' } } };
  }
  if (column.type.kind === 'json') return { of: jsonValue(type, branches, name, whenNull) };
  const [best] = branches
    .map((branch, index) => ({ index, ...writable(column.type, branch, name) }))
    .toSorted((a, b) => a.rank - b.rank);
  if (best === undefined || 'unfit' in best)
    return best !== undefined && branches.length === 1 ? best : unfitType(column.type, type);
  const branch = type.kind === 'union' ? smallVarint(best.index) : noBytes;
  return { of: { name, branch, whenNull, step: best.of } };
}

/** JSON is text where the field is a string; for any other type its values are read and written as that type. */
function jsonValue(
  type: AvroType,
  branches: readonly AvroType[],
  name: string,
  whenNull: Uint8Array | null,
): ValueWrite {
  const others = branches.filter(({ kind }) => kind !== 'null');
  const [only] = others;
  if (only?.kind !== 'string' || others.length !== 1)
    return { name, branch: noBytes, whenNull, step: { kind: 'json', type } };
  const branch = type.kind === 'union' ? smallVarint(branches.indexOf(only)) : noBytes;
  return { name, branch, whenNull, step: { kind: 'scalar', conversion: { to: 'bytes' } } };
}

/** As what a value is written to one branch; the branches of the lowest rank come first. */
function writable(
  type: SqlType,
  branch: AvroType,
  name: string,
): Resolved<WriteStep> & { readonly rank: number } {
  const asIs = (resolved: Resolved<WriteStep>) => ({ ...resolved, rank: 'unfit' in resolved ? 9 : 0 });
  if (type.kind === 'struct' && branch.kind === 'record')
    return asIs(recordOf(type.fields, branch, `${name}.`));
  if (type.kind === 'list' && branch.kind === 'array') {
    const element = valueOf(type.element, branch.items, `${name}[]`);
    return asIs('unfit' in element ? element : { of: { kind: 'array', element: element.of } });
  }
  if (type.kind === 'map' && type.key.type.kind === 'text' && branch.kind === 'map') {
    const value = valueOf(type.value, branch.values, `${name}{}`);
    return asIs('unfit' in value ? value : { of: { kind: 'map', value: value.of } });
  }
  const found = writeConversion(type, branch);
  if (found === null) return { ...unfitType(type, branch), rank: 9 };
  return { of: { kind: 'scalar', conversion: found.conversion }, rank: found.rank };
}

function unfitType(type: SqlType, avro: AvroType): { readonly unfit: Unwritable } {
  return unfit(`${formatType(type)} can't be written as ${describeAvro(avro)}`, castHint(type));
}

function castHint(type: SqlType): string {
  const isTime = (type.kind === 'timestamp' || type.kind === 'time') && type.precision > 3;
  if (!isTime) return 'use CAST, or another type in the schema';
  return `for milliseconds declare it ${type.kind.toUpperCase()}(3), or use CAST(… AS ${type.kind.toUpperCase()}(3))`;
}

function unfit(problem: string, hint: string, column?: string): { readonly unfit: Unwritable } {
  return { unfit: { problem, hint, ...(column === undefined ? {} : { column }) } };
}

function withColumn(
  resolved: { readonly unfit: Unwritable },
  column: string,
): {
  readonly unfit: Unwritable;
} {
  if (resolved.unfit.column !== undefined) return resolved;
  const { problem, hint } = resolved.unfit;
  return { unfit: { problem: `column ${column}: ${problem}`, hint, column } };
}
