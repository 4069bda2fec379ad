import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import { keepsUnmatched, type JoinStyle } from '@weir/plan/nodes/join.ts';
import type { RegularJoinNode } from '@weir/plan/nodes/regular-join.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import { WatermarkMerger } from '../merge-watermarks.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState, StatePiece } from '../operator.ts';
import { JoinCondition } from './join-condition.ts';
import { sideKeys } from './join-keys.ts';
import { PairEmitter } from './pair-emitter.ts';
import { PairReader } from './pair-reader.ts';
import { PairWork } from './pair-work.ts';
import { StoredSide } from './stored-side.ts';

/** What the rows of a join's inputs say, and those that it gives. */
export interface JoinChanges {
  readonly inputs: readonly ChangeMode[];
  readonly output: ChangeMode;
}

/**
 * Joins two tables that are updated, or grow, for all time: each side's rows are held by key.
 *
 * R1  A change of one side meets the rows of the other as they are: of a batch first what goes, then what comes.
 * R2  The degree of a row of a side that keeps what is unmatched (left of left, full, semi and anti; right of right and full) is how many rows of the
 *     other side match it, equal ones each: from 0 to 1 and back its padded row goes and comes, or the row itself does (semi; anti the other way).
 * R3  The rows of a batch are in the store before pairs are made, and those that go leave it after (D26): a hot key may make more pairs than one call may
 *     emit.
 * R4  What goes and was never there is counted and dropped; what was not written to for the time to live is forgotten, silently.
 */
export class RegularJoinOperator implements Operator {
  readonly #node: RegularJoinNode;
  readonly #inputs: readonly [Schema, Schema];
  readonly #changes: JoinChanges;
  readonly #condition: JoinCondition | null;
  readonly #reader: PairReader;
  readonly #merger = new WatermarkMerger(2);
  readonly #minus = new PairWork();
  readonly #plus = new PairWork();
  /** By side: does it have degrees? */
  readonly #degrees: readonly [boolean, boolean];
  #context: OperatorContext | null = null;
  #stores: StateStores | null = null;
  #sides: readonly [StoredSide, StoredSide] | null = null;
  #emitter: PairEmitter | null = null;

