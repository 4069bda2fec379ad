import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { BytesColumn } from '@weir/columnar/column.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { doubleType, type Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { TopNNode } from '@weir/plan/nodes/top-n.ts';
import { ValueByKey } from '@weir/state/kinds/value-by-key.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import { compareBytes } from '../expression/text-runtime.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState, StatePiece } from '../operator.ts';
import { OrderBytes, orderField } from './order-bytes.ts';

interface OpenState {
  readonly stores: StateStores;
  readonly best: ValueByKey;
  readonly expiry: Expiry;
}

/**
 * The best row of each partition so far, over rows that are only added, for readers who don't ask for the row before it (`upsert`).
 *
 * B1  Of a partition's best row its order alone is held: the row itself was sent.
 * B2  A batch gives the best row of each partition that it betters, once (D7).
 */
export class BestRowOperator implements Operator {
  readonly #node: TopNNode;
  readonly #input: Schema;
  readonly #order: OrderBytes;
  readonly #gatherer: BatchGatherer;
  #context: OperatorContext | null = null;
  #state: OpenState | null = null;
  #slots: Int32Array = new Int32Array(0);
  #selection: Int32Array = new Int32Array(0);
  #kinds: Uint8Array = new Uint8Array(0);
  /** By record: the batch's best row of its partition + 1, as long as `#touched` has the record. */
  #winners: Int32Array = new Int32Array(0);
  #touched: Int32Array = new Int32Array(0);

  constructor(node: TopNNode, input: Schema) {
    this.#node = node;
    this.#input = input;
    this.#order = new OrderBytes(node.order, input.fields.length);
    this.#gatherer = new BatchGatherer(input);
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const keys = this.#node.partition.map((key) => present(this.#input.fields[key], 'a key').type);
    const values = [orderField, { name: 'set', type: doubleType }];
    const best = stores.open(0, (place) => new ValueByKey({ keys, values, use: 'best row' }, place));
    stores.ready();
    this.#state = { stores, best, expiry: new Expiry(best.store, Math.ceil(this.#node.ttlMs / 1000)) };
  }

  process(batch: Batch): void {
    assert(batch.rowKinds === null, 'the compiler gives it inserts only');
    const state = present(this.#state, 'state of an open operator');
    const { best } = state;
    this.#expire(state);
    const { rowCount } = batch;
    this.#grow(rowCount);
    const order = this.#order.column(batch);
    assert(order.kind === 'bytes', 'an order is bytes');
    best.findOrCreate(batch, this.#node.partition, this.#slots);
    const touched = this.#bestOfBatch(order, rowCount, best.store.slots);
    let count = 0;
    for (let index = 0; index < touched; index += 1) {
      const slot = this.#touched[index]!;
      const row = this.#winners[slot]! - 1;
      this.#winners[slot] = 0;
      const isNew = best.fields.number(slot, best.firstValue + 1) === 0;
      const [start, end] = [order.starts[row]!, order.ends[row]!];
      if (!isNew && !best.fields.isAfter(slot, best.firstValue, order.data, start, end)) continue;
      best.fields.write(slot, best.firstValue, order, row);
      best.fields.setNumber(slot, best.firstValue + 1, 1);
      this.#selection[count] = row;
      this.#kinds[count] = isNew ? rowKind.insert : rowKind.updateAfter;
      count += 1;
    }
    if (count === 0) return;
    const rows = this.#gatherer.gather(batch, this.#selection, count);
    this.#context?.output.emit({ ...rows, rowKinds: this.#kinds });
  }

  /** Finds the best row of each partition among the batch's; returns how many partitions there are. */
  #bestOfBatch(order: BytesColumn, rowCount: number, records: number): number {
    if (this.#winners.length < records) {
      const grown = new Int32Array(Math.max(records, 2 * this.#winners.length));
      grown.set(this.#winners);
      this.#winners = grown;
    }
    const { data, starts, ends } = order;
    let touched = 0;
    for (let row = 0; row < rowCount; row += 1) {
      const slot = this.#slots[row]!;
      const known = this.#winners[slot]! - 1;
      if (known < 0) this.#touched[touched++] = slot;
      else if (compareBytes(data, starts[row]!, ends[row]!, data, starts[known]!, ends[known]!) >= 0)
        continue;
      this.#winners[slot] = row + 1;
    }
    return touched;
  }

  #expire({ best, expiry }: OpenState): void {
    const now = Math.floor(present(this.#context, 'context').clock.nowMs() / 1000);
    best.store.now = now;
    for (const slot of expiry.due(now)) best.remove(slot);
  }

  #grow(rows: number): void {
    if (this.#slots.length >= rows) return;
    this.#slots = new Int32Array(rows);
    this.#selection = new Int32Array(rows);
    this.#touched = new Int32Array(rows);
    this.#kinds = new Uint8Array(rows);
  }

  watermark(micros: number): void {
    this.#context?.output.watermark(micros);
  }

  drain(): boolean {
    return false;
  }

  snapshot(): OperatorState {
    const { written, kept } = present(this.#state, 'state').stores.snapshot();
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
