import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { TopNNode } from '@weir/plan/nodes/top-n.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState, StatePiece } from '../operator.ts';
import { RankEmitter } from './rank-emitter.ts';
import { RankedRows } from './ranked-rows.ts';

/**
 * The best rows of each partition so far, over rows that are only added.
 *
 * N1  Between drained calls a partition holds the rows whose rank is within the limit, and no others: each has been sent, and not taken back.
 * N2  A batch's rows are all stored first; a partition that it touched is ranked once, and the net difference comes out (D7): by place where ranks are
 *     numbered through, so that it is updates of (partition, rank); else by row.
 */
export class TopNOperator implements Operator {
  readonly #node: TopNNode;
  readonly #input: Schema;
  readonly #output: Schema;
  readonly #retracts: boolean;
  #context: OperatorContext | null = null;
  #stores: StateStores | null = null;
  #ranked: RankedRows | null = null;
  #expiry: Expiry | null = null;
  #emitter: RankEmitter | null = null;
  #slots: Int32Array = new Int32Array(0);
  #heads: Int32Array = new Int32Array(0);
  /** By slot: the batch that brought it. */
  #broughtBy: Float64Array = new Float64Array(0);
  #batch = 0;
  /** Heads of the partitions that are still to be ranked. */
  readonly #touched: number[] = [];
  /** Records that are out and go once they were emitted. */
  readonly #leaving: number[] = [];

  constructor(node: TopNNode, input: Schema, output: Schema, changes: ChangeMode) {
    this.#node = node;
    this.#input = input;
    this.#output = output;
    this.#retracts = changes.kind === 'retract';
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const { partition, order, function: how, limit, ttlMs } = this.#node;
    const ranked = new RankedRows(stores, 0, { schema: this.#input, partition, order, function: how, limit });
    stores.ready();
    this.#stores = stores;
    this.#ranked = ranked;
    this.#expiry = new Expiry(ranked.rows.store, Math.ceil(ttlMs / 1000));
    const width = this.#input.fields.length;
    this.#emitter = new RankEmitter(this.#output, width, ranked.rows.fields, context.output, true);
  }

  process(batch: Batch): void {
    assert(batch.rowKinds === null, 'the compiler gives a Top-N inserts only');
    assert(this.#touched.length === 0, 'the operator was drained before the next batch');
    const ranked = present(this.#ranked, 'rows of an open operator');
    this.#expire(ranked);
    const { rowCount } = batch;
    if (this.#slots.length < rowCount) {
      this.#slots = new Int32Array(rowCount);
      this.#heads = new Int32Array(rowCount);
    }
    ranked.insert(batch, this.#slots, this.#heads);
    this.#batch += 1;
    for (let row = 0; row < rowCount; row += 1) this.#mark(this.#slots[row]!);
    const seen = new Set<number>();
    for (let row = 0; row < rowCount; row += 1) {
      const head = this.#heads[row]!;
      if (seen.has(head)) continue;
      seen.add(head);
      this.#touched.push(head);
    }
  }

  #expire({ rows }: RankedRows): void {
    const now = Math.floor(present(this.#context, 'context').clock.nowMs() / 1000);
    rows.store.now = now;
    for (const slot of present(this.#expiry, 'expiry').due(now)) rows.remove(slot);
  }

  #mark(slot: number): void {
    if (slot >= this.#broughtBy.length) {
      const grown = new Float64Array(Math.max(1024, slot + 1, 2 * this.#broughtBy.length));
      grown.set(this.#broughtBy);
      this.#broughtBy = grown;
    }
    this.#broughtBy[slot] = this.#batch;
  }

  #isNew(slot: number): boolean {
    return this.#broughtBy[slot] === this.#batch;
  }

  drain(): boolean {
    if (this.#touched.length === 0) return false;
    const ranked = present(this.#ranked, 'rows');
    const emitter = present(this.#emitter, 'emitter');
    // About a batch a call; a partition in one piece.
    while (this.#touched.length > 0 && emitter.room > 2 * Math.min(64, this.#node.limit)) {
      ranked.rank(this.#touched.pop()!);
      if (!this.#node.rank) this.#emitRows(ranked, emitter);
      else if (this.#node.function === 'row_number') this.#emitPlaces(ranked, emitter);
      else this.#emitRanks(ranked, emitter);
      for (let place = ranked.kept; place < ranked.slots.length; place += 1)
        this.#leaving.push(ranked.slots[place]!);
    }
    emitter.flush();
    for (const slot of this.#leaving) ranked.rows.remove(slot);
    this.#leaving.length = 0;
    return true;
  }

  /** Without ranks: rows that are out go, new ones come; of one row a partition that is an update. */
  #emitRows({ slots, kept }: RankedRows, emitter: RankEmitter): void {
    const single = this.#node.limit === 1 && this.#node.function === 'row_number';
    const old = slots.findIndex((slot) => !this.#isNew(slot));
    if (single) {
      const best = slots[0]!;
      if (!this.#isNew(best)) return;
      if (old < 0) emitter.add(best, 1, rowKind.insert);
      else this.#update(emitter, slots[old]!, 1, best, 1);
      return;
    }
    for (let place = kept; place < slots.length; place += 1)
      if (!this.#isNew(slots[place]!)) emitter.add(slots[place]!, 0, rowKind.delete);
    for (let place = 0; place < kept; place += 1)
      if (this.#isNew(slots[place]!)) emitter.add(slots[place]!, 0, rowKind.insert);
  }

  /** Row numbers: the row at each place, before and after. */
  #emitPlaces({ slots, kept }: RankedRows, emitter: RankEmitter): void {
    let old = -1;
    for (let place = 0; place < kept; place += 1) {
      do old += 1;
      while (old < slots.length && this.#isNew(slots[old]!));
      const [now, before] = [slots[place]!, slots[old]];
      if (now === before) continue;
      if (before === undefined) emitter.add(now, place + 1, rowKind.insert);
      else this.#update(emitter, before, place + 1, now, place + 1);
    }
  }

  /** RANK and DENSE_RANK: of each row its rank before and after. Before this batch the new ones were not there. */
  #emitRanks(ranked: RankedRows, emitter: RankEmitter): void {
    const { slots, ranks, kept } = ranked;
    const before = ranked.ranksWithout((slot) => this.#isNew(slot));
    for (let place = 0; place < slots.length; place += 1) {
      const [slot, rank] = [slots[place]!, ranks[place]!];
      const old = before[place]!;
      const isKept = place < kept;
      if (this.#isNew(slot)) {
        if (isKept) emitter.add(slot, rank, rowKind.insert);
      } else if (!isKept) emitter.add(slot, old, rowKind.delete);
      else if (old !== rank) this.#update(emitter, slot, old, slot, rank);
    }
  }

  #update(emitter: RankEmitter, before: number, oldRank: number, now: number, rank: number): void {
    if (!this.#retracts) {
      emitter.add(now, rank, rowKind.updateAfter);
      return;
    }
    if (emitter.room < 2) emitter.flush();
    emitter.add(before, oldRank, rowKind.updateBefore);
    emitter.add(now, rank, rowKind.updateAfter);
  }

  watermark(micros: number): void {
    this.#context?.output.watermark(micros);
  }

  snapshot(): OperatorState {
    const { written, kept } = present(this.#stores, 'stores').snapshot();
    return { written, kept, splits: {} };
  }

  writeAhead(): StatePiece | null {
    return this.#stores?.writeAhead() ?? null;
  }

  close(): void {
    this.#stores = null;
    this.#ranked = null;
    this.#emitter = null;
    this.#context = null;
  }
}
