import protobuf from 'protobufjs';

/** What is looked at of google/protobuf/descriptor.proto. */
const descriptors = protobuf.parse(
  `syntax = "proto2";
  message File { optional string package = 2; repeated string dependency = 3; repeated Message message_type = 4; repeated Enum enum_type = 5; optional string syntax = 12; }
  message Message { optional string name = 1; repeated Field field = 2; repeated Message nested_type = 3; repeated Enum enum_type = 4; repeated Oneof oneof_decl = 8; optional Options options = 7; }
  message Options { optional bool map_entry = 7; }
  message Oneof { optional string name = 1; }
  message Field { optional string name = 1; optional int32 number = 3; optional int32 label = 4; optional int32 type = 5; optional string type_name = 6;
    optional FieldOptions options = 8; optional int32 oneof_index = 9; optional bool proto3_optional = 17; }
  message FieldOptions { optional bool packed = 2; }
  message Enum { optional string name = 1; repeated Value value = 2; }
  message Value { optional string name = 1; optional int32 number = 2; }`,
  new protobuf.Root(),
  { keepCase: true },
).root;

interface FieldDescriptor {
  readonly name: string;
  readonly number: number;
  readonly label: number;
  readonly type: number;
  readonly type_name: string;
  readonly options: { readonly packed?: boolean } | null;
  readonly oneof_index?: number;
  readonly proto3_optional: boolean;
}

interface EnumDescriptor {
  readonly name: string;
  readonly value: readonly { readonly name: string; readonly number: number }[];
}

interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly nested_type: readonly MessageDescriptor[];
  readonly enum_type: readonly EnumDescriptor[];
  readonly oneof_decl: readonly { readonly name: string }[];
  readonly options: { readonly map_entry?: boolean } | null;
}

interface FileDescriptor {
  readonly package: string;
  readonly dependency: readonly string[];
  readonly message_type: readonly MessageDescriptor[];
  readonly enum_type: readonly EnumDescriptor[];
  readonly syntax: string;
}

const scalars = ['', 'double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string', '', '', 'bytes', 'uint32', '', 'sfixed32', 'sfixed64', 'sint32', 'sint64']; // prettier-ignore
const groupType = 10;
const [required, repeated] = [2, 3];
/** Messages inside messages that are shown. */
const maxDepth = 100;

/** Whether a text may be a compiled schema in base64, as some serializers register it and some registries give it back. */
export function isDescriptor(text: string): boolean {
  return /^[A-Za-z0-9+/]{4,}={0,2}\s*$/.test(text);
}

/** The text that a compiled schema came from, as far as it says how records are read. @throws Error where it is none */
export function textOfDescriptor(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const file = descriptors.lookupType('File').decode(bytes) as unknown as FileDescriptor;
  const lines = [`syntax = "${file.syntax === '' ? 'proto2' : name(file.syntax)}";`];
  if (file.package !== '') lines.push(`package ${name(file.package)};`);
  for (const each of file.dependency) lines.push(`import ${JSON.stringify(each)};`);
  const isProto3 = file.syntax === 'proto3';
  return [
    ...lines,
    ...file.enum_type.map(enumText),
    ...file.message_type.map((each) => messageText(each, isProto3, 0)),
  ].join('\n');
}

/** Nothing but a name may get into the text. */
function name(text: string): string {
  if (/^[A-Za-z_.][A-Za-z0-9_.]*$/.test(text)) return text;
  throw new Error(`'${text.slice(0, 60)}' is no name`);
}

function enumText({ name: of, value }: EnumDescriptor): string {
  const values = value.map((each) => `${name(each.name)} = ${Number(each.number)};`);
  return `enum ${name(of)} { option allow_alias = true; ${values.join(' ')} }`;
}

function messageText(message: MessageDescriptor, isProto3: boolean, depth: number): string {
  if (depth > maxDepth) throw new Error('its messages lie too deep in each other');
  const { nested_type: nested, enum_type: enums, oneof_decl: oneofs, field: fields } = message;
  const entries = new Map(
    nested.filter(({ options }) => options?.map_entry === true).map((each) => [each.name, each]),
  );
  const groups = new Set(
    fields.filter(({ type }) => type === groupType).map((each) => lastPart(each.type_name)),
  );
  const inside = nested.filter((each) => !entries.has(each.name) && !groups.has(each.name));
  const parts = [...enums.map(enumText), ...inside.map((each) => messageText(each, isProto3, depth + 1))];
  const shown = (field: FieldDescriptor, inOneof: boolean): string =>
    fieldText(field, isProto3, inOneof, entries, nested, depth);
  const shownOneofs = new Set<number>();
  for (const field of fields) {
    const index = oneofOf(field);
    if (index < 0) parts.push(shown(field, false));
    else if (!shownOneofs.has(index)) {
      shownOneofs.add(index);
      const members = fields.filter((each) => oneofOf(each) === index);
      parts.push(
        `oneof ${name(oneofs[index]?.name ?? '')} { ${members.map((each) => shown(each, true)).join(' ')} }`,
      );
    }
  }
  return `message ${name(message.name)} { ${parts.join('\n')} }`;
}

/** The oneof of several members that a field is in; -1: none. */
function oneofOf(field: FieldDescriptor): number {
  return Object.hasOwn(field, 'oneof_index') && !field.proto3_optional ? (field.oneof_index ?? -1) : -1;
}

function fieldText(
  field: FieldDescriptor,
  isProto3: boolean,
  inOneof: boolean,
  entries: ReadonlyMap<string, MessageDescriptor>,
  nested: readonly MessageDescriptor[],
  depth: number,
): string {
  const { label, type, number, type_name: of } = field;
  const entry = of === '' ? undefined : entries.get(lastPart(of));
  if (entry !== undefined) {
    const [key, value] = entry.field;
    if (key === undefined || value === undefined) throw new Error('an entry of a map has a key and a value');
    return `map<${typeText(key)}, ${typeText(value)}> ${name(field.name)} = ${Number(number)};`;
  }
  const optional = isProto3 ? (field.proto3_optional ? 'optional ' : '') : 'optional ';
  const rule = inOneof ? '' : label === repeated ? 'repeated ' : label === required ? 'required ' : optional;
  if (type === groupType) {
    const group = nested.find((each) => each.name === lastPart(of));
    if (group === undefined) throw new Error('a group has a message');
    return messageText(group, isProto3, depth + 1).replace(
      /^message (\S+)/,
      `${rule}group $1 = ${Number(number)}`,
    );
  }
  const packed =
    field.options !== null && typeof field.options.packed === 'boolean' && label === repeated && type !== 9;
  const options =
    packed && Object.hasOwn(field.options, 'packed') ? ` [packed = ${field.options.packed}]` : '';
  return `${rule}${typeText(field)} ${name(field.name)} = ${Number(number)}${options};`;
}

function typeText({ type, type_name: of }: FieldDescriptor): string {
  return of === '' ? (scalars[type] ?? '') : name(of);
}

function lastPart(of: string): string {
  return of.slice(of.lastIndexOf('.') + 1);
}
