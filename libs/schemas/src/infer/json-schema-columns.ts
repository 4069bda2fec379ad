import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, booleanType, doubleType, textType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';

/** Columns from a schema document, and what became JSON and why. */
export interface InferredColumns {
  readonly columns: readonly Field[];
  readonly notes: readonly { readonly column: string; readonly note: string }[];
}

type Node = Readonly<Record<string, unknown>>;

const jsonType: SqlType = { kind: 'json' };
/** Deeper documents are recursive in all likelihood, and no table has that many levels. */
const maxDepth = 32;

/**
 * The columns of a JSON Schema document (drafts 4, 7, 2019-09, 2020-12) whose root is an object with properties. Local references
 * (`#/…`, `definitions`, `$defs`, `$id` anchors excepted) are followed. What SQL has no type for becomes a JSON column, with a note.
 * @throws WeirError WEIR-3401 when the text is no JSON, WEIR-3402 when it does not describe an object
 */
export function columnsOfJsonSchema(text: string): InferredColumns {
  const root = parse(text);
  const reader = new SchemaReader(root);
  const object = reader.resolve(root, []);
  if (object === undefined || !isObjectSchema(object)) {
    throw new WeirError(
      'WEIR-3402',
      "'json.schema' does not describe an object with properties, so it gives no columns",
      {
        hint: 'its root needs "type": "object" and "properties"',
      },
    );
  }
  const columns = reader.fieldsOf(object, []);
  return { columns, notes: reader.notes };
}

function parse(text: string): Node {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WeirError('WEIR-3401', "'json.schema' is no JSON", { cause });
  }
  if (!isNode(value)) throw new WeirError('WEIR-3402', "'json.schema' is no JSON object");
  return value;
}

class SchemaReader {
  readonly notes: { column: string; note: string }[] = [];
  readonly #root: Node;

  constructor(root: Node) {
    this.#root = root;
  }

  fieldsOf(schema: Node, path: readonly string[]): Field[] {
    const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
    return inConnectOrder(Object.entries(asNode(schema['properties']))).map(([name, property]) => {
      const { type, nullable } = this.#typeOf(property, [...path, name]);
      return { name, type, nullable: nullable || !required.has(name) };
    });
  }

  #typeOf(property: unknown, path: readonly string[]): { type: SqlType; nullable: boolean } {
    if (path.length > maxDepth) return this.#json(path, 'it is nested too deeply, or refers to itself');
    if (!isNode(property)) return this.#json(path, 'anything is allowed there');
    const seen: string[] = [];
    const resolved = this.resolve(property, seen);
    if (resolved === undefined)
      return this.#json(path, `its reference ${seen.at(-1) ?? ''} leads nowhere or to itself`);
    const choice = resolved['oneOf'] ?? resolved['anyOf'];
    if (Array.isArray(choice)) return this.#choiceOf(choice, path);
    return this.#plainTypeOf(resolved, path);
  }

  /** `oneOf [null, T]` is a nullable T; any other choice is JSON. */
  #choiceOf(choice: readonly unknown[], path: readonly string[]): { type: SqlType; nullable: boolean } {
    const others = choice.filter((option) => !(isNode(option) && option['type'] === 'null'));
    if (others.length === 1 && others.length < choice.length)
      return { ...this.#typeOf(others[0], path), nullable: true };
    return this.#json(path, 'it is one of several types');
  }

  #plainTypeOf(schema: Node, path: readonly string[]): { type: SqlType; nullable: boolean } {
    const declared = schema['type'];
    const types = (Array.isArray(declared) ? declared : [declared]).map(String);
    const nullable = types.includes('null');
    const others = types.filter((type) => type !== 'null');
    if (others.length !== 1)
      return this.#json(
        path,
        others.length === 0 ? 'it is always null' : `it is one of ${others.join(', ')}`,
      );
    const kind = others[0] === 'undefined' ? impliedType(schema) : others[0];
    switch (kind) {
      case 'boolean':
        return { type: booleanType, nullable };
      case 'integer':
        return { type: connectType(schema) ?? bigintType, nullable };
      case 'number':
        return { type: connectType(schema) ?? doubleType, nullable };
      case 'string':
        return { type: connectType(schema) ?? stringType(schema), nullable };
      case 'object':
        return this.#objectType(schema, nullable, path);
      case 'array':
        return this.#arrayType(schema, nullable, path);
      default:
        return this.#json(path, 'its type is not said');
    }
  }

  #objectType(
    schema: Node,
    nullable: boolean,
    path: readonly string[],
  ): { type: SqlType; nullable: boolean } {
    if (!isObjectSchema(schema)) return this.#json(path, 'its properties are not listed (a map)');
    if (this.#refersToItself(schema, path)) return this.#json(path, 'it contains itself');
    return { type: { kind: 'struct', fields: this.fieldsOf(schema, path) }, nullable };
  }

  #arrayType(schema: Node, nullable: boolean, path: readonly string[]): { type: SqlType; nullable: boolean } {
    if (!isNode(schema['items'])) return this.#json(path, 'its items have no one type');
    const element = this.#typeOf(schema['items'], [...path, 'element']);
    return { type: { kind: 'list', element: { name: 'element', ...element } }, nullable };
  }

  readonly #open: Node[] = [];

  #refersToItself(schema: Node, path: readonly string[]): boolean {
    if (this.#open.includes(schema)) return true;
    // The chain of objects that lead here: as deep as the path at most.
    this.#open.length = Math.min(this.#open.length, path.length - 1);
    this.#open.push(schema);
    return false;
  }

  /** Follows `$ref` within the document; undefined when it leads nowhere or round in a circle. */
  resolve(schema: Node, seen: string[]): Node | undefined {
    let at: unknown = schema;
    while (isNode(at) && typeof at['$ref'] === 'string') {
      const reference: string = at['$ref'];
      if (seen.includes(reference)) return undefined;
      seen.push(reference);
      if (reference === '#') return this.#root;
      if (!reference.startsWith('#/')) return undefined;
      at = reference
        .slice(2)
        .split('/')
        .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce<unknown>((node, part) => (isNode(node) ? node[part] : undefined), this.#root);
    }
    return isNode(at) ? at : undefined;
  }

  #json(path: readonly string[], note: string): { type: SqlType; nullable: boolean } {
    this.notes.push({ column: path.join('.'), note: `JSON, since ${note}` });
    return { type: jsonType, nullable: true };
  }
}

