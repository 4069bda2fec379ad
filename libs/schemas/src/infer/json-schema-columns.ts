import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, booleanType, doubleType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SchemaText } from '@weir/plan/pinned-schema.ts';
import { decimalType, enumType, isNull, kindsOf, stringType } from './json-schema-scalars.ts';
import { JsonSchemaDocuments, type PlacedSchema } from './json-schema-documents.ts';
import { isOrderedObject, parseOrderedJson, type OrderedJson, type OrderedObject } from './ordered-json.ts';

/** Columns from a schema document, and what became JSON and why. */
export interface InferredColumns {
  readonly columns: readonly Field[];
  readonly notes: readonly { readonly column: string; readonly note: string }[];
}

/** A schema whose references were followed. */
interface Found {
  readonly schema: OrderedObject;
  readonly place: PlacedSchema;
}

interface Mapped {
  readonly type: SqlType;
  readonly nullable: boolean;
}

const jsonType: SqlType = { kind: 'json' };
/** Deeper documents are recursive in all likelihood, and no table has that many levels. */
const maxDepth = 32;
/** Columns, and fields inside them: a document of a few lines can mean billions. */
const maxFields = 10_000;

/**
 * The columns of a JSON Schema document (drafts 4, 6, 7, 2019-09, 2020-12) whose root is an object with properties. References are followed
 * within the document and to those that are given. What SQL has no type for becomes a JSON column, with a note.
 * @throws WeirError WEIR-3401 when a text is no JSON, WEIR-3402 when it does not describe an object
 */
export function columnsOfJsonSchema(text: string, references: readonly SchemaText[] = []): InferredColumns {
  const documents = new JsonSchemaDocuments(text, references, parsed);
  const { node } = documents.root;
  if (!isOrderedObject(node)) throw new WeirError('WEIR-3402', 'the JSON Schema is no JSON object');
  const reader = new SchemaReader(documents);
  const columns = reader.rootFields();
  if (columns === null) {
    throw new WeirError(
      'WEIR-3402',
      'the JSON Schema does not describe an object with properties, so it gives no columns',
      { hint: 'its root needs "type": "object" and "properties"' },
    );
  }
  return { columns, notes: reader.notes };
}

function parsed(text: string): OrderedJson {
  try {
    return parseOrderedJson(text);
  } catch (cause) {
    const why = cause instanceof RangeError ? cause.message : 'it is no JSON';
    throw new WeirError('WEIR-3401', `the JSON Schema can't be read: ${why}`, { cause });
  }
}

class SchemaReader {
  readonly notes: { column: string; note: string }[] = [];
  readonly #documents: JsonSchemaDocuments;
  /** Objects that the one at hand lies in: one of them again contains itself. */
  readonly #around: OrderedJson[] = [];
  #fields = 0;

  constructor(documents: JsonSchemaDocuments) {
    this.#documents = documents;
  }

  /** Null when the root is no object with properties. */
  rootFields(): Field[] | null {
    const found = this.#resolve(this.#documents.root, []);
    return found === undefined || !hasProperties(found.schema) ? null : this.#fieldsOf(found, []);
  }

