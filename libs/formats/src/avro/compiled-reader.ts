import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import { AvroProblem, isUtf8, type AvroCursor } from './avro-cursor.ts';
import type { OwnText } from './own-text.ts';
import type { ReadStep } from './read-step.ts';
import { RowSource } from './row-source.ts';
import type { ReadValue } from './read-value.ts';
import { madeColumns, makeRowReader } from './value-readers.ts';

type Run = (
  cursor: AvroCursor,
  starts: Int32Array,
  ends: Int32Array,
  prefix: number,
  from: number,
  to: number,
  row: number,
  recordIndex: Int32Array,
) => number;

/** The reader of one writer's schema, for the columns of one builder. */
export class CompiledReader {
  /** Columns whose values it appends to their own buffers. */
  readonly made: readonly OwnText[];
  /** Those whose values are slices of the records. */
  readonly sliced: readonly OwnText[];
  /** Any record, explaining what is wrong with it. */
  readonly read: ReadValue;
  readonly #run: Run | null;
  readonly #builders: readonly ColumnBuilder[];

  constructor(step: ReadStep, builders: readonly ColumnBuilder[], own: ReadonlyMap<ColumnBuilder, OwnText>) {
    const texts = { own, made: madeColumns(step, builders) };
    this.made = [...own.values()].filter(({ builder }) => texts.made.has(builder));
    this.sliced = [...own.values()].filter(({ builder }) => !texts.made.has(builder));
    this.read = makeRowReader(step, builders, texts);
    this.#builders = builders;
    this.#run = null;
    if (step.kind !== 'struct' || step.refusal !== null) return;
    const source = new RowSource(step, builders, texts);
    const make = new Function('rt', source.text()) as (runtime: object) => Run;
    this.#run = make({ B: source.builders, R: source.readers, T: this.made, isUtf8, AvroProblem });
  }

  /** Reads records by generated code, from `from` on. @returns the first that it couldn't read, or `to` */
  run(
    cursor: AvroCursor,
    starts: Int32Array,
    ends: Int32Array,
    prefix: number,
    from: number,
    to: number,
    into: BatchBuilder,
  ): number {
    if (this.#run === null) return from;
    const next = this.#run(cursor, starts, ends, prefix, from, to, into.rowCount, into.recordIndex);
    assert(next >= from, 'records are read in order');
    into.rowCount += next - from;
    return next;
  }

  /** Before rows `rows` on are read. */
  begin(records: Uint8Array, rows: number): void {
    for (const text of this.made) text.activate(records, rows);
  }

  /** After rows from .. to - 1 were read. */
  end(records: Uint8Array, from: number, to: number): void {
    for (const text of this.sliced) text.adopt(records, from, to);
  }

  /** Forgets what was written of a row. */
  undo(row: number): void {
    for (const builder of this.#builders) builder.undo(row, row + 1);
  }
}
