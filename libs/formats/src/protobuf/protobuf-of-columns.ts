import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { avroNames } from '../avro/avro-names.ts';
import { parseProtoSchema } from './parse-proto-schema.ts';
import { resolveProtoWriter } from './resolve-proto-writer.ts';
import { fieldNamed, type ProtoField, type ProtoMessage } from './proto-type.ts';

export interface MadeProtoSchema {
  readonly text: string;
  readonly message: string;
  /** For each column the name of its field. */
  readonly names: readonly string[];
}

/** Numbers that Protobuf keeps for itself. */
const keptFrom = 19_000;
const keptTo = 19_999;
const indent = '  ';

/**
 * The schema of a message with these columns (G4): proto3, `optional` where a column may be NULL, numbers in the order of the columns, or as
 * the existing version has them by name; numbers that it had and has no more are reserved, and never used again. The same columns,
 * name and version always give the same text.
 * @param name legal in Protobuf; that of the existing version is kept
 * @param existing text of the version before, whose first message it is
 * @throws WeirError WEIR-3100 for a column that Protobuf has no type for
 */
export function protobufOfColumns(
  columns: readonly Field[],
  name: string,
  existing: string | null = null,
): MadeProtoSchema {
  const maker = new SchemaMaker();
  const schema = existing === null ? null : parseProtoSchema(existing);
  const before = schema?.messages[0] ?? null;
  const short = before === null ? name : lastPart(before.name);
  const body = maker.message(columns, short, before, '', '');
  const head = ['syntax = "proto3";'];
  const scope = schema?.package ?? '';
  if (scope !== '') head.push(`package ${scope};`);
  for (const each of [...maker.imports].toSorted()) head.push(`import "google/protobuf/${each}.proto";`);
  return {
    text: `${head.join('\n')}\n\n${body.join('\n')}\n`,
    message: scope === '' ? short : `${scope}.${short}`,
    names: namesFor(columns, before),
  };
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * The schema that a table registers for what it writes: the latest one of its subject, word for word, where that takes its columns and has no
 * fields beside them, else one made from the columns.
 * @throws WeirError WEIR-3100 as above, WEIR-3120 for a latest one that can't be read
 */
export function protobufToRegister(
  columns: readonly Field[],
  name: string,
  latest: string | null,
): MadeProtoSchema {
  const message = latest === null ? undefined : parseProtoSchema(latest).messages[0];
  if (latest === null || message === undefined) return protobufOfColumns(columns, name);
  const writes = resolveProtoWriter(columns, message);
  const isSame =
    !('problem' in writes) &&
    writes.length === message.fields.length &&
    writes.every(({ column, nullable }) => nullable || !columns[column]!.nullable);
  if (!isSame) return protobufOfColumns(columns, name, latest);
  return { text: latest, message: message.name, names: namesFor(columns, message) };
}

/** What a column has no type for in Protobuf; null when all is well. */
export function unwritableProtobufType(type: SqlType): SqlType | null {
  switch (type.kind) {
    case 'null':
      return type;
    case 'interval':
      return type.unit === 'months' ? type : null;
    case 'list':
      return isMany(type.element.type) ? type : unwritableProtobufType(type.element.type);
    case 'map': {
      const { kind } = type.key.type;
      if (kind !== 'text' && kind !== 'integer' && kind !== 'boolean') return type;
      return isMany(type.value.type) ? type : unwritableProtobufType(type.value.type);
    }
    case 'struct':
      return (
        type.fields.map((field) => unwritableProtobufType(field.type)).find((each) => each !== null) ?? null
      );
    default:
      return null;
  }
}

function isMany({ kind }: SqlType): boolean {
  return kind === 'list' || kind === 'map';
}

class SchemaMaker {
  readonly imports = new Set<string>();

  /** @param path of the columns, with a dot behind it */
  message(
    columns: readonly Field[],
    name: string,
    before: ProtoMessage | null,
    path: string,
    around: string,
  ): string[] {
    const inside = around + indent;
    const names = namesFor(columns, before);
    const numbers = numbersFor(names, before);
    const nested: string[] = [];
    const taken = new Set(names);
    const fields = columns.map((column, index) => {
      const field = names[index]!;
      const old = before?.fields.find((each) => each.name === field);
      const type = this.#type(column.type, field, old, `${path}${column.name}`, inside, nested, taken);
      const optional = column.nullable && !isMany(column.type) && !isMessage(column.type) ? 'optional ' : '';
      return `${inside}${optional}${type} ${field} = ${numbers.of[index]};`;
    });
    const reserved =
      numbers.reserved.length === 0 ? [] : [`${inside}reserved ${numbers.reserved.join(', ')};`];
    return [`${around}message ${name} {`, ...nested, ...reserved, ...fields, `${around}}`];
  }

  #type(
    type: SqlType,
    field: string,
    old: ProtoField | undefined,
    path: string,
    around: string,
    nested: string[],
    taken: Set<string>,
  ): string {
    const below = (inner: SqlType): string => this.#type(inner, field, old, path, around, nested, taken);
    switch (type.kind) {
      case 'list':
        if (isMany(type.element.type)) throw noType(path, type);
        return `repeated ${below(type.element.type)}`;
      case 'map':
        if (isMany(type.value.type)) throw noType(path, type);
        return `map<${mapKey(type, path)}, ${below(type.value.type)}>`;
      case 'struct': {
        const before = old?.type.kind === 'message' ? old.type : null;
        const name = freeName(before === null ? messageName(field) : lastPart(before.name), taken);
        nested.push(...this.message(type.fields, name, before, `${path}.`, around));
        return name;
      }
      case 'timestamp':
        this.imports.add('timestamp');
        return 'google.protobuf.Timestamp';
      case 'interval':
        if (type.unit === 'months') throw noType(path, type);
        this.imports.add('duration');
        return 'google.protobuf.Duration';
      default:
        return keptScalar(type, old) ?? scalarOf(type, path);
    }
  }
}

