import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { avroNames } from '../avro/avro-names.ts';
import type { ProtoFieldWrite, ProtoWriteStep } from './proto-write-step.ts';
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
import { isPackable, wireOf, wireOfType } from './message-slots.ts';
import { wireType } from './wire-type.ts';

/** What a column can't be written as. */
export interface ProtoMisfit {
  readonly column: string;
  readonly problem: string;
  readonly hint: string;
}

class Misfit extends Error {
  readonly misfit: ProtoMisfit;

  constructor(column: string, problem: string, hint: string) {
    super(problem);
    this.misfit = { column, problem, hint };
  }
}

/**
 * How rows of these columns become the message: columns find the field that `names` says, else the only one whose name differs in case.
 * Fields without a column are not written.
 */
export function resolveProtoWriter(
  columns: readonly Field[],
  message: ProtoMessage,
  names: readonly string[] = avroNames(columns.map(({ name }) => name)),
): readonly ProtoFieldWrite[] | ProtoMisfit {
  try {
    return messageFields(columns, message, names, '');
  } catch (thrown) {
    if (thrown instanceof Misfit) return thrown.misfit;
    throw thrown;
  }
}

function messageFields(
  columns: readonly Field[],
  message: ProtoMessage,
  names: readonly string[],
  path: string,
): readonly ProtoFieldWrite[] {
  const oneofs = new Map<string, string>();
  const writes = columns.map((column, index) => {
    const field = fieldNamed(message, column.name) ?? fieldNamed(message, names[index]!);
    if (field === undefined) {
      const hint = `its fields are ${
        message.fields
          .map(({ name }) => name)
          .slice(0, 20)
          .join(', ') || 'none'
      }`;
      throw new Misfit(
        path || column.name,
        `message ${message.name} has no field for ${path}${column.name}`,
        hint,
      );
    }
    if (field.oneof !== undefined) {
      const other = oneofs.get(field.oneof);
      if (other !== undefined && !column.nullable)
        throw new Misfit(
          path || column.name,
          `${other} and ${column.name} are members of one oneof, of which a record has one`,
          'make the columns nullable, and one of them NULL',
        );
      oneofs.set(field.oneof, column.name);
    }
    return fieldWrite(column, index, field, path);
  });
  return writes.toSorted((a, b) => numberOf(a.tag) - numberOf(b.tag));
}

function fieldWrite(column: Field, index: number, field: ProtoField, path: string): ProtoFieldWrite {
  const step = fieldStep(column, field, `${path}${column.name}`, path || column.name);
  const packed = step.kind === 'repeated' && step.packed;
  const wire = field.group ? wireType.group : packed ? wireType.sized : wireOf(field);
  const isMany = field.label !== 'single';
  return {
    column: index,
    name: `${path}${column.name}`,
    tag: tagOf(field.number, wire),
    endTag: field.group ? tagOf(field.number, wireType.endGroup) : null,
    presence: field.presence || isMany,
    nullable: field.presence || isMany,
    step,
  };
}

function fieldStep(column: Field, field: ProtoField, path: string, top: string): ProtoWriteStep {
  const { type } = column;
  if (type.kind === 'json' && !isText(field)) return { kind: 'json', field };
  if (field.label === 'repeated') {
    if (type.kind !== 'list') throw unfit(field, type, top);
    const element = part(type.element, 0, { ...field, label: 'single' }, `${path}[]`, top);
    return { kind: 'repeated', element, packed: field.packed && isPackable(field) };
  }
  if (field.label === 'map') {
    if (type.kind !== 'map') throw unfit(field, type, top);
    const key: ProtoField = {
      ...entryPart,
      name: 'key',
      number: 1,
      type: { kind: 'scalar', scalar: field.key ?? 'string' },
    };
    const value: ProtoField = { ...entryPart, name: 'value', number: 2, type: field.type };
    return {
      kind: 'map',
      key: part(type.key, 0, key, `${path}{}`, top),
      value: part(type.value, 1, value, `${path}{}`, top),
    };
  }
  return valueStep(type, field, field.type, path, top);
}

