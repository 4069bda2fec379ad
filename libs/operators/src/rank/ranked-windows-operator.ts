import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { TopNNode } from '@weir/plan/nodes/top-n.ts';
import { TimeIndex } from '@weir/state/kinds/time-index.ts';
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
import { restoredWatermark, watermarkSplit } from '../stored-watermark.ts';
import { RankEmitter } from './rank-emitter.ts';
import { RankedRows } from './ranked-rows.ts';

/**
 * The best rows of each partition once it is known that no better ones can come: those of a window when the watermark has reached its end (`window`), the
 * first by event time when the watermark is above it (`first`).
 *
 * W1  A partition holds the rows that are within the limit, and no others; each has an entry in the time index.
 * W2  `window`: all rows of a partition are due at once, come out together and go. `first`: the row that is out stays as a mark (degree 1), so that no
 *     other of its partition ever comes.
 * W3  A row that comes for a window that is out is late: counted and dropped.
 */
export class RankedWindowsOperator implements Operator {
  readonly #node: TopNNode;
  readonly #input: Schema;
  readonly #output: Schema;
  readonly #first: boolean;
  readonly #keys: BatchBuilder;
  readonly #keyPlaces: readonly number[];
  readonly #times = new TimeIndex();
  #context: OperatorContext | null = null;
  #stores: StateStores | null = null;
  #ranked: RankedRows | null = null;
  #emitter: RankEmitter | null = null;
  #expiry: Expiry | null = null;
  #slots: Int32Array = new Int32Array(0);
  #heads: Int32Array = new Int32Array(0);
  #watermark = -Infinity;
  /** The last one passed on. Lower than #watermark after a restore: what reads this knows nothing of it. */
  #passedOn = -Infinity;
  #held: number | null = null;

  constructor(node: TopNNode, input: Schema, output: Schema) {
    this.#node = node;
    this.#input = input;
    this.#output = output;
    this.#first = node.emit === 'first';
    this.#keys = new BatchBuilder(
      { fields: node.partition.map((key) => present(input.fields[key], 'a key')) },
      maxBatchRows,
    );
    this.#keyPlaces = node.partition.map((_, place) => place);
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
    if (this.#first) this.#expiry = new Expiry(ranked.rows.store, Math.ceil(ttlMs / 1000));
    const width = this.#input.fields.length;
    this.#watermark = restoredWatermark(restored, start, end);
    this.#emitter = new RankEmitter(this.#output, width, ranked.rows.fields, context.output, false);
    ranked.rows.store.forEachLive((slot) => {
      if (ranked.rows.degreeOf(slot) === 0) this.#times.add(slot, this.#dueAt(ranked, slot));
    });
  }

  /** The last moment at which a row may still be joined by others: its window's last one, or its own time. */
  #dueAt({ rows }: RankedRows, slot: number): number {
    const micros = Number(rows.fields.exact(slot, present(this.#node.time, 'a time column')));
    return this.#first ? micros : micros - 1;
  }

  process(batch: Batch): void {
    assert(batch.rowKinds === null, 'the compiler gives a Top-N of windows inserts only');
    const ranked = present(this.#ranked, 'rows of an open operator');
    this.#expire(ranked);
    const { rowCount } = batch;
    if (this.#slots.length < rowCount) {
      this.#slots = new Int32Array(rowCount);
      this.#heads = new Int32Array(rowCount);
    }
    ranked.insert(batch, this.#slots, this.#heads);
    const late = this.#first ? 0 : this.#dropLate(batch, ranked);
    if (late > 0) this.#context?.count('late_rows', late);
    const seen = new Set<number>();
    for (let row = 0; row < rowCount; row += 1) {
      const slot = this.#slots[row]!;
      if (slot >= 0) this.#times.add(slot, this.#dueAt(ranked, slot));
    }
    for (let row = 0; row < rowCount; row += 1) {
      const head = this.#heads[row]!;
      if (this.#slots[row]! < 0 || seen.has(head)) continue;
      seen.add(head);
      this.#trim(ranked, head);
    }
  }

  #expire({ rows }: RankedRows): void {
    if (this.#expiry === null) return;
    const now = Math.floor(present(this.#context, 'context').clock.nowMs() / 1000);
    rows.store.now = now;
    for (const slot of this.#expiry.due(now)) {
      this.#times.remove(slot);
      rows.remove(slot);
    }
  }

  /** W3. Slots of late rows become -1. */
  #dropLate(batch: Batch, ranked: RankedRows): number {
    let late = 0;
    for (let row = 0; row < batch.rowCount; row += 1) {
      const slot = this.#slots[row]!;
      if (this.#dueAt(ranked, slot) >= this.#watermark) continue;
      late += 1;
      this.#slots[row] = -1;
      ranked.rows.remove(slot);
    }
    if (late > 0) ranked.rows.probe(batch, this.#node.partition, this.#heads);
    return late;
  }

  /** W1, W2. */
  #trim(ranked: RankedRows, head: number): void {
    ranked.rank(head);
    const { slots } = ranked;
    const done = this.#first ? slots.find((slot) => ranked.rows.degreeOf(slot) === 1) : undefined;
    slots.forEach((slot, place) => {
      if (done === undefined ? place < ranked.kept : slot === done) return;
      this.#times.remove(slot);
      ranked.rows.remove(slot);
    });
  }

  watermark(micros: number): void {
    assert(this.#held === null, 'the operator was drained before the next watermark');
    if (micros < this.#watermark || micros <= this.#passedOn) return;
    this.#watermark = micros;
    this.#held = micros;
  }

  drain(): boolean {
    if (this.#held === null) return false;
    const ranked = present(this.#ranked, 'rows');
    if (this.#release(ranked)) return true;
    this.#context?.output.watermark(this.#held);
    this.#passedOn = this.#held;
    this.#held = null;
    return false;
  }

  /** About a batch of what is due. False when nothing is left. */
  #release(ranked: RankedRows): boolean {
    const due = this.#due(ranked);
    if (due.length === 0) return false;
    const emitter = present(this.#emitter, 'emitter');
    const slots = Int32Array.from(due);
    const heads = new Int32Array(due.length);
    ranked.rows.probe(this.#keysOf(ranked, slots), this.#keyPlaces, heads);
    const seen = new Set<number>();
    const out: number[] = [];
    for (const head of heads) {
      if (head < 0 || seen.has(head)) continue;
      seen.add(head);
      ranked.rank(head);
      for (let place = 0; place < ranked.kept; place += 1) {
        emitter.add(ranked.slots[place]!, ranked.ranks[place]!, 0);
        out.push(ranked.slots[place]!);
      }
    }
    emitter.flush();
    for (const slot of out) {
      this.#times.remove(slot);
      if (this.#first) ranked.rows.setDegree(slot, 1);
      else ranked.rows.remove(slot);
    }
    return true;
  }

  #due({ rows }: RankedRows): number[] {
    const due: number[] = [];
    const before =
      Math.abs(this.#watermark) < Number.MAX_SAFE_INTEGER ? this.#watermark - 1 : this.#watermark;
    while (due.length < maxBatchRows) {
      const slot = this.#times.pop(before, () => -Infinity);
      if (slot < 0) break;
      if (rows.store.isLive(slot)) due.push(slot);
    }
    return due;
  }

  #keysOf({ rows }: RankedRows, slots: Int32Array): Batch {
    this.#keys.reset();
    this.#node.partition.forEach((key, place) => {
      rows.fields.read(key, slots, slots.length, this.#keys.column(place));
    });
    this.#keys.rowCount = slots.length;
    return this.#keys.batch();
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
    this.#emitter = null;
    this.#context = null;
  }
}