/** The type that the field has already, where it takes the column: `sint64` stays what it is. */
function keptScalar(type: SqlType, old: ProtoField | undefined): string | null {
  if (old?.type.kind !== 'scalar' || old.label === 'map') return null;
  const field: ProtoField = { ...old, name: 'v', label: 'single', presence: true };
  const message: ProtoMessage = { kind: 'message', name: 'M', fields: [field], nested: [], reserved: [] };
  const writes = resolveProtoWriter([{ name: 'v', type, nullable: false }], message);
  return 'problem' in writes ? null : old.type.scalar;
}

function isMessage({ kind }: SqlType): boolean {
  return kind === 'struct' || kind === 'timestamp' || kind === 'interval';
}

function scalarOf(type: SqlType, path: string): string {
  switch (type.kind) {
    case 'boolean':
      return 'bool';
    case 'integer':
      return `${type.signed ? '' : 'u'}int${type.bits === 64 ? 64 : 32}`;
    case 'float':
      return type.bits === 32 ? 'float' : 'double';
    case 'bytes':
      return 'bytes';
    case 'text':
    case 'json':
    case 'decimal':
    case 'date':
    case 'time':
      return 'string';
    default:
      throw noType(path, type);
  }
}

function mapKey(type: Extract<SqlType, { kind: 'map' }>, path: string): string {
  const { kind } = type.key.type;
  if (kind !== 'text' && kind !== 'integer' && kind !== 'boolean') throw noType(path, type);
  return scalarOf(type.key.type, path);
}

/** Fields are called as they were, else as their columns, where that is legal. */
function namesFor(columns: readonly Field[], before: ProtoMessage | null): readonly string[] {
  const legal = avroNames(columns.map(({ name }) => name));
  return legal.map((name) => {
    const known = before === null ? undefined : fieldNamed(before, name)?.name;
    return known === undefined || legal.includes(known) ? name : known;
  });
}

interface Numbers {
  readonly of: readonly number[];
  readonly reserved: readonly string[];
}

function numbersFor(names: readonly string[], before: ProtoMessage | null): Numbers {
  const known = new Map(before?.fields.map(({ name, number }) => [name, number]));
  const gone = [...known].filter(([name]) => !names.includes(name)).map(([, number]) => number);
  const reserved = before?.reserved ?? [];
  let last = Math.max(0, ...known.values(), ...reserved.map(([, to]) => to));
  const of = names.map((name) => {
    const number = known.get(name);
    if (number !== undefined) return number;
    last += 1;
    if (last >= keptFrom && last <= keptTo) last = keptTo + 1;
    return last;
  });
  const ranges = [...reserved, ...gone.map((number): readonly [number, number] => [number, number])].toSorted(
    ([a], [b]) => a - b,
  );
  return { of, reserved: ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)) };
}

/** `shipping_address` as `ShippingAddress`. */
function messageName(field: string): string {
  const name = field
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return /^[A-Za-z]/.test(name) ? name : `M${name}`;
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

function noType(path: string, type: SqlType): WeirError {
  return new WeirError('WEIR-3100', `column ${path}: Protobuf has no type for ${formatType(type)}`, {
    hint: isMany(type) ? 'put the inner list or map into a STRUCT' : 'use CAST(… AS TEXT)',
  });
}
