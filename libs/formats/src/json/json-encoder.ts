import { indexCode, integerCode } from '@weir/kernel/code-number.ts';
import { rowKind } from '@weir/columnar/batch.ts';
import { copyBytes } from '@weir/columnar/copy-bytes.ts';
import type { Field, Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { unreachable } from '@weir/kernel/assert.ts';
import { noRecord, tombstone, type Encoder } from '../encoder.ts';
import { encodeBase64 } from './base64.ts';
import type { JsonOptions } from './json-options.ts';
import {
  writeBigDecimal,
  writeBigInt,
  writeDecimal,
  writeDouble,
  writeFloat,
  writeInteger,
} from './write-number.ts';
import { copyEscaped, copyJson } from './write-text.ts';
import {
  maxDateBytes,
  maxIntervalBytes,
  TimestampWriter,
  writeDate,
  writeInterval,
  writeTime,
} from './write-time.ts';

/**
 * Makes an encoder for some columns of a schema: one function for the schema, with the field names, separators and the way of each
 * type written out; no step of it looks at a type.
 */
export function createJsonEncoder(
  schema: Schema,
  options: JsonOptions,
  columns: readonly number[],
  part: 'value' | 'key' = 'value',
  prefix: Uint8Array = new Uint8Array(0),
): Encoder {
  const source = new EncoderSource(options, part);
  source.prefix(prefix);
  source.object(schema, columns);
  const make = new Function('rt', source.text()) as (runtime: typeof runtimeParts) => Encoder;
  return make(runtimeParts);
}

const runtimeParts = {
  copyBytes,
  copyEscaped,
  copyJson,
  encodeBase64,
  noView: new DataView(new ArrayBuffer(0)),
  TimestampWriter,
  writeBigDecimal,
  writeBigInt,
  writeDate,
  writeDecimal,
  writeDouble,
  writeFloat,
  writeInteger,
  writeInterval,
  writeTime,
};

/** A row that deletes has a key and no value; the state before an update isn't written. */
const byKind = `if (kinds !== null) {
      if (kinds[row] === ${rowKind.updateBefore}) return ${noRecord};
      if (kinds[row] === ${rowKind.delete}) return ${tombstone};
    }`;

const utf8 = new TextEncoder();

/** Bytes that a value takes at most, for types whose values have a bounded length. */
function fixedBound(type: SqlType): number {
  switch (type.kind) {
    case 'boolean':
      return 5;
    case 'integer':
      return 21;
    case 'decimal':
      return 44;
    case 'float':
      return 26;
    case 'date':
      return 2 + maxDateBytes;
    case 'time':
      return 20;
    case 'interval':
      return 2 + maxIntervalBytes;
    case 'timestamp':
      return 2 + maxDateBytes + 17;
    default:
      return 4;
  }
}

/**
 * Writes the encoder's source. Each column gets variables: c the column, n its nulls, v values, g big, d data, w view of the data,
 * s starts, e ends, p jsonPlain, o offsets; `begin` sets them.
 */
class EncoderSource {
  readonly #options: JsonOptions;
  readonly #part: 'value' | 'key';
  readonly #variables: string[] = [];
  readonly #begin: string[] = [];
  readonly #bound: string[] = [];
  readonly #encode: string[] = [];
  #columns = 0;
  /** Literal bytes not yet written out. */
  #pending = '';
  #fixed = 2;

  constructor(options: JsonOptions, part: 'value' | 'key') {
    this.#options = options;
    this.#part = part;
  }

  /** Bytes before each value. */
  prefix(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#fixed += bytes.length;
    this.#encode.push(storeBytes(bytes));
  }

  object(schema: Schema, columns: readonly number[]): void {
    if (this.#options.unstructured) {
      this.#value(schema.fields[columns[0]!]!, `batch.columns[${indexCode(columns[0]!)}]`, 'row');
      return;
    }
    this.#literal('{');
    columns.forEach((column, index) => {
      const field = schema.fields[column]!;
      this.#literal(`${index === 0 ? '' : ','}${JSON.stringify(field.name)}:`);
      this.#value(field, `batch.columns[${indexCode(column)}]`, 'row');
    });
    this.#literal('}');
  }

  text(): string {
    this.#flush();
    const parts = Object.keys(runtimeParts).join(', ');
    return `'use strict';
const { ${parts} } = rt;
let target = null, view = noView, kinds = null;
let ${[...this.#variables, 'end'].join(', ')};
return {
  begin(batch) { kinds = batch.rowKinds; ${this.#begin.join('\n')} },
  bound(row) { let size = ${integerCode(this.#fixed)}; ${this.#bound.join('\n')} return size; },
  encode(row, t, at) {
    ${this.#part === 'key' ? '' : byKind}
    if (t !== target) { target = t; view = new DataView(t.buffer, t.byteOffset, t.byteLength); }
    const tv = view;
    ${this.#encode.join('\n')}
    return at;
  },
};`;
  }

  #literal(text: string): void {
    this.#pending += text;
  }

  /** Writes out literals: four bytes a store. */
  #flush(): void {
    const bytes = utf8.encode(this.#pending);
    this.#pending = '';
    this.#fixed += bytes.length;
    if (bytes.length > 0) this.#encode.push(storeBytes(bytes));
  }

  #variable(letter: string, id: number, start = 'null'): string {
    const name = `${letter}${id}`;
    this.#variables.push(`${name} = ${start}`);
    return name;
  }

  /** `column`: an expression for the column; `row`: the variable that holds the row. */
  #value(field: Field, column: string, row: string): void {
    const id = (this.#columns += 1);
    const c = this.#variable('c', id);
    const n = this.#variable('n', id);
    this.#begin.push(`${c} = ${column}; ${n} = ${c}.nulls;`);
    this.#flush();
    this.#fixed += row === 'row' ? fixedBound(field.type) : 0;
    if (row !== 'row') this.#bound.push(`size += ${integerCode(fixedBound(field.type))};`);
    const nullText = storeBytes(utf8.encode('null'));
    if (field.type.kind === 'null') {
      this.#encode.push(nullText);
      return;
    }
    this.#encode.push(`if (${n} !== null && ${n}[${row}] === 1) { ${nullText} } else {`);
    this.#bound.push(`if (${n} === null || ${n}[${row}] !== 1) {`);
    this.#notNull(field.type, id, row);
    this.#flush();
    this.#bound.push('}');
    this.#encode.push('}');
  }

  #notNull(type: SqlType, id: number, row: string): void {
    switch (type.kind) {
      case 'null':
        return;
      case 'boolean': {
        const v = this.#variable('v', id);
        this.#begin.push(`${v} = c${id}.values;`);
        this.#encode.push(
          `if (${v}[${row}] === 1) { ${storeBytes(utf8.encode('true'))} } else { ${storeBytes(utf8.encode('false'))} }`,
        );
        return;
      }
      case 'float': {
        const v = this.#variable('v', id);
        this.#begin.push(`${v} = c${id}.values;`);
        this.#encode.push(`at = ${type.bits === 32 ? 'writeFloat' : 'writeDouble'}(t, at, ${v}[${row}]);`);
        return;
      }
      case 'integer':
      case 'decimal':
      case 'date':
      case 'time':
      case 'timestamp':
      case 'interval':
        this.#exact(type, id, row);
        return;
      case 'text':
      case 'bytes':
      case 'json':
        this.#bytes(type.kind, id, row);
        return;
      case 'struct':
        this.#struct(type.fields, id, row);
        return;
      case 'list':
        this.#elements(id, row, '[', ']', (element) => {
          this.#value(type.element, `c${id}.element`, element);
        });
        return;
      case 'map':
        this.#elements(id, row, '{', '}', (entry) => {
          this.#value(type.key, `c${id}.keys`, entry);
          this.#literal(':');
          this.#value(type.value, `c${id}.values`, entry);
        });
        return;
      default:
        unreachable(type);
    }
  }

  #exact(type: SqlType, id: number, row: string): void {
    const v = this.#variable('v', id);
    const g = this.#variable('g', id);
    this.#begin.push(`${v} = c${id}.values; ${g} = c${id}.big;`);
    const { small, big } = this.#exactWriters(type, id, `${v}[${row}]`, `${g}[${row}]`);
    this.#encode.push(`if (${g} === null) at = ${small}; else at = ${big};`);
    if (this.#inQuotes(type)) this.#encode.push('t[at] = 34; at += 1;');
  }

  #inQuotes(type: SqlType): boolean {
    return (
      type.kind === 'date' ||
      type.kind === 'time' ||
      type.kind === 'interval' ||
      (type.kind === 'timestamp' && !this.#options.timestampFormat.startsWith('unix')) ||
      (type.kind === 'decimal' && this.#options.decimalEncoding === 'string')
    );
  }

  #exactWriters(type: SqlType, id: number, value: string, big: string): { small: string; big: string } {
    if (this.#inQuotes(type)) this.#encode.push('t[at] = 34; at += 1;');
    switch (type.kind) {
      case 'decimal':
        if (type.scale === 0) break;
        return {
          small: `writeDecimal(t, at, ${value}, ${integerCode(type.scale)})`,
          big: `writeBigDecimal(t, at, ${big}, ${integerCode(type.scale)})`,
        };
      case 'date':
        return { small: `writeDate(t, at, ${value})`, big: `writeDate(t, at, Number(${big}))` };
      case 'time':
        return { small: `writeTime(t, at, ${value})`, big: `writeTime(t, at, Number(${big}))` };
      case 'interval': {
        const unit = JSON.stringify(type.unit);
        return {
          small: `writeInterval(t, at, ${value}, ${unit})`,
          big: `writeInterval(t, at, ${big}, ${unit})`,
        };
      }
      case 'timestamp':
        return this.#timestampWriters(type.zoned, id, value, big);
      default:
        break;
    }
    return { small: `writeInteger(t, at, ${value})`, big: `writeBigInt(t, at, ${big})` };
  }

  #timestampWriters(zoned: boolean, id: number, value: string, big: string): { small: string; big: string } {
    const format = this.#options.timestampFormat;
    if (format === 'unix_micros') {
      return { small: `writeInteger(t, at, ${value})`, big: `writeBigInt(t, at, ${big})` };
    }
    if (format === 'unix_millis') {
      // Towards the past, as everywhere where digits are cut off.
      return {
        small: `writeInteger(t, at, Math.floor(${value} / 1000))`,
        big: `writeBigInt(t, at, (${big} - ((${big} % 1000n) + 1000n) % 1000n) / 1000n)`,
      };
    }
    // A local timestamp is taken as UTC by RFC 3339, which has no local form.
    const suffix = format === 'rfc3339' || zoned ? 'Z' : '';
    const writer = this.#variable(
      'tw',
      id,
      `new TimestampWriter(${JSON.stringify(format === 'sql' ? ' ' : 'T')}, ${JSON.stringify(suffix)})`,
    );
    return {
      small: `${writer}.write(t, tv, at, ${value})`,
      big: `${writer}.writeBig(t, tv, at, ${big})`,
    };
  }

  #bytes(kind: 'text' | 'bytes' | 'json', id: number, row: string): void {
    const d = this.#variable('d', id);
    const s = this.#variable('s', id);
    const e = this.#variable('e', id);
    this.#begin.push(`${d} = c${id}.data; ${s} = c${id}.starts; ${e} = c${id}.ends;`);
    const length = `${e}[${row}] - ${s}[${row}]`;
    const range = `${d}, ${s}[${row}], ${e}[${row}]`;
    if (kind === 'json') {
      this.#bound.push(`size += ${length};`);
      this.#encode.push(`at = copyJson(${range}, t, at);`);
      return;
    }
    this.#encode.push('t[at] = 34; at += 1;');
    if (kind === 'bytes') {
      this.#bound.push(`size += ((${length} + 2) / 3 | 0) * 4 + 2;`);
      this.#encode.push(`at = encodeBase64(${range}, t, at);`);
    } else {
      const p = this.#variable('p', id);
      const w = this.#variable('w', id, 'noView');
      this.#begin.push(
        `${p} = c${id}.jsonPlain; if (${w}.buffer !== ${d}.buffer || ${w}.byteOffset !== ${d}.byteOffset || ${w}.byteLength !== ${d}.byteLength) ${w} = new DataView(${d}.buffer, ${d}.byteOffset, ${d}.byteLength);`,
      );
      this.#bound.push(`size += (${p} ? ${length} : (${length}) * 6) + 2;`);
      this.#encode.push(
        `if (${p}) at = copyBytes(${d}, ${w}, ${s}[${row}], ${e}[${row}], t, tv, at); else at = copyEscaped(${range}, t, at);`,
      );
    }
    this.#encode.push('t[at] = 34; at += 1;');
  }

  #struct(fields: readonly Field[], id: number, row: string): void {
    // A null struct still counts its literals in `fixed`: a bound, not a length.
    const inLoop = row !== 'row';
    if (inLoop)
      this.#bound.push(
        `size += ${integerCode(fields.reduce((sum, field) => sum + field.name.length * 6 + 4, 2))};`,
      );
    this.#literal('{');
    fields.forEach((field, index) => {
      this.#literal(`${index === 0 ? '' : ','}${JSON.stringify(field.name)}:`);
      this.#value(field, `c${id}.children[${indexCode(index)}]`, row);
    });
    this.#literal('}');
  }

  #elements(id: number, row: string, open: string, close: string, each: (index: string) => void): void {
    const o = this.#variable('o', id);
    const k = `k${id}`;
    this.#begin.push(`${o} = c${id}.offsets;`);
    const loop = `for (let ${k} = ${o}[${row}], last${id} = ${o}[${row} + 1]; ${k} < last${id}; ${k} += 1) {`;
    this.#literal(open);
    this.#flush();
    this.#encode.push(loop, `if (${k} > ${o}[${row}]) { t[at] = 44; at += 1; }`);
    this.#bound.push('size += 2;', loop, 'size += 2;');
    each(k);
    this.#flush();
    this.#encode.push('}');
    this.#bound.push('}');
    this.#literal(close);
  }
}

/** Statements that store constant bytes at `at` and move it. `tv` is the view of the target `t`. */
function storeBytes(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: string[] = [];
  let p = 0;
  for (; p + 4 <= bytes.length; p += 4)
    lines.push(`tv.setInt32(at + ${integerCode(p)}, ${integerCode(view.getInt32(p, true))}, true);`);
  if (p < bytes.length && bytes.length >= 4) {
    const last = bytes.length - 4;
    lines.push(`tv.setInt32(at + ${integerCode(last)}, ${integerCode(view.getInt32(last, true))}, true);`);
  } else
    for (; p < bytes.length; p += 1) lines.push(`t[at + ${integerCode(p)}] = ${integerCode(bytes[p]!)};`);
  lines.push(`at += ${integerCode(bytes.length)};`);
  return lines.join(' ');
}
