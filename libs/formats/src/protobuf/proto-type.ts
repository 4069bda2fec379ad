/**
 * Protobuf's types as the texts of a schema mean them: names resolved, presence decided. Plain data; a message that holds itself is a
 * circle of objects.
 */
export type ProtoType = { readonly kind: 'scalar'; readonly scalar: ProtoScalar } | ProtoEnum | ProtoMessage;

export const protoScalars = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const;
export type ProtoScalar = (typeof protoScalars)[number];

export interface ProtoEnum {
  readonly kind: 'enum';
  readonly name: string;
  /** The first name of each number. */
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

export interface ProtoMessage {
  readonly kind: 'message';
  /** With its package: `shop.Order`. */
  readonly name: string;
  /** In the order of the text. */
  readonly fields: readonly ProtoField[];
  /** Messages declared inside it, in the order of the text, as indexes of a frame count them (B8): neither groups nor entries of maps. */
  readonly nested: readonly ProtoMessage[];
  /** Numbers that no field may have, from and to. */
  readonly reserved: readonly (readonly [number, number])[];
}

export interface ProtoField {
  readonly name: string;
  readonly number: number;
  readonly type: ProtoType;
  readonly label: 'single' | 'repeated' | 'map';
  /** Of a map. */
  readonly key?: ProtoScalar;
  /** Whether a value that was not written is told from the default one (B1): messages, members of a oneof, `optional`, all of proto2. */
  readonly presence: boolean;
  /** The oneof of several members that it is in. */
  readonly oneof?: string;
  /** Its value stands between two tags instead of behind a length. */
  readonly group: boolean;
  /** How repeated numbers are written; both ways are read. */
  readonly packed: boolean;
}

export interface ProtoSchema {
  /** Of the main text, in its order. */
  readonly messages: readonly ProtoMessage[];
  readonly package: string;
  /** All, by full name, those of texts that it refers to, too. */
  readonly byName: ReadonlyMap<string, ProtoMessage>;
}

/** Types of Google's that mean values. */
export const wellKnown = {
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  struct: 'google.protobuf.Struct',
  value: 'google.protobuf.Value',
  listValue: 'google.protobuf.ListValue',
  any: 'google.protobuf.Any',
} as const;

const wrappers: ReadonlySet<string> = new Set(
  ['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map(
    (each) => `google.protobuf.${each}Value`,
  ),
);

/** The field of a message that stands for one nullable value; undefined for other types. */
export function wrappedValue(type: ProtoType): ProtoField | undefined {
  return type.kind === 'message' && wrappers.has(type.name) ? type.fields[0] : undefined;
}

/** For messages: `repeated int64`, `message shop.Order`. */
export function describeProto({ type, label, key }: Pick<ProtoField, 'type' | 'label' | 'key'>): string {
  const name = type.kind === 'scalar' ? type.scalar : `${type.kind} ${type.name}`;
  return label === 'map' ? `map<${key}, ${name}>` : label === 'repeated' ? `repeated ${name}` : name;
}

/** By exact name, else the only one whose name differs in case. */
export function fieldNamed(message: ProtoMessage, name: string): ProtoField | undefined {
  const exact = message.fields.find((field) => field.name === name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  const [only, ...others] = message.fields.filter((field) => field.name.toLowerCase() === wanted);
  return others.length === 0 ? only : undefined;
}