  #fieldsOf({ schema, place }: Found, path: readonly string[]): Field[] {
    const required = new Set(listOf(schema.get('required')));
    const properties = ordered(objectOf(schema.get('properties')));
    this.#around.push(place.node);
    const fields = properties.map(([name, property]): Field => {
      this.#fields += 1;
      if (this.#fields > maxFields) {
        throw new WeirError(
          'WEIR-3402',
          `the JSON Schema has more than ${maxFields} fields inside its columns`,
          {
            hint: 'declare the columns that are read',
          },
        );
      }
      const { type, nullable } = this.#typeOf(this.#documents.inside(place, property), [...path, name]);
      return { name, type, nullable: nullable || !required.has(name) };
    });
    this.#around.pop();
    return fields;
  }

  #typeOf(place: PlacedSchema, path: readonly string[]): Mapped {
    if (path.length > maxDepth) return this.#json(path, 'it is nested too deeply, or refers to itself');
    if (place.node === false) return this.#json(path, 'nothing is allowed there');
    if (!isOrderedObject(place.node)) return this.#json(path, 'anything is allowed there');
    const seen: string[] = [];
    const found = this.#resolve(place, seen);
    if (found === undefined)
      return this.#json(path, `its reference ${seen.at(-1) ?? ''} leads nowhere or to itself`);
    const { schema } = found;
    const choice = schema.get('oneOf') ?? schema.get('anyOf');
    const mapped = Array.isArray(choice)
      ? this.#choiceOf(found, choice as readonly OrderedJson[], path)
      : this.#plainTypeOf(found, path);
    const nullable = schema.get('nullable') === true || listOf(schema.get('enum')).includes(null);
    return nullable ? { ...mapped, nullable: true } : mapped;
  }

  /** `oneOf [null, T]` is a nullable T; any other choice is JSON (J4). */
  #choiceOf({ place }: Found, choice: readonly OrderedJson[], path: readonly string[]): Mapped {
    const options = choice.map((option) => this.#documents.inside(place, option));
    const others = options.filter((option) => !this.#isNull(option));
    const [only] = others;
    if (only === undefined || others.length > 1) return this.#json(path, 'it is one of several types');
    const mapped = this.#typeOf(only, path);
    return others.length < options.length ? { ...mapped, nullable: true } : mapped;
  }

  #isNull(place: PlacedSchema): boolean {
    const found = this.#resolve(place, []);
    return found !== undefined && isNull(found.schema);
  }

  #plainTypeOf(found: Found, path: readonly string[]): Mapped {
    const { schema } = found;
    const kinds = kindsOf(schema);
    const nullable = kinds.includes('null');
    const others = kinds.filter((kind) => kind !== 'null');
    const [kind] = others;
    if (others.length > 1)
      return others.every((each) => each === 'integer' || each === 'number')
        ? { type: decimalType(schema) ?? doubleType, nullable }
        : this.#json(path, `it is one of ${others.join(', ')}`);
    switch (kind) {
      case 'boolean':
        return { type: booleanType, nullable };
      case 'integer':
        return { type: decimalType(schema) ?? connectType(schema) ?? bigintType, nullable };
      case 'number':
        return { type: decimalType(schema) ?? connectType(schema) ?? doubleType, nullable };
      case 'string':
        return { type: decimalType(schema) ?? stringType(schema), nullable };
      case 'object':
        return this.#objectType(found, nullable, path);
      case 'array':
        return this.#arrayType(found, nullable, path);
      default:
        return nullable ? this.#json(path, 'it is always null') : this.#valueType(schema, path);
    }
  }

  /** What its values are, where only they are said. */
  #valueType(schema: OrderedObject, path: readonly string[]): Mapped {
    const type = enumType(schema);
    if (type !== undefined) return { type, nullable: false };
    return this.#json(
      path,
      schema.has('enum') || schema.has('const') ? 'its values have no one type' : 'its type is not said',
    );
  }

  #objectType(found: Found, nullable: boolean, path: readonly string[]): Mapped {
    if (!hasProperties(found.schema)) return this.#json(path, 'its properties are not listed (a map)');
    if (this.#around.includes(found.place.node)) return this.#json(path, 'it contains itself');
    return { type: { kind: 'struct', fields: this.#fieldsOf(found, path) }, nullable };
  }

  #arrayType({ schema, place }: Found, nullable: boolean, path: readonly string[]): Mapped {
    const items = schema.get('items');
    if (schema.has('prefixItems') || !isOrderedObject(items))
      return this.#json(path, 'its items have no one type');
    const element = this.#typeOf(this.#documents.inside(place, items), [...path, 'element']);
    return { type: { kind: 'list', element: { name: 'element', ...element } }, nullable };
  }

  /**
   * Follows `$ref`, and `allOf` of one schema; undefined when it leads nowhere or round in a circle. What stands beside a reference counts as
   * its draft says.
   * @param seen the references that were followed
   */
  #resolve(from: PlacedSchema, seen: string[]): Found | undefined {
    let place = from;
    let beside: OrderedObject[] = [];
    for (;;) {
      const { node } = place;
      if (!isOrderedObject(node)) return undefined;
      const reference = node.get('$ref');
      const only = onlyPart(node);
      if (typeof reference === 'string') {
        const key = `${place.resource.base} ${reference}`;
        if (seen.length > maxDepth || seen.includes(key)) return undefined;
        seen.push(reference, key);
        const next = this.#documents.follow(reference, place);
        if (next === undefined) return undefined;
        if (place.resource.siblingsCount) beside = [node, ...beside];
        place = next;
      } else if (only !== undefined) {
        beside = [node, ...beside];
        place = this.#documents.inside(place, only);
      } else {
        return { schema: merged(node, beside), place };
      }
    }
  }

  #json(path: readonly string[], note: string): Mapped {
    this.notes.push({ column: path.join('.'), note: `JSON, since ${note}` });
    return { type: jsonType, nullable: true };
  }
}

/** The one schema of an `allOf`. */
function onlyPart(node: OrderedObject): OrderedJson | undefined {
  const parts = node.get('allOf');
  return Array.isArray(parts) && parts.length === 1 ? (parts as readonly OrderedJson[])[0] : undefined;
}

/** The schema with what stands beside the references that led to it, the innermost first. */
function merged(schema: OrderedObject, beside: readonly OrderedObject[]): OrderedObject {
  if (beside.length === 0) return schema;
  const all = new Map(schema);
  for (const more of beside)
    for (const [name, value] of more) if (name !== '$ref' && name !== 'allOf') all.set(name, value);
  return all;
}

/** Kafka Connect says which comes first; else the text does. */
function ordered(properties: OrderedObject): readonly (readonly [string, OrderedJson])[] {
  const all = [...properties];
  const places = all.map(([, property]) =>
    isOrderedObject(property) ? Number(property.get('connect.index') ?? NaN) : NaN,
  );
  if (!places.every((place) => Number.isInteger(place))) return all;
  return all
    .map((entry, index) => ({ entry, place: places[index] ?? 0 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

function hasProperties(schema: OrderedObject): boolean {
  return objectOf(schema.get('properties')).size > 0;
}

function objectOf(value: OrderedJson | undefined): OrderedObject {
  return isOrderedObject(value) ? value : new Map<string, OrderedJson>();
}

function listOf(value: OrderedJson | undefined): readonly OrderedJson[] {
  return Array.isArray(value) ? (value as readonly OrderedJson[]) : [];
}

const connectTypes: Readonly<Record<string, SqlType>> = {
  int8: { kind: 'integer', bits: 8, signed: true },
  int16: { kind: 'integer', bits: 16, signed: true },
  int32: { kind: 'integer', bits: 32, signed: true },
  float32: { kind: 'float', bits: 32 },
};

/** The width of a number as Kafka Connect says it; undefined: the widest. */
function connectType(schema: OrderedObject): SqlType | undefined {
  const type = schema.get('connect.type');
  return typeof type === 'string' && Object.hasOwn(connectTypes, type) ? connectTypes[type] : undefined;
}
