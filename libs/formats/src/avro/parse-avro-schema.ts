import { WeirError } from '@weir/kernel/errors.ts';
import type { AvroDefault, AvroField, AvroPrimitiveKind, AvroType } from './avro-type.ts';
import { parseExactJson } from './exact-json.ts';
import { logicalTypeOf } from './logical-types.ts';

const primitives: ReadonlySet<string> = new Set<AvroPrimitiveKind>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);
/** Types inside types of one schema; recursion goes by name, so no schema that people write comes near. */
const maxDepth = 64;
const maxTextLength = 1024 * 1024;
/** Bytes of a fixed: larger ones would make any record larger than what Kafka carries. */
const maxFixedSize = 16 * 1024 * 1024;

type Node = Readonly<Record<string, unknown>>;

/**
 * Reads an Avro schema as leniently as Java runs them: illegal defaults, odd names and unknown attributes that stand in registries are no
 * error (A1); what has no meaning is. Whoever makes a schema checks it with avsc.
 * @param references texts of the schemas that it refers to by name, each after those that it uses
 * @throws WeirError WEIR-3120 naming the place in the schema
 */
export function parseAvroSchema(
  text: string,
  references: readonly { readonly text: string }[] = [],
): AvroType {
  const reader = new SchemaReader();
  for (const reference of references) reader.read(parsed(reference.text), '', '', 0);
  return reader.read(parsed(text), '', '', 0);
}

function parsed(text: string): unknown {
  if (text.length > maxTextLength) throw problem('', `it is longer than ${maxTextLength} characters`);
  try {
    return parseExactJson(text);
  } catch {
    // A primitive's bare name is a schema in some registries: `string` beside `"string"`.
    if (primitives.has(text.trim())) return text.trim();
    throw problem('', 'it is no JSON');
  }
}

class SchemaReader {
  readonly #named = new Map<string, AvroType>();

