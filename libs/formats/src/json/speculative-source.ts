import { integerCode } from '@weir/kernel/code-number.ts';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import type { JsonOptions } from './json-options.ts';
import { integerRange } from './number-readers.ts';
import type { ObjectShape, ShapeValue } from './record-shape.ts';

/** What the generated code finds in its runtime object; `R` readers and `B` builders stand in the order of `readerPaths`. */
const runtimeNames = ['R', 'B', 'skipValue', 'closingQuote', 'scanSecond'] as const;

/** Shapes with more values call readers instead of having each scanner written out: very large functions are not optimised. */
const maxInline = 32;

/**
 * Source of `run(s, starts, ends, shift, from, to, row, recordIndex)`: reads records while they look like `shape`, returns the first that doesn't.
 * A record that doesn't may have left values and null flags in its row: whoever reads it next clears the flags.
 *
 * A path of field indexes names a column; `paths` collects those whose reader and builder the code uses.
 */
export class SpeculativeSource {
  readonly paths: number[][] = [];
  readonly #options: JsonOptions;
  readonly #setup: string[] = [];
  readonly #body: string[] = [];
  readonly #inline: boolean;
  readonly #last: number;
  #labels = 0;

  constructor(shape: ObjectShape, fields: readonly Field[], options: JsonOptions) {
    this.#options = options;
    this.#inline = countValues(shape) <= maxInline;
    this.#last = shape.tail.charCodeAt(shape.tail.length - 1);
    this.#object(shape, fields, [], 1);
  }

  text(): string {
    return `'use strict';
const { ${runtimeNames.join(', ')} } = rt;
return function run(s, starts, ends, shift, from, to, row, recordIndex) {
  const d = s.data, dv = s.view;
  ${this.#setup.join('\n  ')}
  let p = 0, q = 0, x = 0, y = 0, z = 0, c = 0, tail = s.tail;
  let i = from;
  for (; i < to; i += 1) {
    tail = s.tail;
    if (starts[i] < 0) break;
    p = starts[i] - shift;
    const end = ends[i] - shift, wordEnd = end - 3;
    // The last byte (a brace or white space) stops every loop over digits.
    if (end <= p || d[end - 1] !== ${integerCode(this.#last)}) break;
    s.end = end;
    ${this.#body.join('\n    ')}
    if (p !== end) break;
    recordIndex[row] = i;
    row += 1;
  }
  // What the record that wasn't read to its end wrote to the tail is given back.
  if (i < to) s.tail = tail;
  return i;
};`;
  }

