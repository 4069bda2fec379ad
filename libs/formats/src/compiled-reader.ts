import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { OwnText } from './avro/own-text.ts';

/**
 * Reads records from .. to - 1, whose bytes begin so many bytes behind `starts`, into rows from `row` on, while they hold nothing out of the
 * way. @returns the first that does, or `to`
 */
export type ReadRecords<Cursor> = (
  cursor: Cursor,
  starts: Int32Array,
  ends: Int32Array,
  prefix: number,
  from: number,
  to: number,
  row: number,
  recordIndex: Int32Array,
) => number;

/** How the records of one writer's schema become rows of some columns. */
export interface RowReaders<Cursor> {
  /** Any record, explaining what is wrong with it. Throws AvroProblem. */
  readonly read: (cursor: Cursor, row: number) => void;
  /** Generated; null where nothing is. */
  readonly run: ReadRecords<Cursor> | null;
  /** Columns whose values are appended to their own buffers. */
  readonly made: ReadonlySet<ColumnBuilder>;
}

/** The reader of one writer's schema, for the columns of one builder. */
export class CompiledReader<Cursor> {
  /** Columns whose values it appends to their own buffers. */
  readonly made: readonly OwnText[];
  /** Those whose values are slices of the records. */
  readonly sliced: readonly OwnText[];
  readonly read: RowReaders<Cursor>['read'];
  readonly #run: RowReaders<Cursor>['run'];
  readonly #builders: readonly ColumnBuilder[];

  constructor(
    { read, run, made }: RowReaders<Cursor>,
    builders: readonly ColumnBuilder[],
    own: ReadonlyMap<ColumnBuilder, OwnText>,
  ) {
    this.made = [...own.values()].filter(({ builder }) => made.has(builder));
    this.sliced = [...own.values()].filter(({ builder }) => !made.has(builder));
    this.read = read;
    this.#run = run;
    this.#builders = builders;
  }

  /** Reads records by generated code, from `from` on. @returns the first that it couldn't read, or `to` */
  run(
    cursor: Cursor,
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
