import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { JsonOptions } from './json-options.ts';
import { makeReader } from './make-reader.ts';
import { learnShape, type KnownShapes, type ObjectShape } from './record-shape.ts';
import type { ScanBuffer } from './scan-buffer.ts';
import { closingQuote } from './scan-string.ts';
import { scanSecond } from './scan-time.ts';
import { skipValue } from './scan-value.ts';
import { SpeculativeSource } from './speculative-source.ts';
import type { ValueReader } from './value-reader.ts';

type Run = (
  s: ScanBuffer,
  starts: Int32Array,
  ends: Int32Array,
  shift: number,
  from: number,
  to: number,
  row: number,
  recordIndex: Int32Array,
) => number;

/** Looks that code is made for, at most; a topic that has more of them is read by the readers for any order. */
const maxLooks = 8;

/**
 * Reads records that look like the last ones did, by code made for that look. It learns from records that it could not read: when too many of the
 * latest had to be read otherwise, it learns the look of the one at hand, too.
 */
export class SpeculativeReader {
  readonly #fields: readonly Field[];
  readonly #builders: readonly ColumnBuilder[];
  readonly #options: JsonOptions;
  readonly #known: KnownShapes = new Map();
  readonly #made = new Set<string>();
  /** Code for each look, and which of them read the latest records. */
  readonly #runs: Run[] = [];
  #current = 0;
  /** Records read otherwise, less a quarter of those read here, never below 0; learning begins above the threshold, which grows with each time. */
  #misses = 0;
  #threshold = 0;

  constructor(fields: readonly Field[], builders: readonly ColumnBuilder[], options: JsonOptions) {
    this.#fields = fields;
    this.#builders = builders;
    this.#options = options;
  }

  get ready(): boolean {
    return this.#runs.length > 0;
  }

  /** Reads records from `from` on; returns the first that it could not read, or `to`. */
  run(
    scan: ScanBuffer,
    starts: Int32Array,
    ends: Int32Array,
    shift: number,
    from: number,
    to: number,
    into: BatchBuilder,
  ): number {
    let record = from;
    let row = into.rowCount;
    let failed = 0;
    while (record < to && failed < this.#runs.length) {
      const run = this.#runs[this.#current];
      assert(run !== undefined, 'a look was learned');
      const next = run(scan, starts, ends, shift, record, to, row, into.recordIndex);
      failed = next > record ? 0 : failed;
      row += next - record;
      record = next;
      if (record === to) break;
      // Another look may fit, from a row without flags of this one; a look that has just read records isn't tried again.
      failed += 1;
      if (this.#runs.length === 1) break;
      for (const builder of this.#builders) builder.undo(row, row + 1);
      this.#current = (this.#current + 1) % this.#runs.length;
    }
    this.#misses = Math.max(0, this.#misses - (record - from) / 4);
    return record;
  }

  /** The record from `start` to `scan.end` is good but was read otherwise. */
  sawSlow(scan: ScanBuffer, start: number): void {
    this.#misses += 1;
    if (this.#misses <= this.#threshold) return;
    this.#misses = 0;
    this.#threshold = Math.min(1 << 20, this.#threshold * 2 + 8);
    const learned = learnShape(scan, start, this.#fields, this.#known, '$');
    if (learned === null) return;
    // White space behind the object belongs to the look, too.
    const rest = Buffer.from(scan.data.buffer, scan.data.byteOffset + learned.end, scan.end - learned.end);
    const shape = { ...learned.shape, tail: learned.shape.tail + rest.toString('latin1') };
    if (!this.#complete(shape, this.#fields)) return;
    const key = JSON.stringify(shape);
    if (this.#made.has(key) || this.#runs.length >= maxLooks) return;
    this.#made.add(key);
    this.#runs.push(this.#make(shape));
    this.#current = this.#runs.length - 1;
  }

  /** Fields that this look leaves out may be NULL: else records of it are errors. */
  #complete(shape: ObjectShape, fields: readonly Field[]): boolean {
    return fields.every((field, index) => {
      const value = shape.values.find((candidate) => candidate.field === index);
      if (value === undefined) return field.nullable || field.type.kind === 'null';
      return value.nested === null || field.type.kind !== 'struct'
        ? true
        : this.#complete(value.nested, field.type.fields);
    });
  }

  #make(shape: ObjectShape): Run {
    const source = new SpeculativeSource(shape, this.#fields, this.#options);
    const readers: ValueReader[] = [];
    const builders: ColumnBuilder[] = [];
    for (const path of source.paths) {
      const { builder, field } = this.#resolve(path);
      builders.push(builder);
      readers.push(makeReader(builder, field, this.#options, path.length));
    }
    const make = new Function('rt', source.text()) as (runtime: object) => Run;
    return make({ R: readers, B: builders, skipValue, closingQuote, scanSecond });
  }

  #resolve(path: readonly number[]): { builder: ColumnBuilder; field: Field } {
    let fields = this.#fields;
    let builders = this.#builders;
    let found: { builder: ColumnBuilder; field: Field } | null = null;
    for (const index of path) {
      const field = fields[index];
      const builder = builders[index];
      assert(field !== undefined && builder !== undefined, 'a path leads to a column');
      found = { builder, field };
      builders = builder.children;
      fields = field.type.kind === 'struct' ? field.type.fields : [];
    }
    assert(found !== null, 'a path is not empty');
    return found;
  }
}