  #object(shape: ObjectShape, fields: readonly Field[], path: readonly number[], depth: number): void {
    for (const value of shape.values) {
      this.#literal(value.before);
      const field = fields[value.field];
      if (field === undefined) this.#skip(value, depth);
      else this.#value(value, field, [...path, value.field], depth);
    }
    this.#literal(shape.tail);
    fields.forEach((_, index) => {
      if (shape.values.some((value) => value.field === index)) return;
      this.#body.push(`B[${this.#slot([...path, index])}].setNull(row);`);
    });
  }

  #slot(path: readonly number[]): number {
    this.paths.push([...path]);
    return this.paths.length - 1;
  }

  #literal(text: string): void {
    const bytes = Buffer.from(text, 'latin1');
    const tests = [`p + ${integerCode(bytes.length)} > end`];
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) {
      tests.push(
        `dv.getInt32(${at === 0 ? 'p' : `p + ${integerCode(at)}`}, true) !== ${integerCode(bytes.readInt32LE(at))}`,
      );
    }
    if (at < bytes.length && bytes.length >= 4) {
      const last = bytes.length - 4;
      tests.push(`dv.getInt32(p + ${integerCode(last)}, true) !== ${integerCode(bytes.readInt32LE(last))}`);
    } else
      for (; at < bytes.length; at += 1)
        tests.push(`d[p + ${integerCode(at)}] !== ${integerCode(bytes[at]!)}`);
    this.#body.push(`if (${tests.join(' || ')}) break;`, `p += ${integerCode(bytes.length)};`);
  }

  #skip(value: ShapeValue, depth: number): void {
    const slow = `p = skipValue(s, p, ${integerCode(depth)}); if (p < 0) break;`;
    if (!value.quoted || !this.#inline) {
      this.#body.push(slow);
      return;
    }
    this.#body.push(
      `if (d[p] === 34) {`,
      this.#findQuote(),
      `if (d[q] !== 34) { q = closingQuote(s, q); if (q < 0) break; }`,
      `p = q + 1; } else { ${slow} }`,
    );
  }

  /** Statements that set q (from p at the opening quote) to the closing quote or to the first byte that is no plain ASCII; q may reach end. */
  #findQuote(): string {
    const label = `f${(this.#labels += 1)}`;
    return `q = p + 1;
      ${label}: {
        while (q < wordEnd) {
          x = dv.getInt32(q, true);
          x = (((x ^ 0x22222222) - 0x01010101) | ((x ^ 0x5c5c5c5c) - 0x01010101) | (x - 0x20202020) | x) & 0x80808080;
          if (x !== 0) { q += (31 - Math.clz32(x & -x)) >> 3; break ${label}; }
          q += 4;
        }
        while (q < end && (c = d[q]) !== 34 && c !== 92 && c >= 32 && c < 128) q += 1;
        if (q >= end) q = end - 1;
      }`;
  }

  #value(value: ShapeValue, field: Field, path: number[], depth: number): void {
    const slot = this.#slot(path);
    const { type } = field;
    const read = `p = R[${slot}].read(s, p, row); if (p < 0) break;`;
    if (value.nested !== null && type.kind === 'struct') {
      this.#struct(value.nested, type.fields, path, depth, read);
      return;
    }
    if (!this.#inline) this.#body.push(read);
    else if (type.kind === 'text') this.#text(slot, read);
    else if (type.kind === 'integer') this.#integer(slot, type, 1, read);
    else if (type.kind === 'timestamp') this.#timestamp(slot, type.precision, read);
    else this.#body.push(read);
  }

  /** Whatever is wrong inside the object leaves the record's loop: a nested block needs no label of its own. */
  #struct(
    shape: ObjectShape,
    fields: readonly Field[],
    path: readonly number[],
    depth: number,
    read: string,
  ): void {
    this.#body.push(`if (d[p] !== 123) { ${read} } else {`);
    this.#object(shape, fields, path, depth + 1);
    this.#body.push('}');
  }

  #text(slot: number, read: string): void {
    this.#setup.push(`const s${slot} = B[${slot}].column.starts, e${slot} = B[${slot}].column.ends;`);
    this.#body.push(
      `if (d[p] === 34) {`,
      this.#findQuote(),
      `if (d[q] !== 34) { q = closingQuote(s, q); if (q < 0) break; if (s.escaped) q = -1; }`,
      `if (q >= 0) { s${slot}[row] = p + 1; e${slot}[row] = q; p = q + 1; } else { ${read} }`,
      `} else { ${read} }`,
    );
  }

  /** Scans up to 15 digits: x holds up to nine, z all of them. q ends behind them, or is -1. */
  #digits(): string {
    return `q = -1;
      x = d[p] - 48;
      if (x >= 0 && x <= 9) {
        q = p + 1;
        y = d[q] - 48;
        if (x !== 0) while (y >= 0 && y <= 9 && q - p < 9) { x = (Math.imul(x, 10) + y) | 0; q += 1; y = d[q] - 48; }
        z = x;
        if (x !== 0 && y >= 0 && y <= 9) {
          while (y >= 0 && y <= 9 && q - p < 15) { z = z * 10 + y; q += 1; y = d[q] - 48; }
        }
        if ((y >= 0 && y <= 9) || y === -2 || y === 21 || y === 53) q = -1;
      }`;
  }

  #integer(slot: number, type: Extract<SqlType, { kind: 'integer' }>, factor: number, read: string): void {
    const max = Number(integerRange(type.bits, type.signed).max);
    this.#storeDigits(slot, type.bits === 64 ? null : max, factor, read);
  }

  #storeDigits(slot: number, max: number | null, factor: number, read: string): void {
    this.#setup.push(`const v${slot} = B[${slot}].column.values; let g${slot} = B[${slot}].column.big;`);
    const range = max === null ? '' : ` && z <= ${integerCode(max)}`;
    const value = factor === 1 ? 'z' : `z * ${integerCode(factor)}`;
    this.#body.push(
      this.#digits(),
      `if (q >= 0${range} && g${slot} === null) { v${slot}[row] = ${value}; p = q; }`,
      `else { ${read} g${slot} = B[${slot}].column.big; }`,
    );
  }

  #timestamp(slot: number, precision: number, read: string): void {
    const format = this.#options.timestampFormat;
    if (format === 'unix_micros' || format === 'unix_millis') {
      const factor = format === 'unix_millis' ? 1000 : 1;
      if (precision < (factor === 1 ? 6 : 3)) this.#body.push(read);
      else this.#storeDigits(slot, Math.floor(Number.MAX_SAFE_INTEGER / factor), factor, read);
      return;
    }
    const step = 10 ** (6 - Math.min(6, precision));
    this.#setup.push(
      `const v${slot} = B[${slot}].column.values; let g${slot} = B[${slot}].column.big;`,
      `let ta${slot} = 0, tb${slot} = 0, tc${slot} = 0, td${slot} = 0, te${slot} = 0, tz${slot} = 0;`,
    );
    this.#body.push(`q = -1;
      if (d[p] === 34 && p + 21 < end && g${slot} === null) {
        if (dv.getInt32(p + 16, true) === te${slot} && dv.getInt32(p + 13, true) === td${slot} && dv.getInt32(p + 9, true) === tc${slot} && dv.getInt32(p + 5, true) === tb${slot} && dv.getInt32(p + 1, true) === ta${slot}) q = p + 20;
        else if (scanSecond(s, p + 1)) {
          tz${slot} = s.time.days * 86400000000 + s.time.microsOfDay;
          ta${slot} = dv.getInt32(p + 1, true); tb${slot} = dv.getInt32(p + 5, true); tc${slot} = dv.getInt32(p + 9, true); td${slot} = dv.getInt32(p + 13, true); te${slot} = dv.getInt32(p + 16, true);
          q = p + 20;
        }
        if (q >= 0) {
          z = 0;
          if (d[q] === 46) {
            q += 1; x = q; z = 100000; c = 0; y = d[q] - 48;
            while (y >= 0 && y <= 9 && z >= 1) { c += y * z; z = (z / 10) | 0; q += 1; y = d[q] - 48; }
            z = c;
            if (q === x) q = end - 1;
          }
          if (d[q] === 90) q += 1;
          if (d[q] === 34) { v${slot}[row] = tz${slot} + ${step === 1 ? 'z' : `(z - z % ${integerCode(step)})`}; p = q + 1; }
          else q = -1;
        }
      }
      if (q < 0) { ${read} g${slot} = B[${slot}].column.big; }`);
  }
}

function countValues(shape: ObjectShape): number {
  return shape.values.reduce(
    (sum, value) => sum + (value.nested === null ? 1 : countValues(value.nested)),
    0,
  );
}
