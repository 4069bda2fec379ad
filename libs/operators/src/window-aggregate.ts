import type { Batch } from '@weir/columnar/batch.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { WindowAggregateNode } from '@weir/plan/nodes/window-aggregate.ts';
import { KeyedState } from '@weir/state/panes/keyed-state.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import type { Accumulator } from './aggregates/accumulator.ts';
import { CountedRows } from './aggregates/counted-rows.ts';
import { createAccumulator } from './aggregates/create-accumulator.ts';
import type { Exact } from './expression/functions/exact.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState, StatePiece } from './operator.ts';
import { SliceRows } from './slice-rows.ts';
import { restoredWatermark, watermarkSplit } from './stored-watermark.ts';
import { WindowFiring, firingBuilder } from './window-firing.ts';
import { WindowSlices } from './window-slices.ts';

/**
 * Aggregates by event-time window and key.
 *
 * Invariants:
 * A1 A window comes out once: when the watermark first reaches its end. Only windows whose end lies above the watermark before can fire.
 * A2 A row is dropped as late exactly if every window that holds it has ended by the watermark.
 * A3 A slice's state is dropped when its last window is out.
 * A4 The watermark goes on only after the rows that it released.
 */
export class WindowAggregateOperator implements Operator {
  readonly #node: WindowAggregateNode;
  readonly #keyTypes: readonly SqlType[];
  readonly #slices: WindowSlices;
  readonly #sliceRows: SliceRows;
  readonly #counted = new CountedRows();
  readonly #builder: BatchBuilder;
  #slots: Int32Array = new Int32Array(0);
  #stores: StateStores | null = null;
  #state: KeyedState<readonly Accumulator[]> | null = null;
  #context: OperatorContext | null = null;
  #watermark = -Infinity;
  /** The last one passed on. Lower than #watermark after a restore: what reads this knows nothing of it, and needs its end again. */
  #passedOn = -Infinity;
  /** Windows still to fire, ascending, and the watermark to pass on after them. */
  #due: number[] = [];
  #firing: { readonly window: number; readonly work: WindowFiring } | null = null;
  #held: number | null = null;

  constructor(node: WindowAggregateNode, input: Schema, output: Schema) {
    this.#node = node;
    this.#keyTypes = node.keys.map((key) => present(input.fields[key], 'key column').type);
    assert(node.window.kind !== 'session', 'sessions have an operator of their own');
    this.#slices = new WindowSlices(node.window);
    this.#sliceRows = new SliceRows(this.#slices);
    this.#builder = firingBuilder(output);
    assert(
      output.fields.length === node.keys.length + node.aggregates.length + 2,
      'output: keys, aggregates, window_start, window_end',
    );
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const makeValues = (): { columns: Accumulator['columns']; values: readonly Accumulator[] } => {
      const values = this.#node.aggregates.map((call) => createAccumulator(call));
      return { values, columns: values.flatMap((accumulator) => accumulator.columns) };
    };
    this.#stores = new StateStores({ keyGroups, start, end }, restored.writers);
    this.#state = this.#stores.open(0, (place) => new KeyedState(this.#keyTypes, makeValues, place));
    this.#stores.ready();
    this.#watermark = restoredWatermark(restored, start, end);
  }

  process(batch: Batch): void {
    const state = present(this.#state, 'state of an open operator');
    assert(batch.rowKinds === null, 'the compiler gives a window inserts only');
    const times = batch.columns[this.#node.eventTime];
    assert(times?.kind === 'int', 'the event time is a timestamp');
    const sorted = this.#sliceRows;
    sorted.sort(times, batch.rowCount, this.#watermark);
    if (sorted.late > 0) this.#context?.count('late_rows', sorted.late);
    if (sorted.timeless > 0) this.#context?.count('rows_without_event_time', sorted.timeless);
    const keys = this.#node.keys.map((key) => present(batch.columns[key], 'key column'));
    if (this.#slots.length < batch.rowCount) this.#slots = new Int32Array(batch.rowCount);
    sorted.slices.forEach((slice, index) => {
      const rows = sorted.rows(index);
      const { pane, values } = state.getOrCreate(slice);
      pane.touch(keys, rows, rows.length, this.#slots);
      this.#add(batch, values, rows);
    });
  }

  #add(batch: Batch, accumulators: readonly Accumulator[], rows: Int32Array): void {
    const counted = this.#counted;
    accumulators.forEach((accumulator, index) => {
      const call = present(this.#node.aggregates[index], 'aggregate');
      counted.select(batch, call, rows, this.#slots, rows.length);
      const argument = call.argument === null ? null : present(batch.columns[call.argument], 'argument');
      accumulator.add(argument, counted.rows, counted.slots, counted.count);
    });
  }

  watermark(micros: number): void {
    assert(this.#held === null, 'the operator was drained before the next watermark');
    if (micros < this.#watermark || micros <= this.#passedOn) return;
    this.#due = this.#windowsEnding(this.#watermark, micros);
    this.#watermark = micros;
    this.#held = micros;
  }

  /** Windows with rows whose end lies in (after, until], ascending. */
  #windowsEnding(after: number, until: number): number[] {
    const windows = new Set<number>();
    const slices = this.#slices;
    for (const slice of present(this.#state, 'state').paneNumbers()) {
      const last = slices.lastWindow(slice);
      for (let window = slices.firstWindow(slice); window <= last; window += 1) {
        const end = slices.end(window);
        if (end > until) break;
        if (end > after) windows.add(window);
      }
    }
    return [...windows].toSorted((a, b) => a - b);
  }

  drain(): boolean {
    if (this.#held === null) return false;
    const { output } = present(this.#context, 'context');
    if (this.#firing === null) {
      const window = this.#due.shift();
      if (window === undefined) {
        this.#dropEnded(this.#held);
        this.#passedOn = this.#held;
        output.watermark(this.#held);
        this.#held = null;
        return false;
      }
      this.#firing = { window, work: new WindowFiring(window, present(this.#state, 'state'), this.#slices) };
    }
    if (!this.#firing.work.step(output, this.#builder, this.#node.keys.length)) {
      this.#dropEnded(this.#slices.end(this.#firing.window));
      this.#firing = null;
    }
    return true;
  }

  #dropEnded(micros: Exact): void {
    const state = present(this.#state, 'state');
    for (const slice of state.paneNumbers()) {
      if (this.#slices.end(this.#slices.lastWindow(slice)) > micros) break;
      state.drop(slice);
    }
  }

  snapshot(): OperatorState {
    const context = present(this.#context, 'context');
    const { written, kept } = present(this.#stores, 'stores').snapshot();
    const { keyGroupStart, keyGroupEnd } = context;
    return { written, kept, splits: watermarkSplit(this.#watermark, keyGroupStart, keyGroupEnd) };
  }

  writeAhead(): StatePiece | null {
    return this.#stores?.writeAhead() ?? null;
  }

  close(): void {
    this.#stores = null;
    this.#state = null;
    this.#context = null;
  }
}
