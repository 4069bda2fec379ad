import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintCode, indexCode, integerCode } from '@weir/kernel/code-number.ts';
import type { AvroType } from './avro-type.ts';
import type { ValueWrite, WriteConversion, WriteStep } from './write-step.ts';
import { EnumWriter } from './write-text-value.ts';
import { maxLongBytes } from './write-varint.ts';

/** Constants of more bytes are copied. */
const maxWrittenOut = 32;

interface ColumnCode {
  /** An expression for the column in `begin`. */
  readonly code: string;
  readonly type: SqlType;
}

/**
 * Writes the source of an encoder's three functions. Each column gets variables: c the column, n its nulls, v values, g big, d data, w view
 * of the data, s starts, e ends, o offsets; `begin` sets them. `N`, `W`, `Y` and `K` are names, enums, types and
 * constants by their indexes.
 */
export class ValueSource {
  readonly names: string[] = [];
  readonly enums: EnumWriter[] = [];
  readonly types: AvroType[] = [];
  readonly constants: Uint8Array[] = [];
  readonly #variables: string[] = [];
  readonly #begin: string[] = [];
  readonly #bound: string[] = [];
  readonly #encode: string[] = [];
  #columns = 0;
  #fixed = 0;
  /** Within elements of a list or map: how many there are is known by row only. */
  #depth = 0;
  #hasJson = false;

  finish() {
    return {
      variables: this.#variables,
      begin: this.#begin.join('\n'),
      bound: this.#bound.join('\n'),
      encode: this.#encode.join('\n'),
      fixed: this.#fixed,
      hasJson: this.#hasJson,
    };
  }

  /** Bytes that are always the same. */
  constant(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#atMost(bytes.length);
    if (bytes.length <= maxWrittenOut) this.#encode.push(storeBytes(bytes));
    else {
      const index = indexCode(this.constants.push(bytes) - 1);
      this.#encode.push(`t.set(K[${index}], at); at += ${integerCode(bytes.length)};`);
    }
  }

  /** The whole value, of the batch's columns. */
  step(step: WriteStep, columnAt: (index: number) => ColumnCode): void {
    if (step.kind === 'record') this.#fields(step, columnAt, 'row');
  }