  constructor(node: RegularJoinNode, left: Schema, right: Schema, output: Schema, changes: JoinChanges) {
    this.#node = node;
    this.#inputs = [left, right];
    this.#changes = changes;
    this.#degrees = [hasDegrees(node.style, 'left'), hasDegrees(node.style, 'right')];
    this.#condition = node.condition === null ? null : new JoinCondition(node.condition, left, right);
    this.#reader = new PairReader(output, node.columns, left.fields.length);
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    this.#stores = stores;
    const [left, right] = [this.#openSide(stores, 0), this.#openSide(stores, 1)];
    this.#sides = [left, right];
    stores.ready();
    const changes = this.#changes.output.kind !== 'append';
    const { output } = context;
    this.#emitter = new PairEmitter(this.#reader, left.rows.fields, right.rows.fields, output, changes);
  }

  #openSide(stores: StateStores, input: 0 | 1): StoredSide {
    const name = input === 0 ? 'left' : 'right';
    return new StoredSide(stores, input, {
      schema: this.#inputs[input],
      keys: sideKeys(this.#node, name),
      changes: present(this.#changes.inputs[input], 'the changes of an input'),
      keepsUnmatched: keepsUnmatched(this.#node.style, name),
      ttlSeconds: Math.ceil(this.#node.ttlMs / 1000),
    });
  }

  #side(input: number): StoredSide {
    return present(this.#sides?.[input], 'a side of an open join');
  }

  process(batch: Batch, input: number): void {
    const context = present(this.#context, 'context');
    assert(!this.#minus.open && !this.#plus.open, 'the operator was drained before the next batch');
    const now = Math.floor(context.clock.nowMs() / 1000);
    for (const side of [0, 1]) this.#side(side).expire(now);
    const unmatched = this.#side(input).take(batch, this.#side(1 - input), input, this.#minus, this.#plus);
    if (unmatched > 0) context.count('unmatched_changes', unmatched);
  }

  drain(): boolean {
    if (this.#minus.open) {
      if (!this.#join(this.#minus, -1)) this.#side(this.#minus.input).settle(this.#minus);
      return true;
    }
    if (!this.#plus.open) return false;
    this.#join(this.#plus, 1);
    return true;
  }

  /** About a batch of pairs of the work. False when it is done. */
  #join(work: PairWork, sign: number): boolean {
    const { input } = work;
    const firstRow = work.row;
    const collected = work.collect(this.#side(1 - input).rows);
    const count = this.#passing(work, collected);
    const half = this.#node.style === 'semi' || this.#node.style === 'anti';
    for (let pair = 0; pair < count; pair += 1) {
      if (half) this.#meetHalf(work, pair, sign);
      else this.#meet(work, pair, sign);
    }
    if (this.#degrees[input === 0 ? 0 : 1]) {
      for (let row = firstRow; row < work.row; row += 1) this.#complete(work, row, sign);
    }
    this.#emitter?.flush();
    if (work.row < work.rowCount) return true;
    work.end();
    return false;
  }

  #passing(work: PairWork, count: number): number {
    if (this.#condition === null || count === 0) return count;
    const { leftSlots, rightSlots, passed } = work;
    const [left, right] = [this.#side(0).rows.fields, this.#side(1).rows.fields];
    this.#condition.test(left, right, leftSlots, rightSlots, count, passed);
    return work.keepPassed(count);
  }

  /** A pair of an inner or outer join, with the padded row of the other side that it takes away or brings back. */
  #meet(work: PairWork, pair: number, sign: number): void {
    const emitter = present(this.#emitter, 'emitter');
    const { input } = work;
    const [left, right] = [work.leftSlots[pair]!, work.rightSlots[pair]!];
    const other = this.#side(1 - input);
    const slot = input === 0 ? right : left;
    const times = other.timesOf(slot);
    work.matches[work.rows[pair]!]! += times;
    if (!this.#degrees[input === 0 ? 1 : 0]) {
      emitter.add(left, right, sign, times);
      return;
    }
    const [aloneLeft, aloneRight] = input === 0 ? [-1, slot] : [slot, -1];
    const degree = other.rows.degreeOf(slot);
    if (sign > 0 && degree === 0) emitter.add(aloneLeft, aloneRight, -1, times);
    emitter.add(left, right, sign, times);
    if (sign < 0 && degree === 1) emitter.add(aloneLeft, aloneRight, 1, times);
    other.rows.setDegree(slot, Math.max(0, degree + sign));
  }

  /** A pair of a semi or anti join: what it makes of the left row, if it is of another side's change. */
  #meetHalf(work: PairWork, pair: number, sign: number): void {
    const left = work.leftSlots[pair]!;
    if (work.input === 0) {
      work.matches[work.rows[pair]!]! += this.#side(1).timesOf(work.rightSlots[pair]!);
      return;
    }
    const side = this.#side(0);
    const degree = side.rows.degreeOf(left);
    const crosses = sign > 0 ? degree === 0 : degree === 1;
    if (crosses) {
      const comes = this.#node.style === 'semi' ? sign : -sign;
      this.#emitter?.add(left, -1, comes, side.timesOf(left));
    }
    side.rows.setDegree(left, Math.max(0, degree + sign));
  }

  /** A row that has seen all of the other side. */
  #complete(work: PairWork, row: number, sign: number): void {
    const own = this.#side(work.input);
    const slot = work.slots[row]!;
    const matches = work.matches[row]!;
    if (sign > 0) own.rows.setDegree(slot, matches);
    const comesOut = this.#node.style === 'semi' ? matches > 0 : matches === 0;
    if (!comesOut) return;
    if (work.input === 0) this.#emitter?.add(slot, -1, sign, 1);
    else this.#emitter?.add(-1, slot, sign, 1);
  }

  watermark(micros: number, input: number): void {
    if (this.#merger.advance(input, micros)) this.#context?.output.watermark(this.#merger.watermark);
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
    this.#sides = null;
    this.#emitter = null;
    this.#context = null;
  }
}

function hasDegrees(style: JoinStyle, side: 'left' | 'right'): boolean {
  return keepsUnmatched(style, side) || (style === 'semi' && side === 'left');
}
