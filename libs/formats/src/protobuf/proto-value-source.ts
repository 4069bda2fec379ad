import type { SqlType } from '@weir/columnar/sql-type.ts';
import { indexCode, integerCode } from '@weir/kernel/code-number.ts';
import type { ProtoFieldWrite, ProtoWriteStep } from './proto-write-step.ts';
import type { ProtoField, ProtoScalar } from './proto-type.ts';
import { EnumNumbers } from './enum-numbers.ts';
import { maxTextBytes, maxTimeBytes, maxVarintBytes } from './write-wire.ts';

interface ColumnCode {
  /** An expression for the column in `begin`. */
  readonly code: string;
  readonly type: SqlType;
}

/** Bytes of a length, at most. */
const maxLengthBytes = 5;

/**
 * Writes the source of an encoder's three functions. Each column gets variables: c the column, n its nulls, v values, g big, d data, w view
 * of the data, s starts, e ends, o offsets; `begin` sets them. `N`, `E` and `F` are names, enums and fields by their indexes: none stands in the text.
 */
export class ProtoValueSource {
  readonly names: string[] = [];
  readonly enums: EnumNumbers[] = [];
  readonly jsonFields: ProtoField[] = [];
  readonly #variables: string[] = [];
  readonly #begin: string[] = [];
  readonly #bound: string[] = [];
  readonly #encode: string[] = [];
  #count = 0;
  #fixed = 0;
  /** Within elements of a list or map: how many there are is known by row only. */
  #depth = 0;

  finish() {
    return {
      variables: this.#variables,
      begin: this.#begin.join('\n'),
      bound: this.#bound.join('\n'),
      encode: this.#encode.join('\n'),
      fixed: this.#fixed,
    };
  }

  /** Bytes that are always the same. */
  constant(bytes: Uint8Array): void {
    this.#atMost(bytes.length);
    this.#encode.push(storeBytes(bytes));
  }

  fields(fields: readonly ProtoFieldWrite[], columnAt: (index: number) => ColumnCode, row: string): void {
    for (const field of fields) this.#field(field, columnAt(field.column), row);
  }

  #atMost(bytes: number): void {
    if (this.#depth === 0) this.#fixed += bytes;
    else this.#bound.push(`size += ${integerCode(bytes)};`);
  }

