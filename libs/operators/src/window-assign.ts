import type { Batch } from '@weir/columnar/batch.ts';
import type { IntColumn } from '@weir/columnar/column.ts';
import { BatchBuilder, type ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { FrameReader } from '@weir/columnar/frame-reader.ts';
import { FrameWriter } from '@weir/columnar/frame-writer.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { WindowAssignNode } from '@weir/plan/nodes/window-assign.ts';
import { multiplyAdd } from './expression/functions/exact.ts';
import {
  maxBatchRows,
  statelessSnapshot,
  type Operator,
  type OperatorContext,
  type OperatorState,
} from './operator.ts';
import { WindowSlices } from './window-slices.ts';

/** What is left of a batch that became too many rows for one call: its next row, and the next window of that row. */
interface Rest {
  readonly batch: Batch;
  row: number;
  window: number;
}

/** Microseconds from a window's end back to its window_time. */
const timeBeforeEnd = 1000;

/**
 * A copy of each row a window that it lies in (see WindowAssignNode).
 *
 * Invariant: `#rest` is null between drained calls, so nothing of it is ever in a snapshot.
 */
export class WindowAssignOperator implements Operator {
  readonly #node: WindowAssignNode;
  readonly #schema: Schema;
  readonly #slices: WindowSlices;
  readonly #gatherer: BatchGatherer;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  readonly #added: BatchBuilder;
  readonly #selection = new Int32Array(maxBatchRows);
  #context: OperatorContext | null = null;
  #rest: Rest | null = null;

  constructor(node: WindowAssignNode, input: Schema, output: Schema) {
    this.#node = node;
    this.#schema = output;
    this.#slices = new WindowSlices(node.window);
    this.#gatherer = new BatchGatherer(input);
    this.#writer = new FrameWriter(input);
    this.#reader = new FrameReader(input);
    const width = input.fields.length;
    assert(output.fields.length === width + 3, 'output: the input, window_start, window_end, window_time');
    this.#added = new BatchBuilder({ fields: output.fields.slice(width) }, maxBatchRows);
  }

  open(context: OperatorContext): void {
    this.#context = context;
  }

  process(batch: Batch): void {
    assert(this.#rest === null, 'the operator was drained before the next batch');
    assert(batch.rowKinds === null, 'the compiler gives a window inserts only');
    const rest: Rest = { batch, row: 0, window: NaN };
    if (!this.#step(rest)) return;
    // The batch is lent for this call only.
    this.#rest = { ...rest, batch: this.#reader.read(this.#writer.write(batch)) };
  }

  /** Emits up to a batch of rows. True when more are left. */
  #step(rest: Rest): boolean {
    const { batch } = rest;
    const times = batch.columns[this.#node.eventTime];
    assert(times?.kind === 'int', 'the event time is a timestamp');
    this.#added.reset();
    let count = 0;
    while (rest.row < batch.rowCount && count < maxBatchRows) {
      if (isNull(times, rest.row)) this.#context?.count('rows_without_event_time', 1);
      else count = this.#windowsOf(rest, times, count);
      if (Number.isNaN(rest.window)) rest.row += 1;
    }
    if (count > 0) this.#emit(batch, count);
    return rest.row < batch.rowCount;
  }

  /** Writes the windows of one row from `rest.window` on, as many as there is room for; NaN there says that all are written. */
  #windowsOf(rest: Rest, times: IntColumn, written: number): number {
    const slices = this.#slices;
    const { row } = rest;
    const slice = slices.sliceOf(times.big === null ? times.values[row]! : times.big[row]!);
    const last = slices.lastWindow(slice);
    const [start, end, time] = this.#added.columns as [ColumnBuilder, ColumnBuilder, ColumnBuilder];
    let count = written;
    let window = Number.isNaN(rest.window) ? slices.firstWindow(slice) : rest.window;
    for (; window <= last && count < maxBatchRows; window += 1, count += 1) {
      this.#selection[count] = row;
      const ends = slices.end(window);
      start.setInt(count, slices.start(window));
      end.setInt(count, ends);
      time.setInt(count, multiplyAdd(ends, 1, -timeBeforeEnd));
    }
    rest.window = window <= last ? window : NaN;
    return count;
  }

  #emit(batch: Batch, count: number): void {
    const { output } = present(this.#context, 'context');
    const copies = this.#gatherer.gather(batch, this.#selection, count);
    this.#added.rowCount = count;
    const { columns } = this.#added.batch();
    output.emit({ ...copies, schema: this.#schema, columns: [...copies.columns, ...columns] });
  }

  watermark(micros: number): void {
    this.#context?.output.watermark(micros);
  }

  drain(): boolean {
    if (this.#rest === null) return false;
    if (!this.#step(this.#rest)) this.#rest = null;
    return true;
  }

  snapshot(): OperatorState {
    return statelessSnapshot;
  }

  close(): void {
    this.#context = null;
    this.#rest = null;
  }
}

function isNull(column: IntColumn, row: number): boolean {
  return column.nulls !== null && column.nulls[row] === 1;
}
