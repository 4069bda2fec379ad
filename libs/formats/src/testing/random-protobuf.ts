const scalars = ['double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32', 'fixed64', 'sfixed32', 'sfixed64', 'bool', 'string', 'bytes'] as const; // prettier-ignore
/** Not bool: what compares with this takes the text `false` for true. */
const keys = ['int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'string', 'fixed64'] as const;
type Scalar = (typeof scalars)[number];

interface RandomField {
  readonly name: string;
  readonly number: number;
  readonly label: 'plain' | 'optional' | 'repeated' | 'map';
  readonly key: (typeof keys)[number];
  readonly type: Scalar | 'E' | RandomMessage;
  readonly oneof: boolean;
}

export interface RandomMessage {
  readonly name: string;
  readonly fields: readonly RandomField[];
}

/** Values as an independent implementation takes them. */
type Value = string | number | boolean | Uint8Array | readonly Value[] | { readonly [name: string]: Value };

const enumNames = ['ZERO', 'ONE', 'FIVE'];

/** For tests: random schemas of proto3, values of them, and damage to their bytes, from a seed. */
export class RandomProtobuf {
  #state: number;
  #names = 0;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  message(depth = 0): RandomMessage {
    const fields: RandomField[] = [];
    let number = 0;
    for (let left = 1 + this.below(8); left > 0; left -= 1) {
      number += this.below(6) === 0 ? 1 + this.below(3000) : 1 + this.below(3);
      const label = this.#pick(['plain', 'plain', 'plain', 'optional', 'repeated', 'map'] as const);
      const type =
        this.below(4) > 0 || depth > 1 ? this.#pick([...scalars, 'E' as const]) : this.message(depth + 1);
      const oneof = label === 'plain' && this.below(3) === 0;
      this.#names += 1;
      fields.push({ name: `f${this.#names}`, number, label, key: this.#pick(keys), type, oneof });
    }
    this.#names += 1;
    return { name: `M${this.#names}`, fields };
  }

  value({ fields }: RandomMessage): Record<string, Value> {
    const value: Record<string, Value> = {};
    let hasMember = false;
    for (const field of fields) {
      if (this.below(4) === 0 || (field.oneof && hasMember)) continue;
      hasMember ||= field.oneof;
      const one = (): Value => this.#single(field.type);
      const many = this.below(4);
      if (field.label === 'repeated') value[field.name] = Array.from({ length: many }, one);
      else if (field.label === 'map')
        value[field.name] = Object.fromEntries(
          Array.from({ length: many }, () => [this.#key(field.key), one()]),
        );
      else value[field.name] = one();
    }
    return value;
  }

  damaged(good: Uint8Array): Uint8Array {
    const bytes = Uint8Array.from(good);
    switch (this.below(5)) {
      case 0:
        return bytes.subarray(0, this.below(bytes.length + 1));
      case 1:
        for (let left = 1 + this.below(3); left > 0 && bytes.length > 0; left -= 1)
          bytes[this.below(bytes.length)]! ^= 1 << this.below(8);
        return bytes;
      case 2:
        return Uint8Array.from({ length: this.below(40) }, () => this.below(256));
      case 3:
        return Uint8Array.from([...bytes, ...bytes.subarray(this.below(bytes.length + 1))]);
      default: {
        const at = this.below(bytes.length + 1);
        return Uint8Array.from([...bytes.subarray(0, at), this.below(256), ...bytes.subarray(at)]);
      }
    }
  }

  #single(type: RandomField['type']): Value {
    if (typeof type === 'object') return this.value(type);
    switch (type) {
      case 'E':
        return this.#pick([0, 1, 5]);
      case 'bool':
        return this.below(2) === 1;
      case 'string':
        return this.#text();
      case 'bytes':
        return Uint8Array.from({ length: this.below(6) }, () => this.below(256));
      case 'double':
        return this.#pick([0, 1.5, -1e300, NaN, -Infinity, 0.1]);
      case 'float':
        return Math.fround(this.#pick([0, 1.5, -1e30, NaN, Infinity, 0.1]));
      default:
        return this.#number(type);
    }
  }

  #number(type: string): string {
    const bits = type.endsWith('64') ? 64 : 32;
    const size = this.below(bits + 1);
    const value = BigInt.asUintN(size, (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32)));
    const isUnsigned = type.startsWith('u') || type.startsWith('fixed');
    return String(
      isUnsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, this.below(2) === 0 ? value : -value),
    );
  }

  #key(type: RandomField['key']): string {
    return type === 'string' ? this.#text() : this.#number(type);
  }

  #text(): string {
    const parts = ['a', 'größer', '"\\', '😀', 'eight or more characters', '\n'];
    return Array.from({ length: this.below(4) }, () => this.#pick(parts)).join('');
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** The text of a schema whose message of this name has the random one in its field `m`. */
export function protoText(message: RandomMessage, outer: string): string {
  return `syntax = "proto3"; enum E { ${enumNames[0]} = 0; ${enumNames[1]} = 1; ${enumNames[2]} = 5; }
    ${messageText(message)} message ${outer} { ${message.name} m = 1; }`;
}

function messageText({ name, fields }: RandomMessage): string {
  const nested = fields.flatMap(({ type }) => (typeof type === 'object' ? [messageText(type)] : []));
  const members = fields.filter(({ oneof }) => oneof);
  const others = fields.filter(({ oneof }) => !oneof).map((field) => fieldText(field));
  const oneof = members.length === 0 ? '' : `oneof o { ${members.map(fieldText).join(' ')} }`;
  return `message ${name} { ${nested.join(' ')} ${oneof} ${others.join(' ')} }`;
}

function fieldText({ name, number, label, key, type }: RandomField): string {
  const of = typeof type === 'object' ? type.name : type;
  if (label === 'map') return `map<${key}, ${of}> ${name} = ${number};`;
  return `${label === 'plain' ? '' : label} ${of} ${name} = ${number};`;
}

/**
 * A value as JSON has it once numbers, bytes and enums are texts, fields without presence are always there, and members of maps stand in the
 * order of their keys: what two implementations must agree on.
 */
export function comparable(message: RandomMessage, value: Readonly<Record<string, unknown>>): unknown {
  const entries: [string, unknown][] = [];
  for (const { name, label, type, oneof } of message.fields) {
    const given = value[name];
    if (label === 'repeated')
      entries.push([name, ((given ?? []) as unknown[]).map((each) => single(type, each))]);
    else if (label === 'map') {
      const members = Object.entries((given ?? {}) as object).map(
        ([key, each]) => [key, single(type, each)] as const,
      );
      entries.push([name, members.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    } else if (given !== undefined && given !== null) entries.push([name, single(type, given)]);
    else if (label === 'plain' && !oneof && typeof type !== 'object')
      entries.push([name, single(type, defaultOf(type))]);
  }
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function defaultOf(type: Scalar | 'E'): unknown {
  if (type === 'bool') return false;
  return type === 'string' || type === 'bytes' ? '' : type === 'E' ? 'ZERO' : 0;
}

function single(type: RandomField['type'], value: unknown): unknown {
  if (typeof type === 'object') return comparable(type, value as Record<string, unknown>);
  switch (type) {
    case 'E':
      return typeof value === 'number'
        ? (['ZERO', 'ONE', '2', '3', '4', 'FIVE'][value] ?? String(value))
        : value;
    case 'bytes':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    case 'float':
      return String(Math.fround(Number(value)) + 0);
    case 'double':
      return String(Number(value) + 0);
    case 'bool':
    case 'string':
      return value;
    default:
      return String(value);
  }
}
