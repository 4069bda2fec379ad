import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { resolveScalar } from '../avro/resolve-scalar.ts';
import type { AvroType } from '../avro/avro-type.ts';
import type { MessageStep, ProtoFieldStep, ProtoStep } from './proto-step.ts';
import {
  describeProto,
  fieldNamed,
  wellKnown,
  wrappedValue,
  type ProtoField,
  type ProtoMessage,
  type ProtoScalar,
  type ProtoType,
} from './proto-type.ts';

/** What is read: columns, and the message that they were made from, where that is so. */
export interface ProtobufReader {
  readonly fields: readonly Field[];
  /** Null: people have declared the columns. */
  readonly message: ProtoMessage | null;
  /** Of each column, names from `message` to its field. */
  readonly paths: readonly (readonly string[])[];
}

/**
 * How records of a writer's message become rows. Fields of a reader's message are found by number, those of declared columns by name, else
 * by the only name that differs in case. What can't be read is an error of the records that have it, never of the schema.
 */
export function resolveProtobuf(writer: ProtoMessage, reader: ProtobufReader): MessageStep {
  const { fields, message, paths } = reader;
  return resolveMessage(writer, fields, (column, index) => {
    const known = message?.fields.find(({ name }) => name === (paths[index]?.[0] ?? column.name));
    return known === undefined
      ? { found: fieldNamed(writer, column.name), known: null }
      : { found: writer.fields.find(({ number }) => number === known.number), known };
  });
}

interface Found {
  readonly found: ProtoField | undefined;
  /** The reader's field. */
  readonly known: ProtoField | null;
}

function resolveMessage(
  writer: ProtoMessage,
  columns: readonly Field[],
  find: (column: Field, index: number) => Found,
): MessageStep {
  const into = new Map<ProtoField, ProtoFieldStep['into']>();
  const absent: { target: number; refusal: string | null }[] = [];
  columns.forEach((column, target) => {
    const { found, known } = find(column, target);
    if (found === undefined || into.has(found)) {
      const refusal = column.nullable
        ? null
        : `message ${writer.name} has no field for ${column.name}, which is NOT NULL`;
      absent.push({ target, refusal });
      return;
    }
    const step = resolveField(found, column.type, known);
    const missing =
      found.presence && !column.nullable ? `there is no ${found.name}, but ${column.name} is NOT NULL` : null;
    into.set(found, { target, column, step, missing });
  });
  const fields = writer.fields
    .map((field) => ({ field, into: into.get(field) ?? null }))
    .toSorted((a, b) => a.field.number - b.field.number);
  return { fields, absent };
}

function resolveField(field: ProtoField, type: SqlType, known: ProtoField | null): ProtoStep {
  if (type.kind === 'json') return { kind: 'json' };
  if (type.kind === 'list' && field.label === 'repeated')
    return { kind: 'list', item: resolveValue(field, field.type, type.element.type, known) };
  if (type.kind === 'map' && field.label === 'map') return mapStep(field, type, known);
  if (field.label !== 'single') return unfit(field, type);
  return resolveValue(field, field.type, type, known);
}

function resolveValue(
  field: ProtoField,
  from: ProtoType,
  type: SqlType,
  known: ProtoField | null,
): ProtoStep {
  if (type.kind === 'json') return { kind: 'json' };
  if (from.kind === 'scalar') return scalarStep(field, from.scalar, type);
  if (from.kind === 'enum') {
    if (type.kind === 'text') return { kind: 'enum', type: from };
    return type.kind === 'integer' ? scalarStep(field, 'int32', type) : unfit(field, type);
  }
  const wrapped = wrappedValue(from);
  if (wrapped !== undefined && type.kind !== 'struct')
    return { kind: 'wrapped', field: wrapped, step: resolveValue(wrapped, wrapped.type, type, null) };
  if (type.kind === 'timestamp' && from.name === wellKnown.timestamp)
    return { kind: 'timestamp', unit: 10 ** (6 - Math.min(6, type.precision)) };
  if (type.kind === 'interval' && type.unit === 'micros' && from.name === wellKnown.duration)
    return { kind: 'duration' };
  return type.kind === 'struct' ? structStep(from, type.fields, known) : unfit(field, type);
}

