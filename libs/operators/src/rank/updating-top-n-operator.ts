import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { bigintType, doubleType, type Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { TopNNode } from '@weir/plan/nodes/top-n.ts';
import { KeyEncoder } from '@weir/state/key-encoding.ts';
import { OrderedIndex } from '@weir/state/kinds/ordered-index.ts';
import { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import { ValueByKey } from '@weir/state/kinds/value-by-key.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import {
  maxBatchRows,
  type Operator,
  type OperatorContext,
  type OperatorState,
  type RestoredState,
  type StatePiece,
} from '../operator.ts';
import { OrderBytes, orderField, tieBytes } from './order-bytes.ts';
import { RankEmitter } from './rank-emitter.ts';

/** What a partition showed before a batch, as records by place with their ranks. */
interface Shown {
  readonly group: number;
  readonly slots: readonly number[];
  readonly ranks: readonly number[];
}

interface OpenState {
  readonly stores: StateStores;
  /** A record a partition, which counts its rows. */
  readonly partitions: ValueByKey;
  /** All rows; equal ones share a record. */
  readonly rows: RowsByKey;
  readonly emitter: RankEmitter;
  readonly expiry: Expiry;
}

/**
 * The first rows of each partition, of rows that come and go: all are held, in order.
 *
 * U1  The index holds exactly the records that stand for rows, in the group of their partition's record.
 * U2  A batch is taken in whole, what goes first; then each partition that it touched is looked at once, and the net difference comes out (D7).
 * U3  Records that stand for nothing any more go when the difference is out. What goes and was never there is counted and dropped.
 */
export class UpdatingTopNOperator implements Operator {
  readonly #node: TopNNode;
  readonly #input: Schema;
  readonly #output: Schema;
  readonly #retracts: boolean;
  readonly #order: OrderBytes;
  readonly #sortColumn: number;
  readonly #index = new OrderedIndex((a, b) => this.#compare(a, b));
  readonly #gatherer: BatchGatherer;
  readonly #encoder = new KeyEncoder();
  readonly #touched = new Map<number, Shown>();
  readonly #leaving = new Set<number>();
  #context: OperatorContext | null = null;
  #state: OpenState | null = null;
  #selection: Int32Array = new Int32Array(0);
  #slots: Int32Array = new Int32Array(0);
  #groups: Int32Array = new Int32Array(0);
  /** By record: its partition's record + 1 while it is in the index, else 0. */
  #groupOf: Int32Array = new Int32Array(0);

  constructor(node: TopNNode, input: Schema, output: Schema, changes: ChangeMode) {
    this.#node = node;
    this.#input = input;
    this.#output = output;
    this.#retracts = changes.kind === 'retract';
    this.#sortColumn = input.fields.length;
    this.#order = new OrderBytes(node.order, input.fields.length);
    this.#gatherer = new BatchGatherer(input);
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const { partition } = this.#node;
    const columns = [...this.#input.fields, orderField];
    const rows = stores.open(
      0,
      (place) => new RowsByKey({ columns, key: partition, identity: 'whole row' }, place),
    );
    const keys = partition.map((key) => present(this.#input.fields[key], 'a key').type);
    const values = [{ name: 'rows', type: doubleType }];
    const partitions = stores.open(1, (place) => new ValueByKey({ keys, values }, place));
    stores.ready();
    const emitter = new RankEmitter(this.#output, this.#sortColumn, rows.fields, context.output, true);
    const expiry = new Expiry(rows.store, Math.ceil(this.#node.ttlMs / 1000));
    this.#state = { stores, rows, partitions, emitter, expiry };
    this.#rebuild(rows, partitions);
  }

  /** The index is derived from the records. */
  #rebuild(rows: RowsByKey, partitions: ValueByKey): void {
    const { partition } = this.#node;
    const fields = partition.map((key) => present(this.#input.fields[key], 'a key'));
    const builder = new BatchBuilder(
      { fields: fields.length === 0 ? [{ name: 'none', type: bigintType, nullable: false }] : fields },
      maxBatchRows,
    );
    const places = partition.map((_, place) => place);
    let live: number[] = [];
    const flush = (): void => {
      const slots = Int32Array.from(live);
      builder.reset();
      partition.forEach((key, place) => rows.fields.read(key, slots, slots.length, builder.column(place)));
      builder.rowCount = slots.length;
      const groups = new Int32Array(slots.length);
      partitions.find(builder.batch(), places, groups);
      for (const [index, slot] of slots.entries()) this.#enter(groups[index]!, slot);
      live = [];
    };
    rows.store.forEachLive((slot) => {
      live.push(slot);
      if (live.length === maxBatchRows) flush();
    });
    if (live.length > 0) flush();
  }

  #open(): OpenState {
    return present(this.#state, 'state of an open operator');
  }

  #compare(a: number, b: number): number {
    return this.#open().rows.fields.compare(a, b, this.#sortColumn, 0);
  }

  #enter(group: number, slot: number): void {
    if (slot >= this.#groupOf.length) {
      const grown = new Int32Array(Math.max(1024, slot + 1, 2 * this.#groupOf.length));
      grown.set(this.#groupOf);
      this.#groupOf = grown;
    }
    if (this.#groupOf[slot] !== 0) return;
    this.#groupOf[slot] = group + 1;
    this.#index.insert(group, 0, slot);
  }

  process(batch: Batch): void {
    assert(this.#touched.size === 0, 'the operator was drained before the next batch');
    this.#expire();
    this.#grow(batch.rowCount);
    const { rowKinds } = batch;
    const going = rowKinds === null ? null : this.#select(batch, (row) => isMinus(rowKinds[row]!));
    const debts = going === null ? null : this.#takeBack(going);
    const coming = this.#select(
      batch,
      (row) => (rowKinds === null || !isMinus(rowKinds[row]!)) && !this.#paysDebt(batch, row, debts),
    );
    if (coming !== null) this.#take(coming);
    let unmatched = 0;
    for (const count of debts?.values() ?? []) unmatched += count;
    if (unmatched > 0) this.#context?.count('unmatched_changes', unmatched);
  }

  /** Forgets, silently, what was not written to for so long. */
  #expire(): void {
    const { rows, partitions, expiry } = this.#open();
    const now = Math.floor(present(this.#context, 'context').clock.nowMs() / 1000);
    rows.store.now = now;
    partitions.store.now = now;
    for (const slot of expiry.due(now)) {
      const group = this.#groupOf[slot]! - 1;
      this.#index.remove(group, 0, slot);
      this.#groupOf[slot] = 0;
      this.#count(group, -rows.countOf(slot));
      rows.remove(slot);
      if (partitions.fields.number(group, partitions.firstValue) <= 0) partitions.remove(group);
    }
  }

  #grow(rows: number): void {
    if (this.#slots.length >= rows) return;
    this.#selection = new Int32Array(rows);
    this.#slots = new Int32Array(rows);
    this.#groups = new Int32Array(rows);
  }

  #select(batch: Batch, wanted: (row: number) => boolean): Batch | null {
    let count = 0;
    for (let row = 0; row < batch.rowCount; row += 1) if (wanted(row)) this.#selection[count++] = row;
    if (count === 0) return null;
    return this.#gatherer.gather({ ...batch, rowKinds: null }, this.#selection, count);
  }

  #withOrder(batch: Batch): Batch {
    return { ...batch, columns: [...batch.columns, this.#order.column(batch)] };
  }

  /** Rows that go. @returns those that weren't there: they may come later in the batch */
  #takeBack(going: Batch): Map<string, number> | null {
    const { rows, partitions } = this.#open();
    rows.find(this.#withOrder(going), this.#slots);
    partitions.find(going, this.#node.partition, this.#groups);
    let debts: Map<string, number> | null = null;
    for (let row = 0; row < going.rowCount; row += 1) {
      const slot = this.#slots[row]!;
      const group = this.#groups[row]!;
      if (slot >= 0) this.#touch(group);
      if (slot >= 0 && rows.lessen(slot)) {
        this.#count(group, -1);
        this.#leaving.add(slot);
        continue;
      }
      debts ??= new Map();
      const text = this.#textOf(going, row);
      debts.set(text, (debts.get(text) ?? 0) + 1);
    }
    return debts;
  }

  #paysDebt(batch: Batch, row: number, debts: Map<string, number> | null): boolean {
    if (debts === null || debts.size === 0) return false;
    const text = this.#textOf(batch, row);
    const count = debts.get(text);
    if (count === undefined) return false;
    if (count === 1) debts.delete(text);
    else debts.set(text, count - 1);
    return true;
  }

  #textOf(batch: Batch, row: number): string {
    const length = this.#encoder.encode(batch.columns, row);
    let text = '';
    for (let at = 0; at < length; at += 1) text += String.fromCharCode(this.#encoder.bytes[at]!);
    return text;
  }

  #take(coming: Batch): void {
    const { rows, partitions } = this.#open();
    partitions.findOrCreate(coming, this.#node.partition, this.#groups);
    for (let row = 0; row < coming.rowCount; row += 1) this.#touch(this.#groups[row]!);
    rows.insert(this.#withOrder(coming), this.#slots);
    for (let row = 0; row < coming.rowCount; row += 1) {
      this.#count(this.#groups[row]!, 1);
      this.#enter(this.#groups[row]!, this.#slots[row]!);
    }
  }

  #count(group: number, by: number): void {
    const { partitions } = this.#open();
    const { fields, firstValue } = partitions;
    fields.setNumber(group, firstValue, fields.number(group, firstValue) + by);
    partitions.store.changed(group);
  }

  #touch(group: number): void {
    if (!this.#touched.has(group)) this.#touched.set(group, this.#shown(group));
  }

  /** What a partition shows now; a record that stands for nothing has no copies. */
  #shown(group: number): Shown {
    const { rows } = this.#open();
    const { limit, function: how } = this.#node;
    const slots: number[] = [];
    const ranks: number[] = [];
    let counted = 0;
    let rank = 0;
    let previous = -1;
    this.#index.forEach(group, (slot) => {
      const tied = previous >= 0 && rows.fields.compare(previous, slot, this.#sortColumn, tieBytes) === 0;
      previous = slot;
      const times = rows.countOf(slot);
      for (let copy = 0; copy < times; copy += 1) {
        counted += 1;
        if (how === 'row_number') rank = counted;
        else if (!tied && copy === 0) rank = how === 'dense_rank' ? rank + 1 : counted;
        if (rank > limit) return false;
        slots.push(slot);
        ranks.push(rank);
      }
      return true;
    });
    return { group, slots, ranks };
  }

  drain(): boolean {
    if (this.#touched.size === 0) return false;
    const { emitter } = this.#open();
    for (const [group, before] of this.#touched) {
      this.#touched.delete(group);
      this.#emit(before, this.#shown(group));
      if (emitter.room < maxBatchRows / 2) break;
    }
    emitter.flush();
    if (this.#touched.size === 0) this.#settle();
    return true;
  }

  #emit(before: Shown, after: Shown): void {
    const { emitter } = this.#open();
    const single = this.#node.limit === 1 && this.#node.function === 'row_number';
    if (single || (this.#node.rank && this.#node.function === 'row_number')) {
      this.#emitPlaces(before, after);
      return;
    }
    const rank = this.#node.rank;
    const left = new Map<string, number>();
    const keyOf = (shown: Shown, place: number): string =>
      rank ? `${shown.slots[place]} ${shown.ranks[place]}` : String(shown.slots[place]);
    after.slots.forEach((_, place) => {
      const key = keyOf(after, place);
      left.set(key, (left.get(key) ?? 0) + 1);
    });
    before.slots.forEach((slot, place) => {
      const key = keyOf(before, place);
      const count = left.get(key) ?? 0;
      if (count > 0) left.set(key, count - 1);
      else emitter.add(slot, before.ranks[place]!, rowKind.delete);
    });
    after.slots.forEach((slot, place) => {
      const key = keyOf(after, place);
      const count = left.get(key) ?? 0;
      if (count === 0) return;
      left.set(key, count - 1);
      emitter.add(slot, after.ranks[place]!, rowKind.insert);
    });
  }

  /** The row at each place, before and after. */
  #emitPlaces(before: Shown, after: Shown): void {
    const { emitter } = this.#open();
    const places = Math.max(before.slots.length, after.slots.length);
    for (let place = 0; place < places; place += 1) {
      const [old, now] = [before.slots[place], after.slots[place]];
      if (old === now) continue;
      if (old === undefined) emitter.add(now!, place + 1, rowKind.insert);
      else if (now === undefined) emitter.add(old, place + 1, rowKind.delete);
      else if (this.#retracts) {
        if (emitter.room < 2) emitter.flush();
        emitter.add(old, place + 1, rowKind.updateBefore);
        emitter.add(now, place + 1, rowKind.updateAfter);
      } else emitter.add(now, place + 1, rowKind.updateAfter);
    }
  }

  /** U3 */
  #settle(): void {
    const { rows, partitions } = this.#open();
    const emptied = new Set<number>();
    for (const slot of this.#leaving) {
      if (rows.countOf(slot) > 0) continue;
      const group = this.#groupOf[slot]! - 1;
      this.#index.remove(group, 0, slot);
      this.#groupOf[slot] = 0;
      rows.remove(slot);
      if (partitions.fields.number(group, partitions.firstValue) <= 0) emptied.add(group);
    }
    this.#leaving.clear();
    for (const group of emptied) partitions.remove(group);
  }

  watermark(micros: number): void {
    this.#context?.output.watermark(micros);
  }

  snapshot(): OperatorState {
    const { written, kept } = this.#open().stores.snapshot();
    return { written, kept, splits: {} };
  }

  writeAhead(): StatePiece | null {
    return this.#state?.stores.writeAhead() ?? null;
  }

  close(): void {
    this.#state = null;
    this.#context = null;
  }
}
