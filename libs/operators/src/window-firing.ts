import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { KeyedState, Pane } from '@weir/state/panes/keyed-state.ts';
import type { Accumulator } from './aggregates/accumulator.ts';
import { maxBatchRows, type Output } from './operator.ts';
import type { WindowSlices } from './window-slices.ts';

export type AggregatePane = Pane<readonly Accumulator[]>;

/** Slots that one step of putting a window together takes, so that no call runs long. */
const mergeSlots = 32_768;

/** One window on its way out: put together from its slices where it has several, then sent in batches, in the order of its slots. */
export class WindowFiring {
  readonly #window: number;
  readonly #slices: WindowSlices;
  readonly #result: AggregatePane;
  readonly #toMerge: AggregatePane[];
  #mergedSlots = 0;
  #sent = 0;
  #slots: Int32Array = new Int32Array(mergeSlots);

  constructor(window: number, state: KeyedState<readonly Accumulator[]>, slices: WindowSlices) {
    this.#window = window;
    this.#slices = slices;
    const { from, to } = slices.slicesOf(window);
    const panes: AggregatePane[] = [];
    for (let slice = from; slice < to; slice += 1) {
      const pane = state.get(slice);
      if (pane !== undefined) panes.push(pane);
    }
    const [only] = panes;
    if (panes.length === 1 && only !== undefined) {
      this.#result = only;
      this.#toMerge = [];
    } else {
      this.#result = state.detached(from);
      this.#toMerge = panes;
    }
  }

  /** Does one step. False when the window is out. */
  step(output: Output, builder: BatchBuilder, keyCount: number): boolean {
    const source = this.#toMerge[0];
    if (source !== undefined) {
      this.#merge(source);
      return true;
    }
    this.#send(output, builder, keyCount);
    return this.#sent < this.#result.pane.count;
  }

  #merge(source: AggregatePane): void {
    const from = this.#mergedSlots;
    const to = Math.min(source.pane.count, from + mergeSlots);
    const { pane, values } = this.#result;
    pane.index.merge(source.pane.index, from, to, this.#slots);
    pane.reserve(pane.index.count);
    values.forEach((accumulator, index) =>
      accumulator.combine(present(source.values[index], 'accumulator'), from, this.#slots, to - from),
    );
    this.#mergedSlots = to;
    if (to < source.pane.count) return;
    this.#toMerge.shift();
    this.#mergedSlots = 0;
  }

  #send(output: Output, builder: BatchBuilder, keyCount: number): void {
    const { pane, values } = this.#result;
    const count = Math.min(maxBatchRows, pane.count - this.#sent);
    if (count === 0) return;
    const slots = this.#slots;
    for (let row = 0; row < count; row += 1) slots[row] = this.#sent + row;
    builder.reset();
    pane.index.decode(slots, count, builder.columns.slice(0, keyCount));
    values.forEach((accumulator, index) => accumulator.emit(slots, count, builder.column(keyCount + index)));
    const start = this.#slices.start(this.#window);
    const end = this.#slices.end(this.#window);
    const startColumn = builder.column(keyCount + values.length);
    const endColumn = builder.column(keyCount + values.length + 1);
    for (let row = 0; row < count; row += 1) {
      startColumn.setInt(row, start);
      endColumn.setInt(row, end);
    }
    builder.rowCount = count;
    this.#sent += count;
    output.emit(builder.batch());
  }
}

export function firingBuilder(output: Schema): BatchBuilder {
  return new BatchBuilder(output, maxBatchRows);
}
