import { present, unreachable } from '@weir/kernel/assert.ts';
import type { Batch } from './batch.ts';
import type {
  BoolColumn,
  BytesColumn,
  Column,
  FloatColumn,
  IntColumn,
  ListColumn,
  MapColumn,
  StructColumn,
} from './column.ts';
import { BatchBuilder, type ColumnBuilder } from './column-builder.ts';
import type { Schema } from './sql-type.ts';

/**
 * Selects rows of batches of one schema into columns that it uses again: what `gather` returns is valid until its next call. Text isn't copied:
 * the result's bytes columns point into the input's buffers.
 */
export class BatchGatherer {
  readonly #builder: BatchBuilder;
  readonly #selections = new Map<ColumnBuilder, Int32Array>();
  #rowKinds = new Uint8Array(0);

  constructor(schema: Schema) {
    this.#builder = new BatchBuilder(schema, 1024);
  }

  /** Rows selection[0] .. selection[count - 1] of `batch`, in this order; a row may stand in it more than once. */
  gather(batch: Batch, selection: Int32Array, count: number): Batch {
    this.#builder.reserve(count);
    const columns = batch.columns.map((column, index) => {
      const builder = this.#builder.column(index);
      this.#column(column, builder, selection, count);
      return builder.column;
    });
    return {
      schema: batch.schema,
      columns,
      rowCount: count,
      rowKinds: batch.rowKinds === null ? null : this.#kinds(batch.rowKinds, selection, count),
      partition: batch.partition,
    };
  }

  #kinds(from: Uint8Array, selection: Int32Array, count: number): Uint8Array {
    if (this.#rowKinds.length < count) this.#rowKinds = new Uint8Array(count * 2);
    const into = this.#rowKinds;
    for (let index = 0; index < count; index += 1) into[index] = from[selection[index]!]!;
    return into;
  }

  #column(from: Column, builder: ColumnBuilder, selection: Int32Array, count: number): void {
    builder.reserve(count);
    const into = builder.column;
    into.nulls = gatherNulls(from.nulls, builder.nullFlags, selection, count);
    switch (from.kind) {
      case 'bool': {
        const values = (into as BoolColumn).values;
        for (let index = 0; index < count; index += 1) values[index] = from.values[selection[index]!]!;
        return;
      }
      case 'int':
        gatherInts(from, into as IntColumn, selection, count);
        return;
      case 'float':
        gatherDoubles(from.values, (into as FloatColumn).values, selection, count);
        return;
      case 'bytes':
        gatherBytes(from, into as BytesColumn, selection, count);
        return;
      case 'struct':
        builder.children.forEach((child, index) => {
          this.#column(present(from.children[index], 'child'), child, selection, count);
        });
        (into as StructColumn).children = builder.children.map((child) => child.column);
        return;
      case 'list': {
        const elements = this.#elements(from, into as ListColumn, builder, selection, count);
        this.#column(from.element, builder.child(0), elements.rows, elements.count);
        return;
      }
      case 'map': {
        const entries = this.#elements(from, into as MapColumn, builder, selection, count);
        this.#column(from.keys, builder.child(0), entries.rows, entries.count);
        this.#column(from.values, builder.child(1), entries.rows, entries.count);
        return;
      }
      default:
        unreachable(from);
    }
  }

  /** Sets the offsets of lists and says which elements they hold. */
  #elements(
    from: ListColumn | MapColumn,
    into: ListColumn | MapColumn,
    builder: ColumnBuilder,
    selection: Int32Array,
    count: number,
  ): { rows: Int32Array; count: number } {
    let total = 0;
    into.offsets[0] = 0;
    for (let index = 0; index < count; index += 1) {
      const row = selection[index]!;
      if (from.nulls === null || from.nulls[row] !== 1) total += from.offsets[row + 1]! - from.offsets[row]!;
      into.offsets[index + 1] = total;
    }
    let rows = this.#selections.get(builder);
    if (rows === undefined || rows.length < total) {
      rows = new Int32Array(Math.max(64, total * 2));
      this.#selections.set(builder, rows);
    }
    for (let index = 0; index < count; index += 1) {
      const first = from.offsets[selection[index]!]!;
      const end = into.offsets[index + 1]!;
      for (let at = into.offsets[index]!, element = first; at < end; at += 1, element += 1)
        rows[at] = element;
    }
    return { rows, count: total };
  }
}

function gatherNulls(
  from: Uint8Array | null,
  into: Uint8Array,
  selection: Int32Array,
  count: number,
): Uint8Array | null {
  if (from === null) return null;
  for (let index = 0; index < count; index += 1) into[index] = from[selection[index]!]!;
  return into;
}

function gatherInts(from: IntColumn, into: IntColumn, selection: Int32Array, count: number): void {
  if (from.big === null) {
    into.big = null;
    gatherDoubles(from.values, into.values, selection, count);
    return;
  }
  const bigs: bigint[] = [];
  for (let index = 0; index < count; index += 1) bigs.push(from.big[selection[index]!] ?? 0n);
  into.big = bigs;
}

function gatherDoubles(from: Float64Array, into: Float64Array, selection: Int32Array, count: number): void {
  for (let index = 0; index < count; index += 1) into[index] = from[selection[index]!]!;
}

function gatherBytes(from: BytesColumn, into: BytesColumn, selection: Int32Array, count: number): void {
  const { starts, ends } = from;
  const intoStarts = into.starts;
  const intoEnds = into.ends;
  for (let index = 0; index < count; index += 1) {
    const row = selection[index]!;
    intoStarts[index] = starts[row]!;
    intoEnds[index] = ends[row]!;
  }
  into.data = from.data;
  into.jsonPlain = from.jsonPlain;
}
