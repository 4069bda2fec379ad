import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { OverCall, OverNode } from '@weir/plan/nodes/over.ts';
import { TimeIndex } from '@weir/state/kinds/time-index.ts';
import { KeyedState } from '@weir/state/panes/keyed-state.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import { createAccumulator } from '../aggregates/create-accumulator.ts';
import {
  maxBatchRows,
  type Operator,
  type OperatorContext,
  type OperatorState,
  type RestoredState,
  type StatePiece,
} from '../operator.ts';
import { RankedRows } from '../rank/ranked-rows.ts';
import { restoredWatermark, watermarkSplit } from '../stored-watermark.ts';
import { overValues, runningCall, type PartitionRows } from './over-values.ts';

/**
 * Functions of rows and those around them, of partitions that are windows (`window`) or are sorted by event time (`time`).
 *
 * O1  A row comes out once: of a window when the watermark has reached its end, by event time when the watermark is above it. What comes later for that
 *     time is late: counted and dropped.
 * O2  `time`: rows that are out stay (degree 1) as long as a frame or LAG of a later one reaches back to them. Those of frames without a beginning are in
 *     the carried aggregates, of which there is one set a partition.
 * O3  The watermark goes on after the rows that it released.
 */
export class OverOperator implements Operator {
  readonly #node: OverNode;
  readonly #input: Schema;
  readonly #byTime: boolean;
  readonly #values: readonly ReturnType<typeof overValues>[];
  readonly #carriedCalls: readonly (number | null)[];
  readonly #carriedCount: number;
  readonly #keys: BatchBuilder;
  readonly #keyPlaces: readonly number[];
  readonly #builder: BatchBuilder;
  readonly #times = new TimeIndex();
  readonly #reach: { readonly rows: number; readonly micros: number };
  readonly #slot = new Int32Array(1);
  #context: OperatorContext | null = null;
  #stores: StateStores | null = null;
  #ranked: RankedRows | null = null;
  #carried: KeyedState<readonly Accumulator[]> | null = null;
  #slots: Int32Array = new Int32Array(0);
  #heads: Int32Array = new Int32Array(0);
  #watermark = -Infinity;
  #passedOn = -Infinity;
  #held: number | null = null;
  /** Records that were evaluated, in their order, and how many of them were emitted. */
  readonly #out: number[] = [];
  #sent = 0;
  /** Records that go, or are no longer pending, once they are out. */
  readonly #leaving: number[] = [];