  #variable(letter: string, id: number, start = 'null'): string {
    const name = `${letter}${id}`;
    this.#variables.push(`${name} = ${start}`);
    return name;
  }

  #field(field: ProtoFieldWrite, column: ColumnCode, row: string): void {
    const id = (this.#count += 1);
    const c = this.#variable('c', id);
    const n = this.#variable('n', id);
    this.#begin.push(`${c} = ${column.code}; ${n} = ${c}.nulls;`);
    const name = indexCode(this.names.push(field.name) - 1);
    if (!field.nullable)
      this.#encode.push(`if (${n} !== null && ${n}[${row}] === 1) refuseNull(N[${name}]);`);
    this.#encode.push(`if (${n} === null || ${n}[${row}] !== 1) {`);
    this.#bound.push(`if (${n} === null || ${n}[${row}] !== 1) {`);
    this.#present(field, id, column.type, row, name);
    this.#bound.push('}');
    this.#encode.push('}');
  }

  /** The value that isn't NULL, with its tag. */
  #present(field: ProtoFieldWrite, id: number, type: SqlType, row: string, name: string): void {
    const { step } = field;
    if (step.kind === 'repeated') return this.#repeated(step, field, id, type, row);
    if (step.kind === 'map') return this.#map(step, field, id, type, row);
    if (step.kind === 'json') return this.#json(step.field, id, row, name);
    this.#load(step, id);
    const isDefault = field.presence ? null : this.#isDefault(step, id, row);
    if (isDefault !== null) this.#encode.push(`if (!(${isDefault})) {`);
    this.#tag(field);
    this.#value(step, id, type, row, name, field.endTag !== null);
    if (field.endTag !== null) this.constant(field.endTag);
    if (isDefault !== null) this.#encode.push('}');
  }

  /** The field with its tags, made when the row is measured. */
  #json(field: ProtoField, id: number, row: string, name: string): void {
    this.#loadSlice(id);
    const index = indexCode(this.jsonFields.push(field) - 1);
    this.#bound.push(`size += J.measure(F[${index}], N[${name}], d${id}, s${id}[${row}], e${id}[${row}]);`);
    this.#encode.push('at = J.next(t, at);');
  }

  #tag({ tag }: ProtoFieldWrite): void {
    this.constant(tag);
  }

  /** What a step looks at of its column. */
  #load(step: ProtoWriteStep, id: number): void {
    switch (step.kind) {
      case 'integer':
      case 'text':
      case 'timestamp':
      case 'duration':
        return this.#loadExact(id);
      case 'float':
        if (step.isInteger) return this.#loadExact(id);
        this.#begin.push(`${this.#variable('v', id)} = c${id}.values;`);
        return;
      case 'boolean':
        this.#begin.push(`${this.#variable('v', id)} = c${id}.values;`);
        return;
      case 'slice':
      case 'enum':
        return this.#loadSlice(id);
      case 'message': {
        const [only] = step.fields;
        if (only?.column === -1) this.#load(only.step, id);
        return;
      }
      default:
    }
  }

  #loadExact(id: number): void {
    this.#begin.push(`${this.#variable('v', id)} = c${id}.values; ${this.#variable('g', id)} = c${id}.big;`);
  }

  #loadSlice(id: number): void {
    const [d, s, e, w] = [
      this.#variable('d', id),
      this.#variable('s', id),
      this.#variable('e', id),
      this.#variable('w', id, 'noView'),
    ];
    this.#begin.push(`${d} = c${id}.data; ${s} = c${id}.starts; ${e} = c${id}.ends;
      if (${w}.buffer !== ${d}.buffer || ${w}.byteOffset !== ${d}.byteOffset || ${w}.byteLength !== ${d}.byteLength) ${w} = new DataView(${d}.buffer, ${d}.byteOffset, ${d}.byteLength);`);
  }

  /** An expression that holds where the value is its type's default; null: such are always written. */
  #isDefault(step: ProtoWriteStep, id: number, row: string): string | null {
    switch (step.kind) {
      case 'integer':
        if (step.over !== 1) return null;
        return `(g${id} === null ? v${id}[${row}] === 0 : g${id}[${row}] === 0n)`;
      case 'boolean':
        return `v${id}[${row}] === 0`;
      case 'float':
        return step.isInteger ? null : `Object.is(v${id}[${row}], 0)`;
      case 'slice':
        return `s${id}[${row}] === e${id}[${row}]`;
      default:
        return null;
    }
  }

  #value(step: ProtoWriteStep, id: number, type: SqlType, row: string, name: string, isGroup: boolean): void {
    const exact = `(g${id} === null ? v${id}[${row}] : g${id}[${row}])`;
    switch (step.kind) {
      case 'integer':
        return this.#integer(step, id, row, name);
      case 'boolean':
        this.#atMost(1);
        this.#encode.push(`t[at] = v${id}[${row}]; at += 1;`);
        return;
      case 'float': {
        const bytes = step.scalar === 'float' ? 4 : 8;
        this.#atMost(bytes);
        const value = step.isInteger ? `Number(${exact})` : `v${id}[${row}]`;
        this.#encode.push(`tv.setFloat${bytes * 8}(at, ${value}, true); at += ${bytes};`);
        return;
      }
      case 'slice':
        this.#bound.push(`size += e${id}[${row}] - s${id}[${row}] + ${maxLengthBytes};`);
        this.#encode.push(`{ const from = s${id}[${row}], to = e${id}[${row}], length = to - from;
          if (length < 128) { t[at] = length; at += 1; } else at = writeBits(t, at, length);
          at = copyBytes(d${id}, w${id}, from, to, t, tv, at); }`);
        return;
      case 'enum': {
        this.#atMost(maxVarintBytes);
        const index = indexCode(this.enums.push(new EnumNumbers(this.names[Number(name)]!, step.type)) - 1);
        this.#encode.push(`at = writeBits(t, at, E[${index}].of(d${id}, s${id}[${row}], e${id}[${row}]));`);
        return;
      }
      case 'timestamp':
      case 'duration':
        this.#atMost(maxTimeBytes);
        this.#encode.push(
          `at = ${step.kind === 'timestamp' ? 'writeTimestamp' : 'writeDuration'}(t, at, ${exact}, N[${name}]);`,
        );
        return;
      case 'text':
        this.#atMost(maxTextBytes);
        this.#encode.push(`at = ${textCode(step.type, exact)};`);
        return;
      case 'message':
        return this.#message(step.fields, id, type, row, name, isGroup);
      default:
    }
  }

  #integer(
    { scalar, over }: Extract<ProtoWriteStep, { kind: 'integer' }>,
    id: number,
    row: string,
    name: string,
  ): void {
    const { min, max, small, big, bytes } = integerCodes[scalar]!;
    this.#atMost(bytes);
    const value = over === 1 ? `v${id}[${row}]` : `Math.floor(v${id}[${row}] / ${integerCode(over)})`;
    const far = over === 1 ? `g${id}[${row}]` : `divideDown(g${id}[${row}], ${integerCode(over)}n)`;
    const isLong = scalar.endsWith('64');
    const low = isLong ? (min === 0n ? '0' : '-Infinity') : `${Number(min)}`;
    const high = isLong ? 'Infinity' : `${Number(max)}`;
    const checked = isLong && min !== 0n ? value : `inRange(${value}, ${low}, ${high}, N[${name}])`;
    this.#encode.push(`if (g${id} === null) ${small(checked)}
      else ${big(`inRange(${far}, ${min}n, ${max}n, N[${name}])`)}`);
  }

  #message(
    fields: readonly ProtoFieldWrite[],
    id: number,
    type: SqlType,
    row: string,
    name: string,
    isGroup: boolean,
  ): void {
    const start = `m${id}_${(this.#count += 1)}`;
    if (!isGroup) {
      this.#atMost(maxLengthBytes);
      this.#encode.push(`const ${start} = at; at += 1;`);
    }
    const [only] = fields;
    if (only?.column === -1) {
      const isDefault = this.#isDefault(only.step, id, row);
      if (isDefault !== null) this.#encode.push(`if (!(${isDefault})) {`);
      this.#tag(only);
      this.#value(only.step, id, type, row, name, false);
      if (isDefault !== null) this.#encode.push('}');
    } else if (type.kind === 'struct') {
      this.fields(
        fields,
        (index) => ({ code: `c${id}.children[${indexCode(index)}]`, type: type.fields[index]!.type }),
        row,
      );
    }
    if (!isGroup) this.#encode.push(`at = closeSized(t, ${start}, at);`);
  }

  #repeated(
    { element, packed }: Extract<ProtoWriteStep, { kind: 'repeated' }>,
    field: ProtoFieldWrite,
    id: number,
    type: SqlType,
    row: string,
  ): void {
    if (type.kind !== 'list') return;
    const o = this.#variable('o', id);
    this.#begin.push(`${o} = c${id}.offsets;`);
    if (packed) {
      this.#atMost(field.tag.length + maxLengthBytes);
      this.#encode.push(
        `if (${o}[${row} + 1] > ${o}[${row}]) { ${storeBytes(field.tag)} const p${id} = at; at += 1;`,
      );
    }
    const none = new Uint8Array(0);
    this.#each(id, row, (k) => {
      const one = { ...element, tag: packed ? none : element.tag };
      this.#field(one, { code: `c${id}.element`, type: type.element.type }, k);
    });
    if (packed) this.#encode.push(`at = closeSized(t, p${id}, at); }`);
  }

  #map(
    { key, value }: Extract<ProtoWriteStep, { kind: 'map' }>,
    field: ProtoFieldWrite,
    id: number,
    type: SqlType,
    row: string,
  ): void {
    if (type.kind !== 'map') return;
    this.#begin.push(`${this.#variable('o', id)} = c${id}.offsets;`);
    this.#each(id, row, (k) => {
      this.#tag(field);
      this.#atMost(maxLengthBytes);
      this.#encode.push(`const m${id} = at; at += 1;`);
      this.#field(key, { code: `c${id}.keys`, type: type.key.type }, k);
      this.#field(value, { code: `c${id}.values`, type: type.value.type }, k);
      this.#encode.push(`at = closeSized(t, m${id}, at);`);
    });
  }

  #each(id: number, row: string, body: (index: string) => void): void {
    const k = `k${id}`;
    const loop = `for (let ${k} = o${id}[${row}], last${id} = o${id}[${row} + 1]; ${k} < last${id}; ${k} += 1) {`;
    this.#encode.push(loop);
    this.#bound.push(loop);
    this.#depth += 1;
    body(k);
    this.#depth -= 1;
    this.#encode.push('}');
    this.#bound.push('}');
  }
}