function stringType(schema: Node): SqlType {
  if (schema['contentEncoding'] === 'base64') return { kind: 'bytes' };
  switch (schema['format']) {
    case 'date-time':
      return { kind: 'timestamp', precision: 6, zoned: false };
    case 'date':
      return { kind: 'date' };
    case 'time':
      return { kind: 'time', precision: 6 };
    default:
      return textType;
  }
}

/** What a schema without `type` must be about. */
function impliedType(schema: Node): string {
  if (isNode(schema['properties'])) return 'object';
  if (isNode(schema['items'])) return 'array';
  const values = schema['enum'];
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return 'string';
  return '';
}

function isObjectSchema(schema: Node): boolean {
  return isNode(schema['properties']) && Object.keys(schema['properties']).length > 0;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asNode(value: unknown): Node {
  return isNode(value) ? value : {};
}

const connectTypes: Readonly<Record<string, SqlType>> = {
  int8: { kind: 'integer', bits: 8, signed: true },
  int16: { kind: 'integer', bits: 16, signed: true },
  int32: { kind: 'integer', bits: 32, signed: true },
  float32: { kind: 'float', bits: 32 },
};
const maxDecimalDigits = 38;

/** What Kafka Connect says of a number, beyond what JSON Schema can; undefined: nothing that SQL has another type for. */
function connectType(schema: Node): SqlType | undefined {
  if (schema['title'] === 'org.apache.kafka.connect.data.Decimal') {
    const parameters = asNode(schema['connect.parameters']);
    const scale = Number(parameters['scale']);
    const precision = Number(parameters['connect.decimal.precision'] ?? maxDecimalDigits);
    const fits = Number.isInteger(scale) && Number.isInteger(precision) && scale >= 0 && scale <= precision;
    return fits && precision > 0 && precision <= maxDecimalDigits
      ? { kind: 'decimal', precision, scale }
      : undefined;
  }
  const type = String(schema['connect.type']);
  return schema['type'] === 'string' || !Object.hasOwn(connectTypes, type) ? undefined : connectTypes[type];
}

/** J3: objects of JavaScript put names that look like numbers first; where Connect says the order, that holds. */
function inConnectOrder(properties: [string, unknown][]): [string, unknown][] {
  const place = ([, property]: [string, unknown]): number =>
    isNode(property) && typeof property['connect.index'] === 'number' ? property['connect.index'] : Infinity;
  if (!properties.every((entry) => Number.isFinite(place(entry)))) return properties;
  return properties.toSorted((a, b) => place(a) - place(b));
}
