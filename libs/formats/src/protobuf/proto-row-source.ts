import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { indexCode, integerCode } from '@weir/kernel/code-number.ts';
import { fieldReaders, type FieldReaders, type TextBuffers } from './proto-readers.ts';
import { isPackable, wireOf } from './message-slots.ts';
import type { MessageStep, ProtoFieldStep, ProtoStep } from './proto-step.ts';
import type { ProtoField, ProtoScalar } from './proto-type.ts';
import type { ReadAt, ReadChain } from './read-chain.ts';
import { wireType } from './wire-type.ts';

/** Values written out in the code; more of them call readers: very large functions are not optimised. */
const maxInline = 32;
/** As `maxInline`, of values that are left out. */
const maxSkips = 128;
/** Messages in messages written out. */
const maxNesting = 4;

/**
 * Source of `run(c, starts, ends, prefix, from, to, row, recordIndex)`: reads records whose fields stand in the order of their numbers, as
 * writers put them, and returns the first that is otherwise, or `to`. Nothing of that one counts, but for values and null flags in its row:
 * whoever reads it next clears the flags. It may look at bytes behind a record's end, never behind the buffer's; what was read there
 * doesn't count. Fields behind the last that is known are left out.
 */
export class ProtoRowSource {
  readonly builders: ColumnBuilder[] = [];
  /** `R`: of values at the cursor; `C`: of chains; `A`: of fields that aren't there. */
  readonly readers: ReadAt[] = [];
  readonly chains: ReadChain[] = [];
  readonly absents: ReadAt[] = [];
  readonly #texts: TextBuffers;
  readonly #setup: string[] = [];
  readonly #body: string[] = [];
  #calls = false;
  #inlined = 0;
  #skips = 0;
  #names = 0;

  constructor(step: MessageStep, columns: readonly ColumnBuilder[], texts: TextBuffers) {
    this.#texts = texts;
    this.#message(step, columns, 'end', 0);
  }

