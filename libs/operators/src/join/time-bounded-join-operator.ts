import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { keepsUnmatched } from '@weir/plan/nodes/join.ts';
import type { TimeBoundedJoinNode } from '@weir/plan/nodes/time-bounded-join.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import { WatermarkMerger } from '../merge-watermarks.ts';
import {
  maxBatchRows,
  type Operator,
  type OperatorContext,
  type OperatorState,
  type RestoredState,
  type StatePiece,
} from '../operator.ts';
import { JoinCondition } from './join-condition.ts';
import { hasNullKey, sideKeys } from './join-keys.ts';
import { PairReader } from './pair-reader.ts';
import { PairWork } from './pair-work.ts';
import { TimedSide } from './timed-side.ts';

/**
 * Joins two streams of inserts whose rows match for a bounded time.
 *
 * J1  A row meets every row of the other side that came before it and isn't gone; so each pair is seen once, by the later of the two.
 * J2  A row goes once the other side's watermark is above the time until which it can match, never before: what is still to come can't match it.
 * J3  A row of a side that keeps what is unmatched has degree 1 from its first match on; it comes out when it goes, if that is 0. A left row of `semi`
 *     comes out at its first match, and is gone then; one of `anti` is gone at its first match.
 * J4  The rows of a batch are in the store before pairs are made, and those that are not to stay leave it after: a hot key may make more pairs than one
 *     call may emit.
 * J5  The watermark goes on after the rows that it has sent away.
 */
export class TimeBoundedJoinOperator implements Operator {
  readonly #node: TimeBoundedJoinNode;
  readonly #inputs: readonly [Schema, Schema];
  readonly #condition: JoinCondition | null;
  readonly #reader: PairReader;
  readonly #merger = new WatermarkMerger(2);
  readonly #watermarks: [number, number] = [-Infinity, -Infinity];
  readonly #work = new PairWork();
  readonly #half: boolean;
  #context: OperatorContext | null = null;
  #stores: StateStores | null = null;
  #sides: readonly [TimedSide, TimedSide] | null = null;
  /** Left rows that their match sends away (J3). */
  #leaving: number[] = [];
  /** The side whose rows a watermark sends away, and what to pass on after them: -Infinity for nothing. */
  #expiring: { readonly side: 0 | 1; readonly passOn: number } | null = null;

