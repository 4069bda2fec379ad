import { WeirError } from '@weir/kernel/errors.ts';
import type { SchemaText } from '@weir/plan/pinned-schema.ts';
import protobuf from 'protobufjs';
import { isDescriptor, textOfDescriptor } from './descriptor-text.ts';
import {
  protoScalars,
  type ProtoEnum,
  type ProtoField,
  type ProtoMessage,
  type ProtoScalar,
  type ProtoSchema,
  type ProtoType,
} from './proto-type.ts';
import { wellKnownHead, wellKnownTexts } from './well-known-texts.ts';

/** Characters of a schema with all that it refers to. */
const maxText = 1024 * 1024;
/** Fields of all its messages. */
const maxFields = 20_000;

/**
 * The schema that texts of .proto files mean. Each text is parsed alone (B8: indexes of messages are those of the main text), and names are
 * looked up over all of them; nothing is read or fetched.
 * @param references what the text imports, under the names of the imports; Google's own need not be there
 * @throws WeirError WEIR-3120
 */
export function parseProtoSchema(text: string, references: readonly SchemaText[] = []): ProtoSchema {
  if (references.reduce((sum, each) => sum + each.text.length, text.length) > maxText)
    throw unreadable(`it is longer than ${maxText} characters`);
  const declarations = new Declarations();
  const files = references.map((reference) => declarations.add(reference.text, reference.name));
  const main = declarations.add(text, null);
  const brought = new Set(references.map(({ name }) => name));
  for (const [name, known] of Object.entries(wellKnownTexts)) {
    if (!brought.has(name)) declarations.add(`${wellKnownHead} ${known}`, name);
  }
  declarations.resolve(
    [...files, main]
      .flatMap(({ imports }) => imports)
      .filter((each) => !brought.has(each) && !Object.hasOwn(wellKnownTexts, each)),
  );
  return { messages: main.messages, package: main.package, byName: declarations.messages };
}

interface ParsedFile {
  readonly package: string;
  readonly messages: readonly ProtoMessage[];
  readonly imports: readonly string[];
}

/** A message whose fields are filled in when all names are known. */
interface Declared extends ProtoMessage {
  readonly fields: ProtoField[];
  readonly nested: ProtoMessage[];
}

class Declarations {
  readonly messages = new Map<string, ProtoMessage>();
  readonly #enums = new Map<string, ProtoEnum>();
  readonly #pending: {
    readonly type: protobuf.Type;
    readonly message: Declared;
    readonly isProto3: boolean;
  }[] = [];
  #fields = 0;

  /** @param name null: the main text */
  add(given: string, name: string | null): ParsedFile {
    const { parsed, text } = parseText(given, name);
    let scope: protobuf.NamespaceBase = parsed.root;
    for (const part of (parsed.package ?? '').split('.').filter((each) => each !== '')) {
      const inside = scope.get(part);
      if (!(inside instanceof protobuf.Namespace)) break;
      scope = inside;
    }
    const isProto3 = syntaxOf(text) === 'proto3';
    const messages = this.#declare(scope.nestedArray, isProto3);
    return {
      package: parsed.package ?? '',
      messages,
      imports: [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])],
    };
  }

  /** @param missing imports that nobody brought, for messages */
  resolve(missing: readonly string[]): void {
    for (const { type, message, isProto3 } of this.#pending) {
      for (const field of type.fieldsArray) {
        // A dot begins the name of an extension, which is an unknown field to those who don't know it.
        if (field.name.startsWith('.')) continue;
        this.#fields += 1;
        if (this.#fields > maxFields) throw unreadable(`it has more than ${maxFields} fields`);
        message.fields.push(this.#field(field, message, isProto3, missing));
      }
    }
  }

  #declare(nested: readonly protobuf.ReflectionObject[], isProto3: boolean): ProtoMessage[] {
    const messages: ProtoMessage[] = [];
    for (const each of nested) {
      const name = each.fullName.replace(/^\./, '');
      if (each instanceof protobuf.Enum) this.#enums.set(name, enumOf(each, name));
      if (!(each instanceof protobuf.Type)) continue;
      const message: Declared = { kind: 'message', name, fields: [], nested: [], reserved: reservedOf(each) };
      this.messages.set(name, message);
      this.#pending.push({ type: each, message, isProto3 });
      message.nested.push(...this.#declare(each.nestedArray, isProto3));
      if (!isGroupType(each)) messages.push(message);
    }
    return messages;
  }

  #field(
    field: protobuf.Field,
    around: ProtoMessage,
    isProto3: boolean,
    missing: readonly string[],
  ): ProtoField {
    const type = this.#lookUp(field.type, around.name) ?? unknownType(field, around, missing);
    const label = field instanceof protobuf.MapField ? 'map' : field.repeated ? 'repeated' : 'single';
    const oneof = field.partOf === null || isSynthetic(field) ? undefined : field.partOf.name;
    const inOneof = field.partOf !== null;
    const single = label === 'single';
    const implicit = isProto3 ? !inOneof : featureOf(field, 'field_presence') === 'IMPLICIT';
    const group =
      type.kind === 'message' && (isGroup(field) || featureOf(field, 'message_encoding') === 'DELIMITED');
    return {
      name: field.name,
      number: field.id,
      type,
      label,
      ...(field instanceof protobuf.MapField ? { key: field.keyType as ProtoScalar } : {}),
      presence: single && (type.kind === 'message' || !implicit),
      ...(oneof === undefined ? {} : { oneof }),
      group,
      packed: label === 'repeated' && isPacked(field, isProto3),
    };
  }

  /** From the innermost scope outwards, as protoc does. */
  #lookUp(name: string, scope: string): ProtoType | undefined {
    if ((protoScalars as readonly string[]).includes(name))
      return { kind: 'scalar', scalar: name as ProtoScalar };
    if (name.startsWith('.')) return this.#named(name.slice(1));
    for (let around = scope; ; around = around.slice(0, Math.max(0, around.lastIndexOf('.')))) {
      const found = this.#named(around === '' ? name : `${around}.${name}`);
      if (found !== undefined || around === '') return found;
    }
  }

  #named(name: string): ProtoType | undefined {
    return this.messages.get(name) ?? this.#enums.get(name);
  }
}