  text(): string {
    return `'use strict';
const { B, R, C, A, T, isUtf8, AvroProblem } = rt;
return function run(c, starts, ends, prefix, from, to, row, recordIndex) {
  const d = c.data, dv = c.view;
  ${this.#setup.join('\n  ')}
  let p = 0, q = 0, s = 0, x = 0, y = 0, z = 0, w = 0, i = from;
  try {
    records: for (; i < to; i += 1) {
      p = starts[i] + prefix;
      const end = ends[i];
      ${this.#calls ? 'c.begin(p, end); for (const text of T) text.mark = text.length;' : ''}
      ${this.#body.join('\n      ')}
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

  /** Fields from `p` to `end`, a variable. */
  #message(step: MessageStep, columns: readonly ColumnBuilder[], end: string, nesting: number): void {
    const oneofs = new Map<string, string>();
    for (const field of step.fields) {
      const { oneof } = field.field;
      if (oneof !== undefined && !oneofs.has(oneof)) {
        const name = this.#name('o');
        oneofs.set(oneof, name);
        this.#body.push(`let ${name} = false;`);
      }
      this.#field(field, columns, end, nesting, oneof === undefined ? undefined : oneofs.get(oneof));
    }
    for (const { target, refusal } of step.absent) {
      this.#body.push(
        refusal === null ? `B[${this.#slot(columns[target]!)}].setNull(row);` : 'break records;',
      );
    }
    const known = Math.max(0, ...step.fields.map(({ field }) => field.number));
    this.#body.push(`if (p > ${end}) break records;
      if (p < ${end}) { p = c.skipNewer(p, ${end}, ${integerCode(known)}); if (p < 0) break records; }`);
  }

  #field(
    step: ProtoFieldStep,
    columns: readonly ColumnBuilder[],
    end: string,
    nesting: number,
    oneof: string | undefined,
  ): void {
    const { field, into } = step;
    const wire = field.group
      ? wireType.group
      : isPackable(field) && field.packed
        ? wireType.sized
        : wireOf(field);
    const tag = tagBytes(field.number, wire);
    const is = tag
      .map((byte, at) => `d[p${at === 0 ? '' : ` + ${at}`}] === ${integerCode(byte)}`)
      .join(' && ');
    const behind = `p += ${integerCode(tag.length)};`;
    // A second member of a oneof: the last one counts, which the readers know about.
    const once = oneof === undefined ? '' : `if (${oneof}) break records; ${oneof} = true;`;
    if (into === null) {
      const loop = field.label === 'single' ? `if (${is})` : `while (p < ${end} && ${is})`;
      this.#body.push(`${loop} { ${behind} ${once} ${this.#skip(wire, field.number, end)} }`);
      return;
    }
    const builder = columns[into.target]!;
    const readers = fieldReaders(step, columns, this.#texts);
    this.#body.push(`if (${is}) { ${once}`);
    if (field.label === 'single' && wire !== wireType.group && this.#isInline(into.step, builder, nesting)) {
      this.#body.push(behind);
      this.#inline(into.step, builder, end, readers, nesting);
    } else if (readers.single !== null && field.label === 'single' && wire !== wireType.group) {
      this.#body.push(behind);
      this.#call(readers.single, wire, end);
    } else {
      this.#calls = true;
      const chain = indexCode(this.chains.push(readers.chain) - 1);
      this.#body.push(`c.beginChain();
        do {
          c.at = p + ${integerCode(tag.length)}; c.end = ${end};
          c.chain(${integerCode(wire)}, ${integerCode(field.number)}); p = c.at;
        } while (p < ${end} && ${is});
        C[${chain}](c, c.chainHead, row);`);
    }
    this.#body.push('} else {');
    this.#absent(field, into, builder, readers);
    this.#body.push('}');
  }

  #absent(
    field: ProtoField,
    { missing, step }: NonNullable<ProtoFieldStep['into']>,
    builder: ColumnBuilder,
    readers: FieldReaders,
  ): void {
    const slot = this.#slot(builder);
    if (missing !== null) this.#body.push('break records;');
    else if (field.presence) this.#body.push(`B[${slot}].setNull(row);`);
    else if (step.kind === 'exact') {
      this.#integers(slot);
      this.#body.push(`if (g${slot} === null) v${slot}[row] = 0; else g${slot}[row] = 0n;`);
    } else if (step.kind === 'boolean' || step.kind === 'float') {
      this.#values(slot);
      this.#body.push(`v${slot}[row] = 0;`);
    } else if (step.kind === 'slice') {
      this.#slices(slot);
      this.#body.push(`s${slot}[row] = 0; e${slot}[row] = 0;`);
    } else {
      this.#calls = true;
      this.#body.push(`A[${indexCode(this.absents.push(readers.absent) - 1)}](c, row);`);
    }
  }

  /** A value at the cursor, whose bytes a length or its own form bounds. */
  #call(read: ReadAt, wire: number, end: string): void {
    this.#calls = true;
    const index = indexCode(this.readers.push(read) - 1);
    if (wire === wireType.sized)
      this.#body.push(
        `${length} q = p + x; if (q > ${end}) break records; c.at = p; c.end = q; R[${index}](c, row); p = q;`,
      );
    else this.#body.push(`c.at = p; c.end = ${end}; R[${index}](c, row); p = c.at;`);
  }

  #isInline(step: ProtoStep, builder: ColumnBuilder, nesting: number): boolean {
    if (this.#inlined >= maxInline) return false;
    switch (step.kind) {
      case 'exact': {
        const { times, over, unit } = step.conversion;
        return over === 1 && times <= 1_000_000n && Number(times) % unit === 0;
      }
      case 'slice':
        return !this.#texts.made.has(builder);
      case 'struct':
        return nesting < maxNesting;
      case 'boolean':
      case 'timestamp':
        return true;
      case 'float':
        return step.scalar === 'double' || step.scalar === 'float';
      default:
        return false;
    }
  }

  #inline(
    step: ProtoStep,
    builder: ColumnBuilder,
    end: string,
    readers: FieldReaders,
    nesting: number,
  ): void {
    this.#inlined += 1;
    const slot = this.#slot(builder);
    switch (step.kind) {
      case 'boolean':
        this.#values(slot);
        this.#body.push(`x = d[p]; if (x > 1) break records; v${slot}[row] = x; p += 1;`);
        return;
      case 'float': {
        const [bytes, read] = step.scalar === 'double' ? [8, 'getFloat64'] : [4, 'getFloat32'];
        this.#values(slot);
        this.#body.push(
          `if (p + ${bytes} > ${end}) break records; v${slot}[row] = dv.${read}(p, true); p += ${bytes};`,
        );
        return;
      }
      case 'slice':
        this.#slices(slot);
        this.#body.push(
          `${length} q = p + x; if (q > ${end}) break records; s${slot}[row] = p; e${slot}[row] = q;`,
          step.isText ? checkText : 'p = q;',
        );
        return;
      case 'exact':
        this.#exact(step, slot, end, readers);
        return;
      case 'timestamp':
        this.#integers(slot);
        this.#body.push(timestamp(end), cutTo(step.unit), store(slot));
        return;
      case 'struct': {
        const inside = this.#name('e');
        this.#body.push(`${length} const ${inside} = p + x; if (${inside} > ${end}) break records;`);
        this.#message(step.message, builder.children, inside, nesting + 1);
        return;
      }
      default:
    }
  }

  #exact(
    { scalar, conversion }: Extract<ProtoStep, { kind: 'exact' }>,
    slot: string,
    end: string,
    readers: FieldReaders,
  ): void {
    this.#integers(slot);
    const { code, far } = numberCode(scalar, end);
    const { min, max } = conversion;
    const times = Number(conversion.times);
    const bounds = [
      min > -maxSafe ? `w < ${integerCode(Number(min))}` : '',
      max < maxSafe ? `w > ${integerCode(Number(max))}` : '',
    ].filter((each) => each !== '');
    const limit = Math.floor(Number.MAX_SAFE_INTEGER / times);
    const tooFar = times === 1 ? [] : [`w > ${integerCode(limit)}`, `w < ${integerCode(-limit)}`];
    const calls = [...(far === '' ? [] : [far]), ...tooFar];
    const put = `${times === 1 ? '' : `w *= ${integerCode(times)};`}
        ${bounds.length === 0 ? '' : `if (${bounds.join(' || ')}) break records;`} ${store(slot)}`;
    this.#body.push(`s = p; ${code}`);
    if (calls.length === 0 || readers.single === null) {
      this.#body.push(put);
      return;
    }
    const index = indexCode(this.readers.push(readers.single) - 1);
    this.#body.push(`if (${calls.join(' || ')}) {
        c.at = s; c.end = ${end}; R[${index}](c, row); p = c.at; g${slot} = B[${slot}].column.big;
      } else { ${put} }`);
  }

  #skip(wire: number, number: number, end: string): string {
    this.#skips += 1;
    if (this.#skips > maxSkips || wire === wireType.group) {
      this.#calls = true;
      return `c.at = p; c.end = ${end}; c.skipValue(${integerCode(wire)}, ${integerCode(number)}); p = c.at;`;
    }
    if (wire === wireType.varint)
      return `s = p; while (d[p] >= 128 && p < ${end}) p += 1; p += 1; if (p - s > 10) break records;`;
    if (wire === wireType.sized) return `${length} p += x; if (p > ${end}) break records;`;
    return `p += ${wire === wireType.fixed64 ? 8 : 4};`;
  }

  #slot(builder: ColumnBuilder): string {
    const known = this.builders.indexOf(builder);
    return indexCode(known >= 0 ? known : this.builders.push(builder) - 1);
  }

  #values(slot: string): void {
    this.#set(`const v${slot} = B[${slot}].column.values;`);
  }

  #integers(slot: string): void {
    this.#values(slot);
    this.#set(`let g${slot} = B[${slot}].column.big;`);
  }

  #slices(slot: string): void {
    this.#set(`const s${slot} = B[${slot}].column.starts, e${slot} = B[${slot}].column.ends;`);
  }

  #set(line: string): void {
    if (!this.#setup.includes(line)) this.#setup.push(line);
  }

  #name(letter: string): string {
    this.#names += 1;
    return `${letter}_${this.#names}`;
  }
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

function tagBytes(number: number, wire: number): number[] {
  const bytes: number[] = [];
  let left = number * 8 + wire;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return [...bytes, left];
}

function store(slot: string): string {
  return `if (g${slot} === null) v${slot}[row] = w; else g${slot}[row] = BigInt(w);`;
}

/** Statements that set w to the number at p, unless the expression `far` holds then: a reader reads it. */
function numberCode(scalar: ProtoScalar, end: string): { readonly code: string; readonly far: string } {
  switch (scalar) {
    case 'int32':
      return { code: `${bits32} w = x | 0;`, far: 'y >= 128' };
    case 'uint32':
      return { code: `${bits32} w = x >>> 0;`, far: 'y >= 128' };
    case 'sint32':
      return { code: `${bits32} w = (x >>> 1) ^ -(x & 1);`, far: 'y >= 128' };
    case 'sint64':
      return {
        code: `${longBits} w = z === 0 ? (x >>> 1) ^ -(x & 1)
          : (x & 1) === 0 ? (x >>> 1) + z * 0x8000000 : -((x >>> 1) + z * 0x8000000) - 1;`,
        far: 'z >= 0x4000000',
      };
    case 'fixed32':
      return { code: `if (p + 4 > ${end}) break records; w = dv.getUint32(p, true); p += 4;`, far: '' };
    case 'sfixed32':
      return { code: `if (p + 4 > ${end}) break records; w = dv.getInt32(p, true); p += 4;`, far: '' };
    case 'fixed64':
    case 'sfixed64':
      return {
        code: `if (p + 8 > ${end}) break records; z = dv.getInt32(p + 4, true); w = z * 0x100000000 + dv.getUint32(p, true); p += 8;`,
        far: `z >= 0x200000 || z < ${scalar === 'fixed64' ? '0' : '-0x1fffff'}`,
      };
    default:
      return { code: `${longBits} w = x + z * 0x10000000;`, far: 'z >= 0x2000000' };
  }
}

/** x: the first 28 bits of a number; y >= 128: more follow. */
const shortBits = `y = d[p]; p += 1; x = y & 127;
      if (y >= 128) { y = d[p]; p += 1; x |= (y & 127) << 7;
      if (y >= 128) { y = d[p]; p += 1; x |= (y & 127) << 14;
      if (y >= 128) { y = d[p]; p += 1; x |= (y & 127) << 21; } } }`;

/** x: the first 32 bits of a number; y >= 128: more follow. */
const bits32 = `${shortBits} if (y >= 128) { y = d[p]; p += 1; x |= y << 28; }`;

/** x: the first 28 bits of a number, z: the next 28; a longer one has all of z set. */
const longBits = `z = 0; ${shortBits}
      if (y >= 128) { y = d[p]; p += 1; z = y & 127;
      if (y >= 128) { y = d[p]; p += 1; z |= (y & 127) << 7;
      if (y >= 128) { y = d[p]; p += 1; z |= (y & 127) << 14;
      if (y >= 128) { y = d[p]; p += 1; z |= (y & 127) << 21; if (y >= 128) z = 0xfffffff; } } } }`;

/** x: the length at p, of 28 bits at most. */
const length = `${shortBits} if (y >= 128) break records;`;

/** The bytes from p to q, x of them, are UTF-8: mostly ASCII, eight bytes a step and the last eight again. Sets p to q. */
const checkText = `z = 0;
      if (x >= 8) {
        for (y = q - 8; p < y; p += 8) z |= dv.getInt32(p, true) | dv.getInt32(p + 4, true);
        z |= dv.getInt32(y, true) | dv.getInt32(y + 4, true);
      } else for (; p < q; p += 1) z |= d[p];
      if ((z & 0x80808080) !== 0 && !isUtf8(d, dv, q - x, q)) break records;
      p = q;`;

/** Sets w to the microseconds of a Timestamp since 1970; others than of the next centuries are left to the readers. */
function timestamp(end: string): string {
  return `x = d[p]; p += 1; q = p + x; if (x >= 128 || q > ${end}) break records;
      w = 0;
      if (p < q && d[p] === 8) { p += 1; ${longBits} w = x + z * 0x10000000; if (w > 9000000000) break records; w *= 1000000; }
      if (p < q && d[p] === 16) {
        p += 1; ${bits32}
        if (y >= 128 || x < 0 || x >= 1000000000) break records;
        w += x / 1000 | 0;
      }
      if (p !== q) break records;`;
}

function cutTo(unit: number): string {
  return unit === 1 ? '' : `w -= w % ${integerCode(unit)};`;
}