  constructor(node: TimeBoundedJoinNode, left: Schema, right: Schema, output: Schema) {
    this.#node = node;
    this.#inputs = [left, right];
    this.#half = node.style === 'semi' || node.style === 'anti';
    this.#condition = node.condition === null ? null : new JoinCondition(node.condition, left, right);
    this.#reader = new PairReader(output, node.columns, left.fields.length);
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    this.#stores = stores;
    const { style, leftUntil, rightUntil } = this.#node;
    const [left, right] = this.#inputs;
    const [ours, theirs] = [sideKeys(this.#node, 'left'), sideKeys(this.#node, 'right')];
    this.#sides = [
      new TimedSide(stores, 0, left, ours, leftUntil, keepsUnmatched(style, 'left')),
      new TimedSide(stores, 1, right, theirs, rightUntil, keepsUnmatched(style, 'right')),
    ];
    stores.ready();
  }

  #side(input: number): TimedSide {
    return present(this.#sides?.[input], 'a side of an open join');
  }

  process(batch: Batch, input: number): void {
    assert(batch.rowKinds === null, 'the compiler gives a join by time inserts only');
    const own = this.#side(input);
    const other = this.#side(1 - input);
    const work = this.#work;
    const { slots, heads, gone } = work.begin(batch.rowCount, input);
    own.rows.insert(batch, slots);
    other.rows.probe(batch, own.keys.keys, heads);
    const passed = this.#watermarks[1 - input]!;
    const { strict } = own.keys;
    for (let row = 0; row < batch.rowCount; row += 1) {
      const until = own.untilOf(batch, row);
      const never = until !== until || hasNullKey(batch, strict, row);
      if (never) heads[row] = -1;
      gone[row] = never || until < passed ? 1 : 0;
      if (gone[row] === 0) own.keepUntil(slots[row]!, until);
    }
  }

  watermark(micros: number, input: number): void {
    assert(this.#expiring === null, 'the operator was drained before the next watermark');
    this.#watermarks[input === 0 ? 0 : 1] = micros;
    const advanced = this.#merger.advance(input, micros);
    const passOn = advanced ? this.#merger.watermark - this.#node.holdMicros : -Infinity;
    this.#expiring = { side: input === 0 ? 1 : 0, passOn };
  }

  drain(): boolean {
    if (this.#work.open) {
      this.#join();
      return true;
    }
    if (this.#expiring === null) return false;
    const { side, passOn } = this.#expiring;
    if (this.#expire(side)) return true;
    this.#expiring = null;
    if (passOn > -Infinity) this.#context?.output.watermark(passOn);
    return false;
  }

  /** About a batch of pairs of the work. */
  #join(): void {
    const work = this.#work;
    const own = this.#side(work.input);
    const other = this.#side(1 - work.input);
    const firstRow = work.row;
    const count = work.collect(other.rows);
    const passed = this.#passing(count);
    if (this.#half) this.#meetHalf(passed);
    else this.#meet(passed);
    // Rows that have seen all of the other side.
    const unmatched: number[] = [];
    for (let row = firstRow; row < work.row; row += 1) {
      if (work.gone[row] === 0) continue;
      const slot = work.slots[row]!;
      if (own.keepsUnmatched && own.rows.degreeOf(slot) === 0) unmatched.push(slot);
    }
    this.#emitUnmatched(work.input, unmatched);
    if (work.row < work.rowCount) return;
    for (let row = 0; row < work.rowCount; row += 1) if (work.gone[row] === 1) own.remove(work.slots[row]!);
    for (const slot of this.#leaving) this.#side(0).remove(slot);
    this.#leaving = [];
    work.end();
  }

  /** Moves the pairs that match to the front; returns how many. */
  #passing(count: number): number {
    if (this.#condition === null || count === 0) return count;
    const [left, right] = this.#fields();
    const { leftSlots, rightSlots, passed } = this.#work;
    this.#condition.test(left, right, leftSlots, rightSlots, count, passed);
    return this.#work.keepPassed(count);
  }

  #fields() {
    return [this.#side(0).rows.fields, this.#side(1).rows.fields] as const;
  }

  /** Pairs of inner and outer joins. */
  #meet(count: number): void {
    if (count === 0) return;
    const { leftSlots, rightSlots } = this.#work;
    for (const [side, slots] of [leftSlots, rightSlots].entries()) {
      const { keepsUnmatched: keeps, rows } = this.#side(side);
      if (!keeps) continue;
      for (let pair = 0; pair < count; pair += 1) {
        const slot = slots[pair]!;
        if (rows.degreeOf(slot) === 0) rows.setDegree(slot, 1);
      }
    }
    this.#emit(leftSlots, rightSlots, count);
  }

  /** Pairs of semi and anti joins: a left row leaves at the first. */
  #meetHalf(count: number): void {
    const { rows } = this.#side(0);
    const { leftSlots, rightSlots } = this.#work;
    let first = 0;
    for (let pair = 0; pair < count; pair += 1) {
      const slot = leftSlots[pair]!;
      if (rows.degreeOf(slot) > 0) continue;
      rows.setDegree(slot, 1);
      this.#leaving.push(slot);
      leftSlots[first] = slot;
      first += 1;
    }
    if (this.#node.style === 'semi' && first > 0) this.#emit(leftSlots, rightSlots, first);
  }

  /** Sends about a batch of a side's rows away. True when more may be left. */
  #expire(side: 0 | 1): boolean {
    const own = this.#side(side);
    const watermark = this.#watermarks[1 - side]!;
    const slots: number[] = [];
    while (slots.length < maxBatchRows) {
      const slot = own.nextExpired(watermark);
      if (slot < 0) break;
      slots.push(slot);
    }
    if (own.keepsUnmatched)
      this.#emitUnmatched(
        side,
        slots.filter((slot) => own.rows.degreeOf(slot) === 0),
      );
    for (const slot of slots) own.remove(slot);
    return slots.length === maxBatchRows;
  }

  #emitUnmatched(side: number, slots: readonly number[]): void {
    const { leftSlots, rightSlots } = this.#work;
    for (let from = 0; from < slots.length; from += maxBatchRows) {
      const count = Math.min(maxBatchRows, slots.length - from);
      const [known, absent] = side === 0 ? [leftSlots, rightSlots] : [rightSlots, leftSlots];
      for (let index = 0; index < count; index += 1) known[index] = slots[from + index]!;
      absent.fill(-1, 0, count);
      this.#emit(leftSlots, rightSlots, count);
    }
  }

  #emit(leftSlots: Int32Array, rightSlots: Int32Array, count: number): void {
    const [left, right] = this.#fields();
    this.#context?.output.emit(this.#reader.read(left, right, leftSlots, rightSlots, count));
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
    this.#context = null;
  }
}
