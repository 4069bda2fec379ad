import type { Field } from '@weir/columnar/sql-type.ts';
import type { AvroField, AvroRecord, AvroType } from './avro-type.ts';
import { encodeDefault } from './encode-default.ts';
import { branchFor, fieldOfColumn, matchFields } from './match-avro.ts';
import type { AbsentField, FieldStep, ReadStep, RefuseStep, StructStep } from './read-step.ts';
import { JsonResolver, refuseStep } from './resolve-json.ts';
import { resolveScalar, unfit } from './resolve-scalar.ts';

/** What is read: columns, and the schema that they were made from, where that is so. */
export interface AvroReader {
  readonly fields: readonly Field[];
  /** Null: people have declared the columns. */
  readonly type: AvroType | null;
  /** Of each column, names from the root of `type` to its field; empty: all of the value. */
  readonly paths: readonly (readonly string[])[];
}

/**
 * How records of one writer's schema become rows, by Avro's rules as Java runs them, and beyond them: numbers go into smaller columns where
 * they fit, times are scaled, decimals rescaled where that is exact; a column that may be NULL and that the writer lacks is NULL.
 * What can't be read is an error of the records that have it, never of the schema.
 */
export function resolveReader(writer: AvroType, reader: AvroReader): ReadStep {
  return new Resolver().row(writer, reader);
}

class Resolver {
  readonly #json = new JsonResolver();

  row(writer: AvroType, reader: AvroReader): ReadStep {
    if (writer.kind === 'union')
      return { kind: 'union', branches: writer.branches.map((branch) => this.row(branch, reader)) };
    const { fields, type } = reader;
    const [only] = fields;
    const whole = type !== null ? reader.paths[0]?.length === 0 : writer.kind !== 'record';
    if (whole && fields.length === 1 && only !== undefined) {
      const step = this.value(writer, only, type);
      return struct([{ target: 0, name: only.name, step }], [], null);
    }
    if (writer.kind !== 'record' && fields.length === 0) return struct([{ skip: writer }], [], null);
    if (writer.kind !== 'record') {
      const problem = `a ${writer.kind} was written, which is no record and can't fill the table's columns`;
      return { kind: 'refuse', problem };
    }
    return this.#record(writer, fields, readerRecord(writer, type), reader.paths);
  }

  value(writer: AvroType, field: Field, reader: AvroType | null): ReadStep {
    if (writer.kind === 'union')
      return {
        kind: 'union',
        branches: writer.branches.map((branch) => this.value(branch, field, reader)),
      };
    const { type } = field;
    if (writer.kind === 'null') {
      if (field.nullable) return { kind: 'null' };
      return { kind: 'refuse', problem: `null was written, but ${field.name} is NOT NULL` };
    }
    if (reader?.kind === 'union' && type.kind !== 'json') {
      const others = reader.branches.filter(({ kind }) => kind !== 'null');
      const branch = branchFor(writer, reader.branches) ?? (others.length === 1 ? others[0] : undefined);
      return branch === undefined ? refuseStep(writer, reader) : this.value(writer, field, branch);
    }
    switch (type.kind) {
      case 'json':
        return { kind: 'json', json: this.#json.resolve(writer, reader) };
      case 'struct':
        if (writer.kind !== 'record') return unfit(writer, type);
        return this.#record(writer, type.fields, readerRecord(writer, reader), null);
      case 'list':
        if (writer.kind !== 'array') return unfit(writer, type);
        return { kind: 'list', item: this.value(writer.items, type.element, itemsOf(reader)) };
      case 'map':
        if (writer.kind !== 'map' || type.key.type.kind !== 'text') return unfit(writer, type);
        return { kind: 'map', value: this.value(writer.values, type.value, valuesOf(reader)) };
      default:
        return resolveScalar(writer, type, reader);
    }
  }

  /** @param paths of the columns of a row; null: fields of a struct, which have the names of the schema's */
  #record(
    writer: AvroRecord,
    fields: readonly Field[],
    reader: AvroRecord | null,
    paths: AvroReader['paths'] | null,
  ): StructStep {
    const matched = reader === null ? null : matchFields(writer, reader);
    const targets = new Map<AvroField, { target: number; field: Field; from: AvroField | null }[]>();
    const absent: AbsentField[] = [];
    let refused: RefuseStep | null = null;
    fields.forEach((field, target) => {
      const from = reader?.fields.find(({ name }) => name === (paths?.[target]?.[0] ?? field.name)) ?? null;
      const source =
        from === null || matched === null ? fieldOfColumn(writer, field.name) : matched.get(from);
      if (source !== undefined) {
        targets.set(source, [...(targets.get(source) ?? []), { target, field, from }]);
        return;
      }
      const missing = this.#absent(target, field, from);
      if ('kind' in missing) refused ??= missing;
      else absent.push(missing);
    });
    const steps = writer.fields.map((source): FieldStep => {
      const [to] = targets.get(source) ?? [];
      if (to === undefined) return { skip: source.type };
      const { target, field, from } = to;
      return { target, name: field.name, step: this.value(source.type, field, from?.type ?? null) };
    });
    return struct(steps, absent, refused ?? doubled([...targets.values()]));
  }

  #absent(target: number, field: Field, from: AvroField | null): AbsentField | RefuseStep {
    const bytes =
      from === null || from.default === undefined ? null : encodeDefault(from.type, from.default.json);
    if (from !== null && bytes !== null)
      return { target, fallback: { bytes, step: this.value(from.type, field, from.type) } };
    if (field.nullable) return { target, fallback: null };
    return {
      kind: 'refuse',
      problem: `the writer has no field '${field.name}', and the column is NOT NULL and has no default`,
      hint: `declare column ${field.name} without NOT NULL`,
    };
  }
}

function struct(
  fields: readonly FieldStep[],
  absent: readonly AbsentField[],
  refused: RefuseStep | null,
): StructStep {
  return { kind: 'struct', fields, absent, refusal: refused };
}

/** Two columns whose names differ by case only may not be read from one field. */
function doubled(targets: readonly (readonly { readonly field: Field }[])[]): RefuseStep | null {
  const twice = targets.find((each) => each.length > 1);
  if (twice === undefined) return null;
  const names = twice.map(({ field }) => field.name).join(' and ');
  return { kind: 'refuse', problem: `columns ${names} are both of one field of the writer's` };
}

function readerRecord(writer: AvroRecord, reader: AvroType | null): AvroRecord | null {
  if (reader?.kind === 'record') return reader;
  if (reader?.kind !== 'union') return null;
  const branch = branchFor(writer, reader.branches);
  return branch?.kind === 'record' ? branch : null;
}

function itemsOf(reader: AvroType | null): AvroType | null {
  return reader?.kind === 'array' ? reader.items : null;
}

function valuesOf(reader: AvroType | null): AvroType | null {
  return reader?.kind === 'map' ? reader.values : null;
}

/** Why no record of this schema can be read, where that is so; a union's branches are each an error of their records only. */
export function refusedAlways(
  step: ReadStep,
): { readonly column?: string; readonly refusal: RefuseStep } | null {
  if (step.kind === 'refuse') return { refusal: step };
  if (step.kind !== 'struct') return null;
  if (step.refusal !== null) return { refusal: step.refusal };
  for (const field of step.fields) {
    const found = 'step' in field ? refusedAlways(field.step) : null;
    if (found !== null && 'name' in field) return { column: field.name, refusal: found.refusal };
  }
  return null;
}