  constructor(node: OverNode, input: Schema, output: Schema) {
    this.#node = node;
    this.#input = input;
    this.#byTime = node.emit === 'time';
    const isCarried = (call: OverCall): boolean =>
      this.#byTime && call.frame.from === null && call.function !== 'lag' && call.function !== 'last_value';
    let carried = 0;
    this.#carriedCalls = node.calls.map((call) => (isCarried(call) ? carried++ : null));
    this.#carriedCount = carried;
    this.#values = node.calls.map((call) =>
      overValues(
        this.#byTime && call.function === 'row_number' ? { ...call, function: 'count' } : call,
        input,
      ),
    );
    this.#keys = new BatchBuilder(
      { fields: node.partition.map((key) => present(input.fields[key], 'a key')) },
      maxBatchRows,
    );
    this.#keyPlaces = node.partition.map((_, place) => place);
    this.#builder = new BatchBuilder(output, maxBatchRows);
    this.#reach = reachOf(node.calls);
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const { partition, order } = this.#node;
    const ranked = new RankedRows(stores, 0, {
      schema: this.#input,
      partition,
      order,
      function: 'row_number',
      limit: Infinity,
    });
    if (this.#carriedCount > 0) {
      const types = this.#keys.schema.fields.map(({ type }) => type);
      this.#carried = stores.open(1, (place) => new KeyedState(types, () => this.#makeCarried(), place));
    }
    stores.ready();
    this.#stores = stores;
    this.#ranked = ranked;
    this.#watermark = restoredWatermark(restored, start, end);
    ranked.rows.store.forEachLive((slot) => {
      if (ranked.rows.degreeOf(slot) === 0) this.#times.add(slot, this.#dueAt(slot));
    });
  }

  #makeCarried(): { columns: Accumulator['columns']; values: readonly Accumulator[] } {
    const values = this.#node.calls.flatMap((call, index) =>
      this.#carriedCalls[index] === null ? [] : [createAccumulator(runningCall(call))],
    );
    return { values, columns: values.flatMap((accumulator) => accumulator.columns) };
  }

  #rows(): RankedRows {
    return present(this.#ranked, 'rows of an open operator');
  }

  #timeOf(slot: number): number {
    return Number(this.#rows().rows.fields.exact(slot, this.#node.time));
  }

  /** The last moment at which others like it may still come. */
  #dueAt(slot: number): number {
    return this.#byTime ? this.#timeOf(slot) : this.#timeOf(slot) - 1;
  }

  process(batch: Batch): void {
    assert(batch.rowKinds === null, 'the compiler gives an OVER inserts only');
    const ranked = this.#rows();
    const { rowCount } = batch;
    if (this.#slots.length < rowCount) {
      this.#slots = new Int32Array(rowCount);
      this.#heads = new Int32Array(rowCount);
    }
    ranked.insert(batch, this.#slots, this.#heads);
    let late = 0;
    let timeless = 0;
    const times = present(batch.columns[this.#node.time], 'the time');
    for (let row = 0; row < rowCount; row += 1) {
      const slot = this.#slots[row]!;
      const isNull = times.nulls?.[row] === 1;
      const due = isNull ? NaN : this.#dueAt(slot);
      if (due >= this.#watermark) this.#times.add(slot, due);
      else {
        if (isNull) timeless += 1;
        else late += 1;
        ranked.rows.remove(slot);
      }
    }
    if (late > 0) this.#context?.count('late_rows', late);
    if (timeless > 0) this.#context?.count('rows_without_event_time', timeless);
  }

  watermark(micros: number): void {
    assert(this.#held === null, 'the operator was drained before the next watermark');
    if (micros < this.#watermark || micros <= this.#passedOn) return;
    this.#watermark = micros;
    this.#held = micros;
  }

  drain(): boolean {
    if (this.#held === null) return false;
    if (this.#sent < this.#out.length || this.#evaluateDue()) {
      this.#emit();
      return true;
    }
    this.#context?.output.watermark(this.#held);
    this.#passedOn = this.#held;
    this.#held = null;
    return false;
  }

  /** Evaluates about a batch of what is due, whole partitions. False when nothing is left. */
  #evaluateDue(): boolean {
    const due = this.#due();
    if (due.length === 0) return false;
    for (const values of this.#values) values.begin();
    const ranked = this.#rows();
    const heads = new Int32Array(due.length);
    const keys = this.#keysOf(Int32Array.from(due));
    ranked.rows.probe(keys, this.#keyPlaces, heads);
    const seen = new Set<number>();
    for (const [row, head] of heads.entries()) {
      if (head < 0 || seen.has(head)) continue;
      seen.add(head);
      this.#evaluate(ranked, head, keys, row);
    }
    return this.#out.length > 0;
  }

  #due(): number[] {
    const due: number[] = [];
    const before =
      Math.abs(this.#watermark) < Number.MAX_SAFE_INTEGER ? this.#watermark - 1 : this.#watermark;
    const { store } = this.#rows().rows;
    while (due.length < maxBatchRows) {
      const slot = this.#times.pop(before, () => -Infinity);
      if (slot < 0) break;
      if (store.isLive(slot)) due.push(slot);
    }
    return due;
  }

  #keysOf(slots: Int32Array): Batch {
    this.#keys.reset();
    const { fields } = this.#rows().rows;
    this.#node.partition.forEach((key, place) => {
      fields.read(key, slots, slots.length, this.#keys.column(place));
    });
    this.#keys.rowCount = slots.length;
    return this.#keys.batch();
  }

  /** A partition: `row` of `keys` has its key. */
  #evaluate(ranked: RankedRows, head: number, keys: Batch, row: number): void {
    ranked.rank(head);
    const { rows } = ranked;
    const all = Int32Array.from(ranked.slots);
    const from = this.#byTime ? firstWith(all, (slot) => rows.degreeOf(slot) === 0) : 0;
    const end = this.#byTime ? firstWith(all, (slot) => this.#timeOf(slot) >= this.#watermark) : all.length;
    if (end <= from) return;
    const partition: PartitionRows = {
      slots: all,
      count: end,
      fields: rows.fields,
      timeAt: (place) => this.#timeAt(all[place]!),
      tied: (place, next) => ranked.tied(all[place]!, all[next]!),
    };
    const carried = this.#carriedOf(keys, row);
    for (const [index, values] of this.#values.entries()) {
      const place = this.#carriedCalls[index] ?? null;
      const accumulator = place === null ? undefined : carried?.accumulators[place];
      const own = carried === null || accumulator === undefined ? null : { accumulator, slot: carried.slot };
      values.evaluate(partition, from, this.#out.length, own);
    }
    for (let place = from; place < end; place += 1) {
      this.#out.push(all[place]!);
      this.#times.remove(all[place]!);
    }
    this.#leave(all, from, end);
  }

  /** RANGE looks at the order's first column. */
  #timeAt(slot: number): number {
    const column = this.#node.order[0]?.column ?? this.#node.time;
    return Number(this.#rows().rows.fields.exact(slot, column));
  }

  #carriedOf(keys: Batch, row: number) {
    if (this.#carried === null) return null;
    const { pane, values } = this.#carried.getOrCreate(0);
    pane.touch(keys.columns, Int32Array.of(row), 1, this.#slot);
    return { accumulators: values, slot: this.#slot[0]! };
  }

  /** O2. Rows of a window all go. */
  #leave(slots: Int32Array, from: number, end: number): void {
    const { rows } = this.#rows();
    const { rows: back, micros } = this.#reach;
    for (let place = 0; place < end; place += 1) {
      const slot = slots[place]!;
      const reached =
        this.#byTime &&
        (place >= end - back || (micros > 0 && this.#timeOf(slot) >= this.#watermark - micros));
      if (!reached) this.#leaving.push(slot);
      else if (place >= from) rows.setDegree(slot, 1);
    }
  }

  #emit(): void {
    const count = Math.min(maxBatchRows, this.#out.length - this.#sent);
    const slots = Int32Array.from(this.#out.slice(this.#sent, this.#sent + count));
    const builder = this.#builder;
    builder.reset();
    const { fields } = this.#rows().rows;
    const width = this.#input.fields.length;
    for (let field = 0; field < width; field += 1) fields.read(field, slots, count, builder.column(field));
    for (const [index, values] of this.#values.entries())
      values.read(this.#sent, count, builder.column(width + index));
    builder.rowCount = count;
    this.#sent += count;
    this.#context?.output.emit(builder.batch());
    if (this.#sent < this.#out.length) return;
    for (const slot of this.#leaving) this.#rows().rows.remove(slot);
    this.#leaving.length = 0;
    this.#out.length = 0;
    this.#sent = 0;
  }

  snapshot(): OperatorState {
    const { written, kept } = present(this.#stores, 'stores').snapshot();
    const { keyGroupStart, keyGroupEnd } = present(this.#context, 'context');
    return { written, kept, splits: watermarkSplit(this.#watermark, keyGroupStart, keyGroupEnd) };
  }

  writeAhead(): StatePiece | null {
    return this.#stores?.writeAhead() ?? null;
  }

  close(): void {
    this.#stores = null;
    this.#ranked = null;
    this.#carried = null;
    this.#context = null;
  }
}

/** The first place that fulfils a condition which all behind it fulfil; the length, if none does. */
function firstWith(slots: Int32Array, fulfils: (slot: number) => boolean): number {
  const place = slots.findIndex(fulfils);
  return place < 0 ? slots.length : place;
}

/** How far calls look back, in rows and in event time; frames without a beginning are carried. */
function reachOf(calls: readonly OverCall[]): { readonly rows: number; readonly micros: number } {
  let rows = 0;
  let micros = 0;
  for (const { function: name, offset, frame } of calls) {
    if (name === 'lag') rows = Math.max(rows, offset);
    else if (name === 'row_number' || frame.from === null) continue;
    else if (frame.unit === 'rows') rows = Math.max(rows, -frame.from);
    else micros = Math.max(micros, -frame.from);
  }
  return { rows, micros };
}
