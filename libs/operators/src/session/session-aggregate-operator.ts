import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { WindowAggregateNode } from '@weir/plan/nodes/window-aggregate.ts';
import { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import { TimeIndex } from '@weir/state/kinds/time-index.ts';
import { RecordColumns } from '@weir/state/rows/record-columns.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import { accumulatorFields } from '../aggregate/working-set.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import { CountedRows } from '../aggregates/counted-rows.ts';
import { createAccumulator } from '../aggregates/create-accumulator.ts';
import {
  maxBatchRows,
  type Operator,
  type OperatorContext,
  type OperatorState,
  type RestoredState,
  type StatePiece,
} from '../operator.ts';
import { restoredWatermark, watermarkSplit } from '../stored-watermark.ts';
import { LocalSessions } from './local-sessions.ts';

/**
 * Aggregates by session and key: rows of a key of which each is at most the gap behind another belong together.
 *
 * T1  No two stored sessions of a key touch: where a row, or a session of a batch's rows, lies within the gap of one, they are one.
 * T2  A session comes out once, when the watermark has reached its end, the gap behind its last row; rows are late exactly if their session, with all that
 *     it is joined to, has ended by the watermark: counted and dropped.
 * T3  The watermark goes on after the sessions that it released.
 *
 * The rows of a batch are put together into sessions among themselves first; what is stored is touched once for each of those.
 */
export class SessionAggregateOperator implements Operator {
  readonly #node: WindowAggregateNode;
  readonly #gap: number;
  readonly #input: Schema;
  readonly #accumulators: readonly Accumulator[];
  readonly #local: LocalSessions;
  readonly #counted = new CountedRows();
  readonly #stored: BatchBuilder;
  readonly #output: BatchBuilder;
  readonly #times = new TimeIndex();
  readonly #keyPlaces: readonly number[];
  readonly #known = new Uint8Array(maxBatchRows).fill(1);
  readonly #one = new Int32Array(1);
  #slots: Int32Array = new Int32Array(0);
  #heads: Int32Array = new Int32Array(0);
  #context: OperatorContext | null = null;
  #stores: StateStores | null = null;
  #rows: RowsByKey | null = null;
  #records: RecordColumns | null = null;
  /** Places of the accumulators that were used last. */
  #used = 0;
  #watermark = -Infinity;
  #passedOn = -Infinity;
  #held: number | null = null;

  constructor(node: WindowAggregateNode, gapMicros: number, input: Schema, output: Schema) {
    this.#node = node;
    this.#gap = gapMicros;
    this.#input = input;
    this.#accumulators = node.aggregates.map((call) => createAccumulator(call));
    this.#local = new LocalSessions(node.keys, node.eventTime, gapMicros);
    this.#keyPlaces = node.keys.map((_, place) => place);
    const times = ['first', 'last'].map((name) => ({ name, type: timestampType, nullable: false }));
    const fields = accumulatorFields(this.#accumulators).map((field) => ({ ...field, nullable: false }));
    const keys = node.keys.map((key) => present(input.fields[key], 'a key column'));
    this.#stored = new BatchBuilder({ fields: [...keys, ...times, ...fields] }, maxBatchRows);
    this.#output = new BatchBuilder(output, maxBatchRows);
  }

  get #firstField(): number {
    return this.#node.keys.length;
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const { fields } = this.#stored.schema;
    const rows = stores.open(0, (place) => new RowsByKey({ columns: fields, key: this.#keyPlaces }, place));
    stores.ready();
    this.#stores = stores;
    this.#rows = rows;
    this.#records = new RecordColumns(rows.store);
    this.#watermark = restoredWatermark(restored, start, end);
    rows.store.forEachLive((slot) => this.#times.add(slot, this.#endOf(slot)));
  }

  #state(): RowsByKey {
    return present(this.#rows, 'the sessions of an open operator');
  }

  #firstOf(slot: number): number {
    return this.#state().fields.number(slot, this.#firstField);
  }

  #lastOf(slot: number): number {
    return this.#state().fields.number(slot, this.#firstField + 1);
  }

  #endOf(slot: number): number {
    return this.#lastOf(slot) + this.#gap;
  }

  process(batch: Batch): void {
    assert(batch.rowKinds === null, 'the compiler gives a session inserts only');
    const local = this.#local;
    local.find(batch);
    if (local.timeless > 0) this.#context?.count('rows_without_event_time', local.timeless);
    const { count } = local;
    if (count === 0) return;
    // The last place is for what is merged in.
    for (const column of this.#columns()) {
      column.reserve(count + 1);
      column.clear(Math.max(this.#used, count + 1));
    }
    this.#used = count + 1;
    this.#aggregate(batch);
    this.#store(batch, count);
    let late = 0;
    for (let session = 0; session < count; session += 1) {
      const slot = this.#slots[session]!;
      if (this.#merge(session, slot, this.#heads[session]!)) continue;
      late += local.sizes[session]!;
      this.#state().remove(slot);
    }
    if (late > 0) this.#context?.count('late_rows', late);
  }

  #columns() {
    return this.#accumulators.flatMap(({ columns }) => columns);
  }

  /** Adds the batch's rows to the places of their sessions. */
  #aggregate(batch: Batch): void {
    const { rows, sessionOf, rowCount } = this.#local;
    for (const [index, accumulator] of this.#accumulators.entries()) {
      const call = present(this.#node.aggregates[index], 'an aggregate');
      this.#counted.select(batch, call, rows, sessionOf, rowCount);
      const argument = call.argument === null ? null : present(batch.columns[call.argument], 'argument');
      accumulator.add(argument, this.#counted.rows, this.#counted.slots, this.#counted.count);
    }
  }

  /** Stores the sessions of the batch, each by itself. */
  #store(batch: Batch, count: number): void {
    if (this.#slots.length < count) {
      this.#slots = new Int32Array(count);
      this.#heads = new Int32Array(count);
    }
    const { firsts, lasts } = this.#local;
    const keys = this.#local.keysOf(batch, this.#input);
    const builder = this.#stored;
    builder.reset();
    builder.reserve(count);
    const [first, last] = [builder.column(this.#firstField), builder.column(this.#firstField + 1)];
    for (let session = 0; session < count; session += 1) {
      first.setInt(session, firsts[session]!);
      last.setInt(session, lasts[session]!);
    }
    builder.rowCount = count;
    const stored = builder.batch();
    const columns = [...keys, ...stored.columns.slice(keys.length)];
    const rows = this.#state();
    rows.insert({ ...stored, columns }, this.#slots);
    rows.probe({ ...stored, columns }, this.#keyPlaces, this.#heads);
    for (const [index, column] of this.#columns().entries())
      this.#records?.put(this.#firstField + 2 + index, this.#slots, count, column, 0);
  }

  /** Makes one session of it and all that it touches (T1). False: that has ended by the watermark. */
  #merge(session: number, slot: number, head: number): boolean {
    const rows = this.#state();
    // One before it may have taken it in.
    if (!rows.store.isLive(slot)) return true;
    let start = head;
    while (start >= 0 && !rows.store.isLive(start)) start = -1;
    const touching = this.#touching(slot, start < 0 ? this.#headOf(slot) : start);
    for (const other of touching) this.#takeIn(session, slot, other);
    if (touching.length > 0) {
      for (const [index, column] of this.#columns().entries()) {
        this.#one[0] = slot;
        this.#records?.put(this.#firstField + 2 + index, this.#one, 1, column, session);
      }
      rows.store.changed(slot);
    }
    if (this.#endOf(slot) <= this.#watermark) return false;
    this.#times.add(slot, this.#endOf(slot));
    return true;
  }

  /** The head of a record's chain, when the one that was known has gone. */
  #headOf(slot: number): number {
    this.#one[0] = slot;
    const heads = new Int32Array(1);
    this.#state().probe(this.#keysOf(this.#one, 1), this.#keyPlaces, heads);
    return heads[0]!;
  }

  /** Other sessions of its key that lie within the gap of it, or of those that do. */
  #touching(slot: number, head: number): number[] {
    let [first, last] = [this.#firstOf(slot), this.#lastOf(slot)];
    const found: number[] = [];
    for (let grown = true; grown;) {
      grown = false;
      for (let at = head; at >= 0; at = this.#state().nextOf(at)) {
        if (at === slot || found.includes(at)) continue;
        const [from, to] = [this.#firstOf(at), this.#lastOf(at)];
        if (from > last + this.#gap || to + this.#gap < first) continue;
        found.push(at);
        first = Math.min(first, from);
        last = Math.max(last, to);
        grown = true;
      }
    }
    const { fields } = this.#state();
    fields.setNumber(slot, this.#firstField, first);
    fields.setNumber(slot, this.#firstField + 1, last);
    return found;
  }

  #takeIn(session: number, slot: number, other: number): void {
    const rows = this.#state();
    const spare = this.#local.count;
    this.#one[0] = other;
    for (const [index, column] of this.#columns().entries())
      this.#records?.gather(this.#firstField + 2 + index, this.#one, this.#known, 1, column, spare);
    this.#one[0] = session;
    for (const accumulator of this.#accumulators) accumulator.combine(accumulator, spare, this.#one, 1);
    this.#times.remove(other);
    rows.remove(other);
  }

  #keysOf(slots: Int32Array, count: number): Batch {
    const builder = this.#stored;
    builder.reset();
    const { fields } = this.#state();
    for (const key of this.#keyPlaces) fields.read(key, slots, count, builder.column(key));
    builder.rowCount = count;
    return builder.batch();
  }

  watermark(micros: number): void {
    assert(this.#held === null, 'the operator was drained before the next watermark');
    if (micros < this.#watermark || micros <= this.#passedOn) return;
    this.#watermark = micros;
    this.#held = micros;
  }

  drain(): boolean {
    if (this.#held === null) return false;
    if (this.#fire()) return true;
    this.#context?.output.watermark(this.#held);
    this.#passedOn = this.#held;
    this.#held = null;
    return false;
  }

  /** About a batch of the sessions that have ended. False when there is none. */
  #fire(): boolean {
    const rows = this.#state();
    const slots = new Int32Array(maxBatchRows);
    let count = 0;
    while (count < maxBatchRows) {
      const slot = this.#times.pop(this.#watermark, (due) =>
        rows.store.isLive(due) ? this.#endOf(due) : NaN,
      );
      if (slot < 0) break;
      slots[count] = slot;
      count += 1;
    }
    if (count === 0) return false;
    this.#emit(slots, count);
    for (let index = 0; index < count; index += 1) rows.remove(slots[index]!);
    return true;
  }

  #emit(slots: Int32Array, count: number): void {
    const { fields } = this.#state();
    const builder = this.#output;
    builder.reset();
    for (const key of this.#keyPlaces) fields.read(key, slots, count, builder.column(key));
    const places = new Int32Array(count);
    for (let index = 0; index < count; index += 1) places[index] = index;
    for (const [index, column] of this.#columns().entries()) {
      column.reserve(count);
      column.clear(Math.max(this.#used, count));
      this.#records?.gather(this.#firstField + 2 + index, slots, this.#known, count, column, 0);
    }
    this.#used = Math.max(this.#used, count);
    const keys = this.#firstField;
    for (const [index, accumulator] of this.#accumulators.entries())
      accumulator.emit(places, count, builder.column(keys + index));
    const width = keys + this.#accumulators.length;
    const [start, end] = [builder.column(width), builder.column(width + 1)];
    for (let index = 0; index < count; index += 1) {
      start.setInt(index, this.#firstOf(slots[index]!));
      end.setInt(index, this.#endOf(slots[index]!));
    }
    builder.rowCount = count;
    this.#context?.output.emit(builder.batch());
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
    this.#rows = null;
    this.#records = null;
    this.#context = null;
  }
}
