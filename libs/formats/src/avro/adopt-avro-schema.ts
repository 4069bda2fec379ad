import { formatType, type Field } from '@weir/columnar/sql-type.ts';
import { avroNames } from './avro-names.ts';
import { columnsOfAvro } from './avro-columns.ts';
import type { AvroJson, MadeAvroSchema } from './avro-of-columns.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * A schema made from columns, with what the latest one of its subject says of them (G1): its name, namespace, documentation, aliases and order
 * of fields, and whole fields, with their defaults, where their columns agree. What it says beyond that is left out: those fields have no
 * column. Registries refuse a record of another name, and readers find fields by what they were called.
 * @param latest no record: nothing is taken over
 */
export function adoptAvroSchema(made: MadeAvroSchema, columns: readonly Field[], latest: string): AvroJson {
  const { schema, names } = made;
  const old = recordIn(latest);
  if (old === null || !isNode(schema)) return schema;
  const agreed = agreedFields(columns, names, old, latest);
  const fields = (schema['fields'] as readonly Node[]).map(
    (field) => agreed.get(String(field['name'])) ?? described(field, old),
  );
  const order = (old['fields'] as readonly Node[]).map((field) => String(field['name']));
  const place = (field: Node): number => {
    const index = order.indexOf(String(field['name']));
    return index < 0 ? order.length : index;
  };
  const { name, namespace, doc, aliases } = old;
  const adopted = {
    type: 'record',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(doc === undefined ? {} : { doc }),
    ...(aliases === undefined ? {} : { aliases }),
    fields: fields.toSorted((a, b) => place(a) - place(b)),
  };
  return withNamedTypes(adopted, old);
}

function recordIn(text: string): Node | null {
  const node = JSON.parse(text) as unknown;
  return isNode(node) && node['type'] === 'record' && Array.isArray(node['fields']) ? node : null;
}

/** The old fields whose columns would be the same. */
function agreedFields(
  columns: readonly Field[],
  names: readonly string[],
  old: Node,
  latest: string,
): ReadonlyMap<string, Node> {
  const given = columnsOfAvro(parseAvroSchema(latest), 'native').columns;
  const found = new Map<string, Node>();
  columns.forEach((column, index) => {
    const name = names[index]!;
    const before = given.find(({ path }) => path[0] === name)?.field;
    const field = (old['fields'] as readonly Node[]).find((each) => each['name'] === name);
    if (before === undefined || field === undefined || before.nullable !== column.nullable) return;
    if (agreedName(before) === agreedName(column)) found.set(name, field);
  });
  return found;
}

/** The type as Avro has it: what differs in SQL alone (zones, names that Avro doesn't allow) is the same. */
function agreedName({ type }: Field): string {
  if (type.kind === 'timestamp') return `TIMESTAMP(${type.precision <= 3 ? 3 : 6})`;
  if (type.kind === 'struct') {
    const names = avroNames(type.fields.map(({ name }) => name));
    const inner = type.fields.map((field, index) => `${names[index]} ${agreedName(field)} ${field.nullable}`);
    return `STRUCT<${inner.join()}>`;
  }
  if (type.kind === 'list') return `${agreedName(type.element)} ${type.element.nullable}[]`;
  if (type.kind === 'map') return `MAP<${agreedName(type.value)} ${type.value.nullable}>`;
  if (type.kind === 'integer' && type.bits < 32) return 'INT';
  return formatType(type);
}

/** A field of another type than before keeps what people have said of it. */
function described(field: Node, old: Node): Node {
  const before = (old['fields'] as readonly Node[]).find(({ name }) => name === field['name']);
  if (before === undefined) return field;
  const { name, type, ...rest } = field;
  const { doc, aliases } = before;
  return {
    name,
    ...(doc === undefined ? {} : { doc }),
    ...(aliases === undefined ? {} : { aliases }),
    type,
    ...rest,
  };
}

/** Fields may name types that others define which are gone: each is then defined where it is named first. */
function withNamedTypes(schema: Node, old: Node): AvroJson {
  const definitions = new Map<string, Node>();
  collect(old, definitions);
  const defined = new Set<string>();
  const visit = (node: unknown): unknown => {
    if (typeof node === 'string') {
      const definition = definitions.get(node);
      return definition === undefined || defined.has(node) ? node : visit(definition);
    }
    if (Array.isArray(node)) return node.map(visit);
    if (!isNode(node)) return node;
    if (typeof node['name'] === 'string') defined.add(node['name']);
    const { type, items, values, fields, ...rest } = node;
    return {
      ...(isNode(type) || Array.isArray(type) ? { type: visit(type) } : { type }),
      ...rest,
      ...(items === undefined ? {} : { items: visit(items) }),
      ...(values === undefined ? {} : { values: visit(values) }),
      ...(Array.isArray(fields)
        ? { fields: fields.map((field: Node) => ({ ...field, type: visit(field['type']) })) }
        : {}),
    };
  };
  return visit(schema) as AvroJson;
}

function collect(node: unknown, into: Map<string, Node>): void {
  if (Array.isArray(node)) for (const each of node) collect(each, into);
  if (!isNode(node)) return;
  if (typeof node['name'] === 'string' && ['record', 'enum', 'fixed'].includes(String(node['type'])))
    into.set(node['name'], node);
  for (const part of [node['type'], node['items'], node['values']]) collect(part, into);
  if (Array.isArray(node['fields']))
    for (const field of node['fields'] as Node[]) collect(field['type'], into);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