interface ParsedText {
  readonly parsed: protobuf.IParserResult;
  readonly text: string;
}

/** @param given a text, or what it was compiled to */
function parseText(given: string, name: string | null): ParsedText {
  try {
    const text = isDescriptor(given) ? textOfDescriptor(given) : given;
    return { parsed: protobuf.parse(text, new protobuf.Root(), { keepCase: true }), text };
  } catch (error) {
    const problem =
      error instanceof RangeError ? 'its messages lie too deep in each other' : (error as Error).message;
    throw unreadable(name === null ? problem : `${name}: ${problem}`);
  }
}

/** What the first statement says, `proto2` without one: `edition` for editions. */
function syntaxOf(text: string): string {
  const tokens = protobuf.tokenize(text, false);
  const first = tokens.next();
  if (first === 'edition') return first;
  if (first !== 'syntax') return 'proto2';
  tokens.next();
  tokens.next();
  return tokens.next() ?? 'proto2';
}

function enumOf({ values }: protobuf.Enum, name: string): ProtoEnum {
  const names = new Map<number, string>();
  const numbers = new Map<string, number>();
  for (const [each, number] of Object.entries(values)) {
    numbers.set(each, number);
    if (!names.has(number)) names.set(number, each);
  }
  return { kind: 'enum', name, names, numbers };
}

/** B8: `optional` in proto3 is a oneof of one member, which is no choice. */
function isSynthetic(field: protobuf.Field): boolean {
  const { options } = field as { options?: Readonly<Record<string, unknown>> };
  return options?.['proto3_optional'] === true;
}

function isGroup(field: protobuf.Field): boolean {
  const declared = field.parent?.get(field.type);
  return declared instanceof protobuf.Type && isGroupType(declared);
}

function reservedOf({ reserved }: protobuf.Type): readonly (readonly [number, number])[] {
  return (reserved ?? []).flatMap((each) =>
    typeof each === 'string' ? [] : [[each[0]!, each[1]!] as const],
  );
}

function isGroupType(type: protobuf.Type): boolean {
  return (type as { group?: boolean }).group === true;
}

function isPacked(field: protobuf.Field, isProto3: boolean): boolean {
  const { options } = field as { options?: Readonly<Record<string, unknown>> };
  if (typeof options?.['packed'] === 'boolean') return options['packed'];
  return isProto3;
}

/** What an edition's feature is for a field: its own, else that of what it lies in. */
function featureOf(field: protobuf.Field, feature: string): unknown {
  let around: protobuf.ReflectionObject | null = field;
  for (; around !== null; around = around.parent) {
    const { options } = around as { options?: { readonly features?: Readonly<Record<string, unknown>> } };
    const value = options?.features?.[feature];
    if (value !== undefined) return value;
  }
  return undefined;
}

function unknownType(field: protobuf.Field, around: ProtoMessage, missing: readonly string[]): never {
  const hint =
    missing.length === 0
      ? `declare ${field.type} in the schema`
      : `nobody has brought ${missing.join(', ')}: put what is needed of it into the schema, or register it as a reference`;
  throw unreadable(`field ${field.name} of ${around.name} is of type ${field.type}, which is nowhere`, hint);
}

function unreadable(problem: string, hint?: string): WeirError {
  return new WeirError(
    'WEIR-3120',
    `the Protobuf schema can't be read: ${problem}`,
    hint === undefined ? {} : { hint },
  );
}