interface IntegerCode {
  readonly min: bigint;
  readonly max: bigint;
  readonly bytes: number;
  readonly small: (value: string) => string;
  readonly big: (value: string) => string;
}

const varint = { bytes: maxVarintBytes, small: (value: string) => `at = writeBits(t, at, ${value});`, big: (value: string) => `at = writeBigBits(t, at, ${value});` }; // prettier-ignore
const zigzag = { bytes: maxVarintBytes, small: (value: string) => `at = writeZigzag(t, at, ${value});`, big: (value: string) => `at = writeBigZigzag(t, at, ${value});` }; // prettier-ignore
const fixed64 = (value: string): string => `at = writeFixed64(tv, at, ${value});`;
const fixed32 = (set: string) => (value: string): string => `{ tv.${set}(at, Number(${value}), true); at += 4; }`; // prettier-ignore
const signed32 = { min: -(1n << 31n), max: (1n << 31n) - 1n };
const unsigned32 = { min: 0n, max: (1n << 32n) - 1n };
const signed64 = { min: -(1n << 63n), max: (1n << 63n) - 1n };
const unsigned64 = { min: 0n, max: (1n << 64n) - 1n };

const integerCodes: Readonly<Partial<Record<ProtoScalar, IntegerCode>>> = {
  int32: { ...signed32, ...varint },
  int64: { ...signed64, ...varint },
  uint32: { ...unsigned32, ...varint },
  uint64: { ...unsigned64, ...varint },
  sint32: { ...signed32, ...zigzag },
  sint64: { ...signed64, ...zigzag },
  fixed32: { ...unsigned32, bytes: 4, small: fixed32('setUint32'), big: fixed32('setUint32') },
  sfixed32: { ...signed32, bytes: 4, small: fixed32('setInt32'), big: fixed32('setInt32') },
  fixed64: { ...unsigned64, bytes: 8, small: fixed64, big: fixed64 },
  sfixed64: { ...signed64, bytes: 8, small: fixed64, big: fixed64 },
};

function textCode(type: SqlType, value: string): string {
  switch (type.kind) {
    case 'decimal':
      return `textWriters.decimal(t, at, ${value}, ${integerCode(type.scale)})`;
    case 'date':
      return `textWriters.date(t, at, ${value})`;
    case 'time':
      return `textWriters.time(t, at, ${value})`;
    case 'timestamp':
      return `textWriters.timestamp(t, tv, at, ${value}, ${type.zoned ? 'true' : 'false'})`;
    case 'interval':
      return type.unit === 'months'
        ? `textWriters.months(t, at, ${value})`
        : `textWriters.micros(t, at, ${value})`;
    default:
      return `textWriters.integer(t, at, ${value})`;
  }
}

/** Statements that store constant bytes. */
function storeBytes(bytes: Uint8Array): string {
  const lines: string[] = [];
  bytes.forEach((byte, p) => lines.push(`t[at + ${integerCode(p)}] = ${integerCode(byte)};`));
  if (bytes.length > 0) lines.push(`at += ${integerCode(bytes.length)};`);
  return lines.join(' ');
}
