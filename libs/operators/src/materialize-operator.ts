import type { Batch } from '@weir/columnar/batch.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { splitBySign } from '@weir/columnar/row-kinds.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { MaterializeNode } from '@weir/plan/nodes/materialize.ts';
import { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import { BatchGroups } from './batch-groups.ts';
import { ChangeEmitter } from './change-emitter.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState, StatePiece } from './operator.ts';

/**
 * Before a table whose key is not one of the query's (D9): of the rows that share a key the one that came last stands, and when it goes, the one before it.
 *
 * M1  Rows of a key are told apart by their arrival number, which stands in their record (its degree): the order is the same after a restore.
 */
export class MaterializeOperator implements Operator {
  readonly #node: MaterializeNode;
  readonly #schema: Schema;
  readonly #ttlSeconds: number;
  readonly #emitter: ChangeEmitter;
  readonly #groups = new BatchGroups();
  readonly #come: BatchGatherer;
  readonly #go: BatchGatherer;
  #state: { readonly stores: StateStores; readonly rows: RowsByKey; readonly expiry: Expiry } | null = null;
  #context: OperatorContext | null = null;
  #seconds = -1;
  /** Of the row that came last. */
  #arrival = 0;
  #slots = new Int32Array(0);
  #read = new Int32Array(0);
  #plus = new Int32Array(0);
  #minus = new Int32Array(0);
  #before = new Uint8Array(0);
  #after = new Uint8Array(0);

  constructor(node: MaterializeNode, input: Schema) {
    this.#node = node;
    this.#schema = input;
    this.#ttlSeconds = Math.ceil(node.ttlMs / 1000);
    this.#emitter = new ChangeEmitter(input, { kind: 'upsert', key: node.key });
    this.#come = new BatchGatherer(input);
    this.#go = new BatchGatherer(input);
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const { key } = this.#node;
    const options = { columns: this.#schema.fields, key, identity: 'whole row' } as const;
    const rows = stores.open(0, (place) => new RowsByKey(options, place));
    stores.ready();
    this.#arrival = 0;
    rows.store.forEachLive((slot) => (this.#arrival = Math.max(this.#arrival, rows.degreeOf(slot))));
    this.#state = { stores, rows, expiry: new Expiry(rows.store, this.#ttlSeconds) };
  }

  process(batch: Batch): void {
    const { output } = present(this.#context, 'context');
    this.#expire();
    this.#grow(batch.rowCount);
    this.#groups.take(batch, this.#node.key);
    const { count } = this.#groups;
    this.#emitter.begin(count);
    this.#readLast(batch, this.#before, 0);
    this.#apply(batch);
    this.#readLast(batch, this.#after, count);
    this.#emitter.emit(count, this.#before, this.#after, output);
  }

  /** Rows that nothing was written to for long are forgotten, silently; asked once a second at most. */
  #expire(): void {
    const { rows, expiry } = present(this.#state, 'state of an open operator');
    const now = Math.floor(present(this.#context, 'context').clock.nowMs() / 1000);
    if (now === this.#seconds) return;
    this.#seconds = now;
    rows.store.now = now;
    for (const slot of expiry.due(now)) rows.remove(slot);
  }

  /** Rows come before others go: a row that goes and comes again in one batch is there all along. */
  #apply(batch: Batch): void {
    const { rows } = present(this.#state, 'state of an open operator');
    const come = splitBySign(batch, this.#plus, this.#minus);
    const goes = batch.rowCount - come;
    const all = goes === 0 ? batch : this.#come.gather(batch, this.#plus, come);
    rows.insert(all, this.#slots);
    for (let row = 0; row < come; row += 1) {
      this.#arrival += 1;
      rows.setDegree(this.#slots[row]!, this.#arrival); // M1
    }
    if (goes === 0) return;
    rows.find(this.#go.gather(batch, this.#minus, goes), this.#slots);
    let unmatched = 0;
    for (let row = 0; row < goes; row += 1) {
      const slot = this.#slots[row]!;
      // Equal rows share a record, which may be gone by now.
      if (slot >= 0 && rows.store.isLive(slot)) rows.takeBack(slot);
      else unmatched += 1;
    }
    if (unmatched > 0) this.#context?.count('unmatched_changes', unmatched);
  }

  /** The row that stands for each key of the batch, into rows `at` .. */
  #readLast(batch: Batch, has: Uint8Array, at: number): void {
    const { rows } = present(this.#state, 'state of an open operator');
    const { count, firstRow } = this.#groups;
    rows.probe(batch, this.#node.key, this.#slots);
    for (let group = 0; group < count; group += 1) {
      let last = -1;
      for (let slot = this.#slots[firstRow[group]!]!; slot >= 0; slot = rows.nextOf(slot))
        if (last < 0 || rows.degreeOf(slot) > rows.degreeOf(last)) last = slot;
      this.#read[group] = last;
      has[group] = last >= 0 ? 1 : 0;
    }
    const { builder } = this.#emitter;
    for (const column of this.#schema.fields.keys())
      rows.fields.read(column, this.#read, count, builder.column(column), at);
  }

  #grow(rows: number): void {
    if (this.#slots.length >= rows) return;
    this.#slots = new Int32Array(rows);
    this.#read = new Int32Array(rows);
    this.#plus = new Int32Array(rows);
    this.#minus = new Int32Array(rows);
    this.#before = new Uint8Array(rows);
    this.#after = new Uint8Array(rows);
  }

  watermark(micros: number): void {
    this.#context?.output.watermark(micros);
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
