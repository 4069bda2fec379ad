import type { PlainValue } from '@weir/columnar/row-view.ts';

/** An Avro schema as JSON has it. */
export type SchemaJson =
  string | readonly SchemaJson[] | { readonly type: string; readonly [key: string]: unknown };

interface RecordJson {
  readonly [key: string]: unknown;
  readonly type: 'record';
  readonly fields: readonly { readonly name: string; readonly type: SchemaJson }[];
}

const leaves: readonly SchemaJson[] = [
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'string',
  'bytes',
  { type: 'int', logicalType: 'date' },
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'timestamp-micros' },
  { type: 'int', logicalType: 'time-millis' },
  { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 3 },
];

/** For tests: random schemas of records and values of them as avsc takes them (unions wrapped), from a seed. */
export class RandomAvro {
  #state: number;
  #names = 0;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  record(depth = 0, count = 1 + this.below(6)): RecordJson {
    const fields = Array.from({ length: count }, (_, index) => ({
      name: `f${index}`,
      type: this.#type(depth + 1),
    }));
    return { type: 'record', name: this.#name('r'), fields };
  }

  #type(depth: number): SchemaJson {
    const kind = this.below(depth > 2 ? 12 : 18);
    if (kind < 8) return leaves[this.below(leaves.length)]!;
    if (kind < 11) {
      const other = this.#notUnion(depth);
      return this.below(2) === 0 ? ['null', other] : [other, 'null'];
    }
    return this.#notUnion(depth);
  }

  #notUnion(depth: number): SchemaJson {
    const kind = this.below(depth > 2 ? 6 : 10);
    if (kind < 4) return leaves[this.below(leaves.length)]!;
    if (kind === 4) return { type: 'enum', name: this.#name('e'), symbols: ['A', 'LONGER', 'c'] };
    if (kind === 5) return { type: 'fixed', name: this.#name('x'), size: this.below(5) };
    if (kind === 6) return { type: 'array', items: this.#type(depth + 1) };
    if (kind === 7) return { type: 'map', values: this.#type(depth + 1) };
    return this.record(depth);
  }

  #name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  value(schema: SchemaJson): unknown {
    if (isUnion(schema)) {
      const branch = schema[this.below(schema.length)]!;
      return branch === 'null' ? null : { [branchName(branch)]: this.value(branch) };
    }
    const type = typeOf(schema);
    const given = schema as unknown as {
      logicalType?: string;
      size: number;
      symbols: string[];
      items: SchemaJson;
      values: SchemaJson;
    };
    switch (type) {
      case 'boolean':
        return this.below(2) === 1;
      case 'int':
        return given.logicalType === 'time-millis' ? this.below(86_400_000) : this.#whole(32);
      case 'long':
        return given.logicalType === 'timestamp-millis' ? this.#whole(42) : this.#whole(53);
      case 'float':
        return Math.fround(this.#whole(40) / 7);
      case 'double':
        return [this.#whole(50) / 3, Infinity, -0, 1e-300][this.below(4)];
      case 'string':
        return Array.from(
          { length: this.below(40) },
          () => ['a', 'Z', '"', 'é', '中', '😀', ' '][this.below(7)],
        ).join('');
      case 'bytes':
        return given.logicalType === 'decimal' ? minimal(this.#whole(39)) : this.bytes(this.below(20));
      case 'fixed':
        return this.bytes(given.size);
      case 'enum':
        return given.symbols[this.below(3)];
      case 'array':
        return Array.from({ length: this.below(4) }, () => this.value(given.items));
      case 'map':
        return Object.fromEntries(
          Array.from({ length: this.below(4) }, (_, index) => [`k${index}é`, this.value(given.values)]),
        );
      default:
        return Object.fromEntries(
          (schema as RecordJson).fields.map((field) => [field.name, this.value(field.type)]),
        );
    }
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** Cut, with bits flipped, with other bytes put in, or nothing of it. */
  damaged(good: Uint8Array): Uint8Array {
    const kind = this.below(5);
    if (kind === 0) return good.subarray(0, this.below(good.length + 1));
    if (kind === 1) return this.bytes(this.below(60));
    const bytes = Buffer.from(good);
    if (bytes.length === 0) return bytes;
    for (let left = 1 + this.below(4); left > 0; left -= 1) {
      const at = this.below(bytes.length);
      if (kind === 2) bytes[at]! ^= 1 << this.below(8);
      else bytes[at] = [0xff, 0x80, 0x00, 0x01, 0x7f, 0x03][this.below(6)]!;
    }
    return kind === 4 ? Buffer.concat([bytes, this.bytes(this.below(12))]) : bytes;
  }

  /** Of so many bits at most, small ones often. */
  #whole(bits: number): number {
    const size = 1 + this.below(bits - 1);
    const magnitude = Math.floor((this.#state / 2 ** 32 + this.below(1 << 20)) * 2 ** (size - 20));
    const sign = this.below(2) === 0 ? 1 : -1;
    return sign * magnitude || 0;
  }
}

function isUnion(schema: SchemaJson): schema is readonly SchemaJson[] {
  return Array.isArray(schema);
}

function typeOf(schema: SchemaJson): string {
  return typeof schema === 'string' ? schema : (schema as { type: string }).type;
}

function branchName(schema: SchemaJson): string {
  return typeof schema !== 'string' && 'name' in schema ? String(schema['name']) : typeOf(schema);
}

/** Two's complement in as few bytes as it takes. */
function minimal(value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeIntBE(value, 0, 6);
  let start = 0;
  while (start < 5 && bytes.readIntBE(start + 1, 5 - start) === value) start += 1;
  return bytes.subarray(start);
}

/** The row, or struct, that a value of a record is read as with native types; computed from the value, not from its bytes. */
export function plainOf(schema: RecordJson, value: unknown): PlainValue[] {
  const of = value as Readonly<Record<string, unknown>>;
  return schema.fields.map((field) => plainValueOf(field.type, of[field.name]));
}

function plainValueOf(schema: SchemaJson, value: unknown): PlainValue {
  if (value === null) return null;
  if (isUnion(schema)) {
    const branch = schema.find((each) => each !== 'null')!;
    return plainValueOf(branch, Object.values(value as object)[0]);
  }
  const given = schema as Readonly<Record<string, unknown>>;
  switch (typeOf(schema)) {
    case 'int':
    case 'long': {
      const logical = String(given['logicalType']);
      return BigInt(value as number) * (logical.endsWith('millis') ? 1000n : 1n);
    }
    case 'bytes':
      if (given['logicalType'] !== 'decimal') return Uint8Array.from(value as Buffer);
      return BigInt((value as Buffer).readIntBE(0, (value as Buffer).length));
    case 'fixed':
      return Uint8Array.from(value as Buffer);
    case 'array':
      return (value as unknown[]).map((item) => plainValueOf(given['items'] as SchemaJson, item));
    case 'map':
      return Object.entries(value as object).map(([key, item]) => [
        key,
        plainValueOf(given['values'] as SchemaJson, item),
      ]);
    case 'record':
      return plainOf(schema as RecordJson, value);
    default:
      return value as PlainValue;
  }
}
