import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { indexCode, integerCode } from '@weir/kernel/code-number.ts';
import type { AvroType } from './avro-type.ts';
import type { Conversion, FieldStep, ReadStep, StructStep } from './read-step.ts';
import { skipAvroValue } from './skip-value.ts';
import type { ReadValue, TextColumns } from './read-value.ts';
import { makeRowReader, makeValueReader } from './value-readers.ts';

/** Values written out in the code; more of them call readers: very large functions are not optimised. */
const maxInline = 32;
/** As `maxInline`, of values that are left out. */
const maxSkips = 128;

/**
 * Source of `run(c, starts, ends, prefix, from, to, row, recordIndex)`: reads records while they hold nothing out of the way, and returns the
 * first that does, or `to`. Nothing of that one counts, but for values and null flags in its row: whoever reads it next clears the flags.
 * It may look at bytes behind a record's end, never behind the buffer's; what was read there doesn't count.
 *
 * A reader that throws leaves its record unread: `run` ends as if the record were out of the way, and who reads it again tells why.
 */
export class RowSource {
  /** `B` and `R` of the code. */
  readonly builders: ColumnBuilder[] = [];
  readonly readers: ReadValue[] = [];
  readonly #columns: readonly ColumnBuilder[];
  readonly #texts: TextColumns;
  readonly #setup: string[] = [];
  readonly #body: string[] = [];
  /** Whether readers are called on the way, which must know where the record ends. */
  #calls = false;
  #inlined = 0;
  #skips = 0;

  constructor(step: StructStep, columns: readonly ColumnBuilder[], texts: TextColumns) {
    this.#columns = columns;
    this.#texts = texts;
    for (const field of step.fields) this.#field(field);
    for (const absent of step.absent) {
      const only: StructStep = { kind: 'struct', fields: [], absent: [absent], refusal: null };
      this.#call(makeRowReader(only, columns, texts));
    }
  }

  text(): string {
    return `'use strict';
const { B, R, T, isUtf8, AvroProblem } = rt;
return function run(c, starts, ends, prefix, from, to, row, recordIndex) {
  const d = c.data, dv = c.view;
  ${this.#setup.join('\n  ')}
  let p = 0, q = 0, s = 0, x = 0, y = 0, z = 0, i = from;
  try {
    records: for (; i < to; i += 1) {
      p = starts[i] + prefix;
      const end = ends[i];
      ${this.#calls ? 'c.begin(p, end); for (const text of T) text.mark = text.length;' : ''}
      ${this.#body.join('\n      ')}
      if (p !== end) break;
      recordIndex[row] = i;
      row += 1;
    }
  } catch (problem) {
    if (!(problem instanceof AvroProblem)) throw problem;
  }
  if (i < to) for (const text of T) text.length = text.mark;
  return i;
};`;
  }

  #field(field: FieldStep): void {
    if ('skip' in field) {
      if (!this.#skip(field.skip)) this.#call((cursor) => skipAvroValue(cursor, field.skip));
      return;
    }
    const builder = this.#columns[field.target]!;
    this.#value(field.step, builder, field.name);
  }