  /** @param namespace that names without a dot are in @param path where it stands, for messages */
  read(node: unknown, namespace: string, path: string, depth: number): AvroType {
    if (depth > maxDepth) throw problem(path, `types lie more than ${maxDepth} deep`);
    if (typeof node === 'string') return this.#byName(node, namespace, path);
    if (Array.isArray(node)) return this.#union(node, namespace, path, depth);
    if (typeof node !== 'object' || node === null) throw problem(path, `${shown(node)} is no type`);
    const attributes = node as Node;
    const type = attributes['type'];
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(attributes, namespace, path, depth);
      case 'enum':
        return this.#enum(attributes, namespace, path);
      case 'fixed':
        return this.#fixed(attributes, namespace, path);
      case 'array':
        return { kind: 'array', items: this.read(attributes['items'], namespace, `${path}[]`, depth + 1) };
      case 'map':
        return { kind: 'map', values: this.read(attributes['values'], namespace, `${path}{}`, depth + 1) };
      default:
        if (typeof type === 'string' && primitives.has(type)) {
          const kind = type as AvroPrimitiveKind;
          const logical = logicalTypeOf(attributes, kind);
          return { kind, ...(logical === undefined ? {} : { logical }) };
        }
        // {"type": {"type": "record", …}}: the outer object adds nothing that is read here.
        if (type !== undefined) return this.read(type, namespace, path, depth + 1);
        throw problem(path, 'an object without "type" is no type');
    }
  }

  #byName(name: string, namespace: string, path: string): AvroType {
    if (primitives.has(name)) return { kind: name as AvroPrimitiveKind };
    const found =
      this.#named.get(fullName(name, namespace)) ??
      // Java looks in the empty namespace last.
      this.#named.get(name);
    if (found === undefined) {
      throw problem(
        path,
        `there is no type '${name}' before it`,
        'a schema that refers to others needs its references',
      );
    }
    return found;
  }

  #union(nodes: readonly unknown[], namespace: string, path: string, depth: number): AvroType {
    const branches = nodes.map((node, index) => this.read(node, namespace, `${path}|${index}`, depth + 1));
    if (branches.some(({ kind }) => kind === 'union')) throw problem(path, 'a union stands inside a union');
    return { kind: 'union', branches };
  }

  #record(attributes: Node, outer: string, path: string, depth: number): AvroType {
    const { name, namespace, aliases } = namesOf(attributes, outer, path);
    const fields: AvroField[] = [];
    const record: AvroType = { kind: 'record', name, aliases, fields };
    this.#define(name, record, path);
    const given = attributes['fields'];
    if (!Array.isArray(given)) throw problem(path, `record '${name}' has no list of fields`);
    const seen = new Set<string>();
    for (const node of given as unknown[]) {
      const field = asNode(node, path, `a field of '${name}'`);
      const fieldName = field['name'];
      if (typeof fieldName !== 'string' || fieldName === '')
        throw problem(path, `a field of '${name}' has no name`);
      const at = path === '' ? fieldName : `${path}.${fieldName}`;
      if (seen.has(fieldName)) throw problem(at, 'it stands there twice');
      seen.add(fieldName);
      fields.push({
        name: fieldName,
        aliases: textsIn(field['aliases']),
        type: this.read(field['type'], namespace, at, depth + 1),
        ...defaultOf(field),
      });
    }
    return record;
  }

  #enum(attributes: Node, outer: string, path: string): AvroType {
    const { name, aliases } = namesOf(attributes, outer, path);
    const symbols = attributes['symbols'];
    if (!Array.isArray(symbols) || symbols.some((symbol) => typeof symbol !== 'string'))
      throw problem(path, `enum '${name}' has no list of symbols`);
    if (new Set(symbols).size !== symbols.length) throw problem(path, `enum '${name}' has a symbol twice`);
    const fallback = attributes['default'];
    const type: AvroType = {
      kind: 'enum',
      name,
      aliases,
      symbols: symbols as string[],
      ...(typeof fallback === 'string' && symbols.includes(fallback) ? { default: fallback } : {}),
    };
    this.#define(name, type, path);
    return type;
  }

  #fixed(attributes: Node, outer: string, path: string): AvroType {
    const { name, aliases } = namesOf(attributes, outer, path);
    const size = attributes['size'];
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || size > maxFixedSize)
      throw problem(path, `fixed '${name}' has no size between 0 and ${maxFixedSize}`);
    const logical = logicalTypeOf(attributes, 'fixed', size);
    const type: AvroType = {
      kind: 'fixed',
      name,
      aliases,
      size,
      ...(logical === undefined ? {} : { logical }),
    };
    this.#define(name, type, path);
    return type;
  }

  #define(name: string, type: AvroType, path: string): void {
    if (this.#named.has(name)) throw problem(path, `'${name}' is defined twice`);
    this.#named.set(name, type);
  }
}

/** A2: a name with a dot is whole; else `namespace` counts, also the empty one; else that of the type around it. */
function namesOf(
  attributes: Node,
  outer: string,
  path: string,
): { name: string; namespace: string; aliases: readonly string[] } {
  const own = attributes['name'];
  if (typeof own !== 'string' || own === '')
    throw problem(path, `a ${String(attributes['type'])} has no name`);
  const given = attributes['namespace'];
  const name = fullName(own, typeof given === 'string' ? given : outer);
  if (primitives.has(name)) throw problem(path, `'${name}' is the name of a primitive type`);
  const dot = name.lastIndexOf('.');
  const namespace = dot < 0 ? '' : name.slice(0, dot);
  return {
    name,
    namespace,
    aliases: textsIn(attributes['aliases']).map((alias) => fullName(alias, namespace)),
  };
}

function fullName(name: string, namespace: string): string {
  if (name.includes('.')) return name.startsWith('.') ? name.slice(1) : name;
  return namespace === '' ? name : `${namespace}.${name}`;
}

function defaultOf(field: Node): { default?: AvroDefault } {
  return Object.hasOwn(field, 'default') ? { default: { json: field['default'] } } : {};
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function asNode(value: unknown, path: string, what: string): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw problem(path, `${what} is no object`);
  return value as Node;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : String(JSON.stringify(value)).slice(0, 60);
}

function problem(path: string, message: string, hint?: string): WeirError {
  const where = path === '' ? 'the Avro schema' : `the Avro schema at '${path}'`;
  return new WeirError('WEIR-3120', `${where} can't be read: ${message}`, hint === undefined ? {} : { hint });
}
