import type { Batch } from '@weir/columnar/batch.ts';
import { doubleType, type Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { GroupAggregateNode } from '@weir/plan/nodes/group-aggregate.ts';
import { ValueByKey } from '@weir/state/kinds/value-by-key.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import { CountedRows } from '../aggregates/counted-rows.ts';
import { ChangeEmitter } from '../change-emitter.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState, StatePiece } from '../operator.ts';
import { DistinctValues } from './distinct-values.ts';
import { GroupRows } from './group-rows.ts';
import { OrderedValues } from './ordered-values.ts';
import { planCalls, type PlannedCall, type PlannedCalls } from './planned-calls.ts';
import { TouchedGroups } from './touched-groups.ts';
import { accumulatorFields, WorkingSet } from './working-set.ts';

/**
 * Aggregates by key, without a window.
 *
 * Invariants:
 * G1 What was emitted of a group is a function of its record: the row from before a batch is worked out anew, bit for bit.
 * G2 A group has a record exactly while it has rows. Without keys its one record is there from the first row, or the end of the input, on, and never goes.
 * G3 A batch gives the net change of each group that it touches; none where the row is as it was.
 */
export class GroupAggregateOperator implements Operator {
  readonly #node: GroupAggregateNode;
  readonly #input: Schema;
  readonly #plan: PlannedCalls;
  readonly #ttlSeconds: number;
  readonly #emitter: ChangeEmitter;
  readonly #counted = new CountedRows();
  readonly #touched = new TouchedGroups();
  readonly #rows = new GroupRows();
  /** Only which keys there are is of interest, and none goes. */
  readonly #onlyKeys: boolean;
  #state: OpenState | null = null;
  #context: OperatorContext | null = null;
  #rowSlots = new Int32Array(0);
  #doubled = new Int32Array(0);
  #places = new Int32Array(0);
  #counts = new Float64Array(0);
  #before = new Uint8Array(0);
  #after = new Uint8Array(0);

  constructor(
    node: GroupAggregateNode,
    input: Schema,
    output: Schema,
    changes: { readonly input: ChangeMode; readonly output: ChangeMode },
  ) {
    this.#node = node;
    this.#input = input;
    this.#ttlSeconds = Math.ceil(node.ttlMs / 1000);
    const retracts = changes.input.kind !== 'append';
    this.#plan = planCalls(node, input, retracts, this.#ttlSeconds);
    this.#onlyKeys = node.aggregates.length === 0 && !retracts;
    this.#emitter = new ChangeEmitter(output, changes.output);
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const { accumulators, sets, orders } = this.#plan;
    const keyTypes = this.#node.keys.map((key) => present(this.#input.fields[key], 'key column').type);
    const seldom = { refreshSeconds: this.#ttlSeconds === 0 ? Infinity : Math.max(1, this.#ttlSeconds >> 4) };
    const groups = stores.open(0, (place) => {
      const values = this.#onlyKeys ? [{ name: 'rows', type: doubleType }] : accumulatorFields(accumulators);
      const use = this.#onlyKeys ? 'distinct' : 'groups';
      return new ValueByKey({ keys: keyTypes, values, use, ...(this.#onlyKeys ? seldom : {}) }, place);
    });
    const distinct = sets.map((options, index) => {
      let made: DistinctValues | null = null;
      stores.open(1 + index, (place) => (made = new DistinctValues(options, place)).values);
      return present(made as DistinctValues | null, 'a set of values');
    });
    const ordered = orders.map((options, index) => {
      let made: OrderedValues | null = null;
      stores.open(1 + sets.length + index, (place) => (made = new OrderedValues(options, place)).values);
      return present(made as OrderedValues | null, 'values in order');
    });
    stores.ready();
    for (const each of ordered) each.restoreOrder(groups);
    const working = new WorkingSet(groups.store, groups.firstValue, accumulators);
    const expiry = new Expiry(groups.store, this.#ttlSeconds);
    this.#state = { stores, groups, distinct, ordered, working, expiry, seconds: -1 };
  }

  process(batch: Batch): void {
    this.#expire();
    this.#take(batch, batch.rowCount);
  }

  /** State that nothing was written to for long goes; asked once a second at most. */
  #expire(): void {
    const state = present(this.#state, 'state of an open operator');
    const { clock } = present(this.#context, 'context');
    const now = Math.floor(clock.nowMs() / 1000);
    if (now === state.seconds) return;
    state.seconds = now;
    state.groups.store.now = now;
    for (const slot of state.expiry.due(now)) this.#forget(slot);
    for (const { values } of state.ordered) values.store.now = now;
    for (const set of state.distinct) set.expire(now);
  }

  #forget(groupSlot: number): void {
    const { groups, ordered } = present(this.#state, 'state of an open operator');
    for (const each of ordered) each.forgetGroup(groupSlot);
    groups.remove(groupSlot);
  }

  /** @param rowCount 0: the group of no keys is touched, no row counts */
  #take(batch: Batch, rowCount: number): void {
    const { groups, working } = present(this.#state, 'state of an open operator');
    const alwaysThere = this.#node.keys.length === 0 && groups.count > 0;
    this.#grow(batch.rowCount);
    groups.findOrCreate(batch, this.#node.keys, this.#rowSlots);
    this.#touched.take(this.#rowSlots, batch.rowCount);
    const { count, slots } = this.#touched;
    const counts = this.#counts;
    for (let group = 0; group < count; group += 1) {
      counts[group] = groups.fields.number(slots[group]!, groups.firstValue);
      this.#before[group] = counts[group]! > 0 || alwaysThere ? 1 : 0;
    }
    this.#emitter.begin(count);
    if (this.#onlyKeys) this.#note();
    else {
      working.gather(this.#touched, this.#before);
      this.#readExtremes(0);
      if (rowCount > 0) this.#add(batch);
      working.put(this.#touched);
    }
    this.#emit();
  }

  /** Keys that are new. */
  #note(): void {
    const { groups } = present(this.#state, 'state of an open operator');
    const { count, slots } = this.#touched;
    for (let group = 0; group < count; group += 1) {
      if (this.#before[group] === 0) groups.fields.setNumber(slots[group]!, groups.firstValue, 1);
      this.#after[group] = 1;
    }
  }

  #add(batch: Batch): void {
    const rows = this.#rows;
    rows.take(batch, this.#touched, this.#counts);
    const { calls, accumulators } = this.#plan;
    const [counter] = accumulators;
    counter?.add(null, rows.plus.rows, rows.plus.places, rows.plus.count);
    counter?.subtract?.(null, rows.minus.rows, rows.minus.places, rows.minus.count);
    let unmatched = rows.unmatched;
    const inOrder = rows.inOrder;
    for (const set of present(this.#state, 'state').distinct)
      unmatched += set.take(batch, inOrder.rows, inOrder.count);
    unmatched += this.#addToOrders(batch);
    for (const planned of calls) {
      if (planned.kind === 'distinct') this.#addDistinct(batch, planned);
      else if (planned.kind === 'record' && planned.accumulator !== counter) this.#addCall(batch, planned);
    }
    if (unmatched > 0) this.#context?.count('unmatched_changes', unmatched);
  }

  #addToOrders(batch: Batch): number {
    const { rows, places, count } = this.#rows.inOrder;
    const counted = this.#counted;
    let unmatched = 0;
    for (const [index, options] of this.#plan.orders.entries()) {
      counted.select(batch, options, rows, places, count);
      const order = present(present(this.#state, 'state').ordered[index], 'values in order');
      unmatched += order.take(batch, counted.rows, counted.count, this.#rowSlots);
    }
    return unmatched;
  }

  /** Results of min and max as they are now, into rows `at` .. */
  #readExtremes(at: number): void {
    const { builder } = this.#emitter;
    for (const [index, planned] of this.#plan.calls.entries()) {
      if (planned.kind !== 'extreme') continue;
      const order = present(present(this.#state, 'state').ordered[planned.order], 'values in order');
      const column = builder.column(this.#node.keys.length + index);
      order.readExtremes(this.#touched, planned.least, column, at);
    }
  }

  #addCall(batch: Batch, { call, accumulator }: Extract<PlannedCall, { kind: 'record' }>): void {
    const { plus, minus } = this.#rows;
    const counted = this.#counted;
    const argument = call.argument === null ? null : present(batch.columns[call.argument], 'argument');
    counted.select(batch, call, plus.rows, plus.places, plus.count);
    accumulator.add(argument, counted.rows, counted.slots, counted.count);
    if (minus.count === 0) return;
    counted.select(batch, call, minus.rows, minus.places, minus.count);
    accumulator.subtract?.(argument, counted.rows, counted.slots, counted.count);
  }

  #addDistinct(batch: Batch, { call, accumulator, place }: Extract<PlannedCall, { kind: 'distinct' }>): void {
    const set = present(present(this.#state, 'state').distinct[place.set], 'a set of values');
    const { added, addedCount, removed, removedCount } = present(set.rows[place.filter], 'rows of a filter');
    const argument = present(batch.columns[call.argument ?? -1], 'argument');
    accumulator.add(argument, added, this.#placesOf(added, addedCount), addedCount);
    if (removedCount > 0)
      accumulator.subtract?.(argument, removed, this.#placesOf(removed, removedCount), removedCount);
  }

  #placesOf(rows: Int32Array, count: number): Int32Array {
    const { groupOf, count: groups } = this.#touched;
    for (let index = 0; index < count; index += 1) this.#places[index] = groups + groupOf[rows[index]!]!;
    return this.#places;
  }

  #emit(): void {
    const { groups } = present(this.#state, 'state of an open operator');
    const { output } = present(this.#context, 'context');
    const { count, slots } = this.#touched;
    const { builder } = this.#emitter;
    const doubled = this.#doubled;
    for (let group = 0; group < count; group += 1) doubled[group] = doubled[count + group] = slots[group]!;
    groups.readKeys(doubled, 2 * count, builder.columns);
    if (!this.#onlyKeys) this.#results(count);
    this.#emitter.emit(count, this.#before, this.#after, output);
    for (let group = 0; group < count; group += 1) if (this.#after[group] === 0) this.#forget(slots[group]!); // G2
  }

  #results(count: number): void {
    const { builder } = this.#emitter;
    const keys = this.#node.keys.length;
    const rowCounts = this.#plan.rows.counts.values;
    const always = keys === 0 ? 1 : 0;
    for (let group = 0; group < count; group += 1)
      this.#after[group] = rowCounts[count + group]! > 0 ? 1 : always;
    const places = this.#places;
    for (let place = 0; place < 2 * count; place += 1) places[place] = place;
    for (const [index, planned] of this.#plan.calls.entries())
      if (planned.kind !== 'extreme')
        planned.accumulator.emit(places, 2 * count, builder.column(keys + index));
    this.#readExtremes(count);
  }

  #grow(rows: number): void {
    if (this.#rowSlots.length >= rows) return;
    this.#rowSlots = new Int32Array(rows);
    this.#doubled = new Int32Array(2 * rows);
    this.#places = new Int32Array(2 * rows);
    this.#counts = new Float64Array(rows);
    this.#before = new Uint8Array(rows);
    this.#after = new Uint8Array(rows);
  }

  watermark(micros: number): void {
    const state = present(this.#state, 'state of an open operator');
    const { output, keyGroupStart } = present(this.#context, 'context');
    // G2: over nothing, too. Key group 0 is one subtask's.
    const isAlone = this.#node.keys.length === 0 && !this.#onlyKeys && keyGroupStart === 0;
    if (isAlone && micros === Infinity && state.groups.count === 0) this.#take(noRows, 0);
    output.watermark(micros);
  }

  drain(): boolean {
    return false;
  }

  snapshot(): OperatorState {
    return { ...present(this.#state, 'state').stores.snapshot(), splits: {} };
  }

  writeAhead(): StatePiece | null {
    return this.#state?.stores.writeAhead() ?? null;
  }

  close(): void {
    this.#state = null;
    this.#context = null;
  }
}

interface OpenState {
  readonly stores: StateStores;
  readonly groups: ValueByKey;
  readonly distinct: readonly DistinctValues[];
  readonly ordered: readonly OrderedValues[];
  readonly working: WorkingSet;
  readonly expiry: Expiry;
  /** When expired state was looked for last. */
  seconds: number;
}

/** Touches the one group that there is without keys. */
const noRows: Batch = { schema: { fields: [] }, columns: [], rowCount: 1, rowKinds: null, partition: -1 };