  #value(step: ReadStep, builder: ColumnBuilder, name: string): void {
    const read = makeValueReader(step, builder, this.#texts, name);
    if (this.#inlined >= maxInline) this.#call(read);
    else if (step.kind === 'scalar' && this.#isInline(step.conversion, builder)) {
      this.#scalar(step.conversion, builder, read);
    } else if (step.kind === 'union' && !this.#nullable(step.branches, builder, name)) this.#call(read);
    else if (step.kind !== 'union') this.#call(read);
  }

  /** A union of null and one type that is written out; false for others. */
  #nullable(branches: readonly ReadStep[], builder: ColumnBuilder, name: string): boolean {
    const [first, second] = branches;
    if (branches.length !== 2 || first === undefined || second === undefined) return false;
    const nullFirst = first.kind === 'null';
    const value = nullFirst ? second : first;
    if (value.kind === 'null' || (nullFirst ? first : second).kind !== 'null') return false;
    if (value.kind !== 'scalar' || !this.#isInline(value.conversion, builder)) return false;
    const slot = this.#slot(builder);
    this.#body.push(`x = d[p]; p += 1;
      if (x === ${nullFirst ? 0 : 2}) B[${slot}].setNull(row);
      else if (x !== ${nullFirst ? 2 : 0}) break records;
      else {`);
    this.#scalar(value.conversion, builder, makeValueReader(value, builder, this.#texts, name));
    this.#body.push('}');
    return true;
  }

  /** A reader made elsewhere, in the middle of the record. */
  #call(read: ReadValue): void {
    this.#calls = true;
    const index = indexCode(this.readers.push(read) - 1);
    this.#body.push(`c.at = p; R[${index}](c, row); p = c.at;`);
  }

  #slot(builder: ColumnBuilder): string {
    const known = this.builders.indexOf(builder);
    return indexCode(known >= 0 ? known : this.builders.push(builder) - 1);
  }

  #isInline(conversion: Conversion, builder: ColumnBuilder): boolean {
    switch (conversion.to) {
      case 'exact': {
        const { times, over, unit, min, max } = conversion;
        const whole = over === 1 && times <= 1_000_000n && Number(times) % unit === 0;
        return whole && (isAll64(min, max) || (isSafe(min) && isSafe(max)));
      }
      case 'boolean':
        return true;
      case 'float':
        return conversion.from === 'double' || conversion.from === 'float';
      case 'text':
      case 'bytes':
        return !this.#texts.made.has(builder);
      default:
        return false;
    }
  }

  #scalar(conversion: Conversion, builder: ColumnBuilder, read: ReadValue): void {
    this.#inlined += 1;
    const slot = this.#slot(builder);
    switch (conversion.to) {
      case 'boolean':
        this.#values(slot);
        this.#body.push(`x = d[p]; if (x > 1) break records; v${slot}[row] = x; p += 1;`);
        return;
      case 'exact':
        this.#exact(conversion, slot, read);
        return;
      case 'float':
        this.#values(slot);
        this.#body.push(
          conversion.from === 'double'
            ? `if (p + 8 > end) break records; v${slot}[row] = dv.getFloat64(p, true); p += 8;`
            : `if (p + 4 > end) break records; v${slot}[row] = dv.getFloat32(p, true); p += 4;`,
        );
        return;
      case 'text':
        this.#slice(slot, this.#length());
        this.#body.push(checkText);
        return;
      case 'bytes':
        this.#slice(slot, conversion.size < 0 ? this.#length() : `x = ${integerCode(conversion.size)};`);
        this.#body.push('p = q;');
        return;
      default:
    }
  }

  #values(slot: string): void {
    const line = `const v${slot} = B[${slot}].column.values;`;
    if (!this.#setup.includes(line)) this.#setup.push(line);
  }

  #exact(conversion: Extract<Conversion, { to: 'exact' }>, slot: string, read: ReadValue): void {
    this.#values(slot);
    const big = `let g${slot} = B[${slot}].column.big;`;
    if (!this.#setup.includes(big)) this.#setup.push(big);
    const { times, min, max } = conversion;
    const scaled = times === 1n ? '' : `x *= ${integerCode(Number(times))};`;
    const bounds = isAll64(min, max)
      ? ''
      : `if (x < ${integerCode(Number(min))} || x > ${integerCode(Number(max))}) break records;`;
    const store = `if (g${slot} === null) v${slot}[row] = x; else g${slot}[row] = BigInt(x);`;
    if (conversion.from === 'int') {
      this.#body.push(this.#int(), scaled, bounds, store);
      return;
    }
    const index = indexCode(this.readers.push(read) - 1);
    const far =
      times === 1n
        ? 'z >= 0x4000000'
        : // A product beyond 2^53.
          `z >= ${integerCode(Math.floor(0x4000000 / Number(times)) - 1)}`;
    this.#body.push(`s = p; ${longBits}
      if (${far}) { c.at = s; c.end = end; R[${index}](c, row); p = c.at; g${slot} = B[${slot}].column.big; }
      else {
        x = z === 0 ? (x >>> 1) ^ -(x & 1) : (x & 1) === 0 ? (x >>> 1) + z * 0x8000000 : -((x >>> 1) + z * 0x8000000) - 1;
        ${scaled} ${bounds} ${store}
      }`);
  }

  /** Statements that set x to the number of 32 bits at p. */
  #int(): string {
    return `${shortBits}
      if (y >= 128) { y = d[p]; p += 1; if (y > 15) break records; x |= y << 28; }
      x = (x >>> 1) ^ -(x & 1);`;
  }

  /** Statements that set x to the length at p, of 28 bits at most. */
  #length(): string {
    return `${shortBits} if (y >= 128 || (x & 1) !== 0) break records; x >>>= 1;`;
  }

  /** `length` sets x: the slice from p to q. */
  #slice(slot: string, length: string): void {
    const line = `const s${slot} = B[${slot}].column.starts, e${slot} = B[${slot}].column.ends;`;
    if (!this.#setup.includes(line)) this.#setup.push(line);
    this.#body.push(`${length} q = p + x; if (q > end) break records; s${slot}[row] = p; e${slot}[row] = q;`);
  }

  /** False: it is too rare to be written out. */
  #skip(type: AvroType): boolean {
    const code = this.#skips < maxSkips ? this.#skipCode(type) : null;
    if (code === null) return false;
    this.#skips += 1;
    this.#body.push(code);
    return true;
  }

  #skipCode(type: AvroType): string | null {
    switch (type.kind) {
      case 'null':
        return '';
      case 'boolean':
        return 'if (d[p] > 1) break records; p += 1;';
      case 'int':
      case 'long':
        return 's = p; while (d[p] >= 128 && p < end) p += 1; p += 1; if (p - s > 10) break records;';
      case 'float':
        return 'p += 4;';
      case 'double':
        return 'p += 8;';
      case 'fixed':
        return `p += ${integerCode(type.size)};`;
      case 'string':
      case 'bytes':
        return `${this.#length()} p += x; if (p > end) break records;`;
      case 'union': {
        const [first, second] = type.branches.map((branch) => this.#skipCode(branch));
        if (type.branches.length !== 2 || typeof first !== 'string' || typeof second !== 'string')
          return null;
        return `x = d[p]; p += 1; if (x === 0) { ${first} } else if (x === 2) { ${second} } else break records;`;
      }
      default:
        return null;
    }
  }
}

/** x: the first 28 bits of a number; y >= 128: more follow. */
const shortBits = `y = d[p]; p += 1; x = y & 127;
      if (y >= 128) { y = d[p]; p += 1; x |= (y & 127) << 7;
      if (y >= 128) { y = d[p]; p += 1; x |= (y & 127) << 14;
      if (y >= 128) { y = d[p]; p += 1; x |= (y & 127) << 21; } } }`;

/** x: the first 28 bits of a number, z: the next 28; a longer one has all of z set. */
const longBits = `z = 0; ${shortBits}
      if (y >= 128) { y = d[p]; p += 1; z = y & 127;
      if (y >= 128) { y = d[p]; p += 1; z |= (y & 127) << 7;
      if (y >= 128) { y = d[p]; p += 1; z |= (y & 127) << 14;
      if (y >= 128) { y = d[p]; p += 1; z |= (y & 127) << 21; if (y >= 128) z = 0xfffffff; } } } }`;

/** The bytes from p to q, x of them, are UTF-8: mostly ASCII, eight bytes a step and the last eight again. Sets p to q. */
const checkText = `z = 0;
      if (x >= 8) {
        for (y = q - 8; p < y; p += 8) z |= dv.getInt32(p, true) | dv.getInt32(p + 4, true);
        z |= dv.getInt32(y, true) | dv.getInt32(y + 4, true);
      } else for (; p < q; p += 1) z |= d[p];
      if ((z & 0x80808080) !== 0 && !isUtf8(d, dv, q - x, q)) break records;
      p = q;`;

function isAll64(min: bigint, max: bigint): boolean {
  return min === -(1n << 63n) && max === (1n << 63n) - 1n;
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER);
}