  #fields(
    step: Extract<WriteStep, { kind: 'record' }>,
    columnAt: (index: number) => ColumnCode,
    row: string,
  ): void {
    for (const field of step.fields) {
      if ('constant' in field) this.constant(field.constant);
      else this.#value(field.value, columnAt(field.column), row);
    }
  }

  /** A bound of the bytes that follow, in this place. */
  #atMost(bytes: number): void {
    if (this.#depth === 0) this.#fixed += bytes;
    else this.#bound.push(`size += ${integerCode(bytes)};`);
  }

  #variable(letter: string, id: number, start = 'null'): string {
    const name = `${letter}${id}`;
    this.#variables.push(`${name} = ${start}`);
    return name;
  }

  #value(value: ValueWrite, column: ColumnCode, row: string): void {
    const { branch, whenNull, step } = value;
    const id = (this.#columns += 1);
    const c = this.#variable('c', id);
    const n = this.#variable('n', id);
    this.#begin.push(`${c} = ${column.code}; ${n} = ${c}.nulls;`);
    this.#atMost(Math.max(branch.length, whenNull?.length ?? 0));
    const name = indexCode(this.names.push(value.name) - 1);
    const nullCode = whenNull === null ? `nullRefused(N[${name}]);` : storeBytes(whenNull);
    if (step.kind === 'null') {
      this.#encode.push(nullCode);
      return;
    }
    this.#encode.push(`if (${n} !== null && ${n}[${row}] === 1) { ${nullCode} } else {`);
    this.#bound.push(`if (${n} === null || ${n}[${row}] !== 1) {`);
    if (branch.length > 0) this.#encode.push(storeBytes(branch));
    this.#notNull(step, id, column.type, row, name);
    this.#bound.push('}');
    this.#encode.push('}');
  }

  #notNull(step: WriteStep, id: number, type: SqlType, row: string, name: string): void {
    switch (step.kind) {
      case 'null':
        return;
      case 'scalar':
        this.#scalar(step.conversion, id, row, name);
        return;
      case 'json':
        this.#json(step.type, id, row, name);
        return;
      case 'record': {
        const fields = type.kind === 'struct' ? type.fields : [];
        this.#fields(
          step,
          (index) => ({ code: `c${id}.children[${indexCode(index)}]`, type: fields[index]!.type }),
          row,
        );
        return;
      }
      case 'array':
        if (type.kind !== 'list') return;
        this.#elements(id, row, (k) =>
          this.#value(step.element, { code: `c${id}.element`, type: type.element.type }, k),
        );
        return;
      case 'map':
        if (type.kind !== 'map') return;
        this.#elements(id, row, (k) => {
          this.#value(keyWrite, { code: `c${id}.keys`, type: type.key.type }, k);
          this.#value(step.value, { code: `c${id}.values`, type: type.value.type }, k);
        });
    }
  }

  #scalar(conversion: WriteConversion, id: number, row: string, name: string): void {
    switch (conversion.to) {
      case 'boolean': {
        const v = this.#variable('v', id);
        this.#begin.push(`${v} = c${id}.values;`);
        this.#atMost(1);
        this.#encode.push(`t[at] = ${v}[${row}]; at += 1;`);
        return;
      }
      case 'long':
        this.#long(conversion, id, row);
        return;
      case 'float':
        this.#float(conversion, id, row);
        return;
      case 'decimal':
        this.#decimal(conversion, id, row);
        return;
      default:
        this.#bytes(conversion, id, row, name);
    }
  }

  #exact(id: number): { v: string; g: string } {
    const v = this.#variable('v', id);
    const g = this.#variable('g', id);
    this.#begin.push(`${v} = c${id}.values; ${g} = c${id}.big;`);
    return { v, g };
  }

  #long({ times, over }: Extract<WriteConversion, { to: 'long' }>, id: number, row: string): void {
    const { v, g } = this.#exact(id);
    this.#atMost(maxLongBytes);
    const value = `${v}[${row}]`;
    const small =
      times !== 1n ? `writeScaledLong(t, at, ${value}, ${integerCode(Number(times))})`
      : over !== 1 ? `writeLong(t, at, Math.floor(${value} / ${integerCode(over)}))`
      : `writeLong(t, at, ${value})`; // prettier-ignore
    const scaled = times === 1n ? `${g}[${row}]` : `${g}[${row}] * ${bigintCode(times)}`;
    const big = over === 1 ? scaled : `divideDown(${scaled}, ${bigintCode(BigInt(over))})`;
    this.#encode.push(`if (${g} === null) at = ${small}; else at = writeBigLong(t, at, ${big});`);
  }

  #float({ single, from }: Extract<WriteConversion, { to: 'float' }>, id: number, row: string): void {
    const bytes = single ? 4 : 8;
    this.#atMost(bytes);
    let value: string;
    if (from === 'integer') {
      const { v, g } = this.#exact(id);
      value = `(${g} === null ? ${v}[${row}] : Number(${g}[${row}]))`;
    } else {
      const v = this.#variable('v', id);
      this.#begin.push(`${v} = c${id}.values;`);
      value = `${v}[${row}]`;
    }
    this.#encode.push(`tv.setFloat${single ? 32 : 64}(at, ${value}, true); at += ${integerCode(bytes)};`);
  }

  #decimal(
    { size, times, digits }: Extract<WriteConversion, { to: 'decimal' }>,
    id: number,
    row: string,
  ): void {
    const { v, g } = this.#exact(id);
    // A decimal digit is less than 3.33 bits; one more for the sign, and a byte for the length.
    this.#atMost(size < 0 ? Math.ceil((digits * 3.33 + 1) / 8) + 2 : size);
    const rest = size < 0 ? '' : `, ${integerCode(size)}`;
    const small = `write${size < 0 ? 'DecimalBytes' : 'FixedDecimal'}`;
    const big = `writeBig${size < 0 ? 'DecimalBytes' : 'FixedDecimal'}`;
    const code = bigintCode(times);
    if (times === 1n) {
      this.#encode.push(
        `if (${g} === null) at = ${small}(t, at, ${v}[${row}]${rest}); else at = ${big}(t, at, ${g}[${row}]${rest});`,
      );
      return;
    }
    this.#encode.push(
      `at = ${big}(t, at, (${g} === null ? BigInt(${v}[${row}]) : ${g}[${row}]) * ${code}${rest});`,
    );
  }

  #range(id: number, row: string): { d: string; from: string; to: string } {
    const d = this.#variable('d', id);
    const s = this.#variable('s', id);
    const e = this.#variable('e', id);
    this.#begin.push(`${d} = c${id}.data; ${s} = c${id}.starts; ${e} = c${id}.ends;`);
    return { d, from: `${s}[${row}]`, to: `${e}[${row}]` };
  }

  #bytes(
    conversion: Exclude<WriteConversion, { to: 'boolean' | 'long' | 'float' | 'decimal' }>,
    id: number,
    row: string,
    name: string,
  ): void {
    const { d, from, to } = this.#range(id, row);
    switch (conversion.to) {
      case 'bytes': {
        const w = this.#variable('w', id, 'noView');
        this.#begin.push(
          `if (${w}.buffer !== ${d}.buffer || ${w}.byteOffset !== ${d}.byteOffset || ${w}.byteLength !== ${d}.byteLength) ${w} = new DataView(${d}.buffer, ${d}.byteOffset, ${d}.byteLength);`,
        );
        this.#bound.push(`size += ${to} - ${from} + 5;`);
        this.#encode.push(`{ const from = ${from}, to = ${to}, length = to - from;
          if (length < 64) { t[at] = length << 1; at += 1; } else at = writeLong(t, at, length);
          at = copyBytes(${d}, ${w}, from, to, t, tv, at); }`);
        return;
      }
      case 'fixed':
        this.#atMost(conversion.size);
        this.#encode.push(
          `at = writeFixed(${d}, ${from}, ${to}, t, at, ${integerCode(conversion.size)}, N[${name}]);`,
        );
        return;
      case 'uuid':
        this.#atMost(16);
        this.#encode.push(`at = writeUuid(${d}, ${from}, ${to}, t, at, N[${name}]);`);
        return;
      case 'enum': {
        this.#atMost(5);
        const writer = new EnumWriter(this.names[Number(name)]!, conversion.symbols);
        const index = indexCode(this.enums.push(writer) - 1);
        this.#encode.push(`at = W[${index}].write(${d}, ${from}, ${to}, t, at);`);
      }
    }
  }

  #json(type: AvroType, id: number, row: string, name: string): void {
    this.#hasJson = true;
    const { d, from, to } = this.#range(id, row);
    const index = indexCode(this.types.push(type) - 1);
    this.#bound.push(`size += J.measure(Y[${index}], N[${name}], ${d}, ${from}, ${to});`);
    this.#encode.push('at = J.next(t, at);');
  }

  /** One block with all elements, and the 0 that ends it. */
  #elements(id: number, row: string, each: (index: string) => void): void {
    const o = this.#variable('o', id);
    const k = `k${id}`;
    this.#begin.push(`${o} = c${id}.offsets;`);
    this.#atMost(maxLongBytes + 1);
    this.#encode.push(
      `if (${o}[${row} + 1] > ${o}[${row}]) at = writeLong(t, at, ${o}[${row} + 1] - ${o}[${row}]);`,
    );
    const loop = `for (let ${k} = ${o}[${row}], last${id} = ${o}[${row} + 1]; ${k} < last${id}; ${k} += 1) {`;
    this.#encode.push(loop);
    this.#bound.push(loop);
    this.#depth += 1;
    each(k);
    this.#depth -= 1;
    this.#encode.push('} t[at] = 0; at += 1;');
    this.#bound.push('}');
  }
}

const keyWrite: ValueWrite = {
  name: 'key of a map',
  branch: new Uint8Array(0),
  whenNull: null,
  step: { kind: 'scalar', conversion: { to: 'bytes' } },
};

/** Statements that store constant bytes. */
function storeBytes(bytes: Uint8Array): string {
  const lines: string[] = [];
  bytes.forEach((byte, p) => lines.push(`t[at + ${integerCode(p)}] = ${integerCode(byte)};`));
  if (bytes.length > 0) lines.push(`at += ${integerCode(bytes.length)};`);
  return lines.join(' ');
}