function isText({ type, label }: ProtoField): boolean {
  return (
    label === 'single' && type.kind === 'scalar' && (type.scalar === 'string' || type.scalar === 'bytes')
  );
}

const entryPart = { label: 'single', presence: true, group: false, packed: false } as const;

/** An element of a list, a key or a value of a map: none of them can be NULL. */
function part(column: Field, index: number, field: ProtoField, name: string, top: string): ProtoFieldWrite {
  const wire = field.group ? wireType.group : wireOfType(field.type);
  return {
    column: index,
    name,
    tag: tagOf(field.number, wire),
    endTag: field.group ? tagOf(field.number, wireType.endGroup) : null,
    presence: true,
    nullable: false,
    step: valueStep(column.type, field, field.type, name, top),
  };
}

function valueStep(
  type: SqlType,
  field: ProtoField,
  to: ProtoType,
  path: string,
  top: string,
): ProtoWriteStep {
  if (to.kind === 'scalar') {
    const step = scalarStep(type, to.scalar);
    if (step === null) throw unfit(field, type, top);
    return step;
  }
  if (to.kind === 'enum') {
    if (type.kind === 'text') return { kind: 'enum', type: to };
    if (type.kind === 'integer') return { kind: 'integer', scalar: 'int32', over: 1 };
    throw unfit(field, type, top);
  }
  if (type.kind === 'timestamp' && to.name === wellKnown.timestamp) return { kind: 'timestamp' };
  if (type.kind === 'interval' && type.unit === 'micros' && to.name === wellKnown.duration)
    return { kind: 'duration' };
  const wrapped = wrappedValue(to);
  if (wrapped !== undefined && type.kind !== 'struct') {
    const inner = valueStep(type, field, wrapped.type, path, top);
    const tag = tagOf(1, wireOfType(wrapped.type));
    return {
      kind: 'message',
      fields: [{ column: -1, name: path, tag, endTag: null, presence: false, nullable: false, step: inner }],
    };
  }
  if (type.kind !== 'struct') throw unfit(field, type, top);
  const names = avroNames(type.fields.map(({ name }) => name));
  return { kind: 'message', fields: messageFields(type.fields, to, names, `${path}.`) };
}

function scalarStep(type: SqlType, scalar: ProtoScalar): ProtoWriteStep | null {
  switch (scalar) {
    case 'bool':
      return type.kind === 'boolean' ? { kind: 'boolean' } : null;
    case 'float':
    case 'double':
      if (type.kind === 'integer' && type.bits < 64) return { kind: 'float', scalar, isInteger: true };
      return type.kind === 'float' && (scalar === 'double' || type.bits === 32)
        ? { kind: 'float', scalar, isInteger: false }
        : null;
    case 'bytes':
      return type.kind === 'bytes' || type.kind === 'text' || type.kind === 'json' ? { kind: 'slice' } : null;
    case 'string':
      if (type.kind === 'text' || type.kind === 'json') return { kind: 'slice' };
      return hasText(type) ? { kind: 'text', type } : null;
    default:
      if (type.kind === 'integer' || (type.kind === 'date' && scalar.endsWith('32')))
        return { kind: 'integer', scalar, over: 1 };
      if (type.kind === 'timestamp' && scalar.endsWith('64'))
        return { kind: 'integer', scalar, over: type.precision <= 3 ? 1000 : 1 };
      return null;
  }
}

function hasText({ kind }: SqlType): boolean {
  return (
    kind === 'integer' ||
    kind === 'decimal' ||
    kind === 'date' ||
    kind === 'time' ||
    kind === 'timestamp' ||
    kind === 'interval'
  );
}

function unfit(field: ProtoField, type: SqlType, column: string): Misfit {
  return new Misfit(
    column,
    `${formatType(type)} can't be written as field ${field.name}, which is ${describeProto(field)}`,
    'CAST the column to a type that it takes, or change the schema',
  );
}

function tagOf(number: number, wire: number): Uint8Array {
  const bytes: number[] = [];
  let left = number * 8 + wire;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return Uint8Array.from([...bytes, left]);
}

function numberOf(tag: Uint8Array): number {
  return tag.reduceRight((sum, byte) => sum * 128 + (byte & 127), 0);
}