function structStep(from: ProtoMessage, fields: readonly Field[], known: ProtoField | null): ProtoStep {
  const reader = known?.type.kind === 'message' ? known.type : null;
  const message = resolveMessage(from, fields, (column) => {
    const of = reader?.fields.find(({ name }) => name === column.name) ?? null;
    const found =
      of === null ? fieldNamed(from, column.name) : from.fields.find(({ number }) => number === of.number);
    return { found, known: of };
  });
  return { kind: 'struct', message };
}

/** Entries are messages of a key and a value, either of which may be missing (B2). */
function mapStep(
  field: ProtoField,
  type: Extract<SqlType, { kind: 'map' }>,
  known: ProtoField | null,
): ProtoStep {
  const part = (name: string, number: number, of: ProtoType): ProtoField => ({
    name,
    number,
    type: of,
    label: 'single',
    presence: of.kind === 'message',
    group: false,
    packed: false,
  });
  const key = part('key', 1, { kind: 'scalar', scalar: field.key ?? 'string' });
  const value = part('value', 2, field.type);
  const into = (from: ProtoField, target: number, column: Field): ProtoFieldStep => ({
    field: from,
    into: { target, column, step: resolveValue(from, from.type, column.type, known), missing: null },
  });
  return { kind: 'map', entry: { fields: [into(key, 0, type.key), into(value, 1, type.value)], absent: [] } };
}

function scalarStep(field: ProtoField, scalar: ProtoScalar, type: SqlType): ProtoStep {
  if (scalar === 'bool') return type.kind === 'boolean' ? { kind: 'boolean' } : unfit(field, type);
  if (scalar === 'string' || scalar === 'bytes') {
    if (type.kind === 'text' || type.kind === 'bytes') return { kind: 'slice', isText: type.kind === 'text' };
    const isParsed = scalar === 'string' && type.kind !== 'null' && !isNested(type);
    return isParsed ? { kind: 'parsed' } : unfit(field, type);
  }
  const step = resolveScalar(numberOf(scalar), type, null);
  if (step.kind !== 'scalar') return unfit(field, type);
  const { conversion } = step;
  if (conversion.to === 'exact') return { kind: 'exact', scalar, conversion };
  return conversion.to === 'float'
    ? { kind: 'float', scalar, single: conversion.single }
    : unfit(field, type);
}

function isNested({ kind }: SqlType): boolean {
  return kind === 'struct' || kind === 'list' || kind === 'map';
}

/** The type of Avro whose numbers go into the same columns. */
function numberOf(scalar: ProtoScalar): AvroType {
  if (scalar === 'double' || scalar === 'float') return { kind: scalar };
  return { kind: scalar === 'int32' || scalar === 'sint32' || scalar === 'sfixed32' ? 'int' : 'long' };
}

function unfit(field: ProtoField, type: SqlType): ProtoStep {
  return {
    kind: 'refuse',
    problem: `${describeProto(field)} was written, which can't be read as ${formatType(type)}`,
    hint: "declare the column with a type that takes it, or leave such records out: 'bad_data' = 'drop'",
  };
}

/** What makes every record unreadable; null where some may be read. */
export function refusedByAll(
  step: MessageStep,
): { readonly column?: string; readonly problem: string; readonly hint?: string } | null {
  for (const { into } of step.fields) {
    if (into?.step.kind === 'refuse') {
      const { problem, hint } = into.step;
      return { column: into.column.name, problem, ...(hint === undefined ? {} : { hint }) };
    }
  }
  const refusal = step.absent.find((each) => each.refusal !== null)?.refusal;
  return refusal === undefined || refusal === null ? null : { problem: refusal };
}
