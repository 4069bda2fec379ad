import { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { OverCall } from '@weir/plan/nodes/over.ts';
import type { RankFunction } from '@weir/plan/nodes/top-n.ts';
import { aggregateFunctions, type AggregateCall } from '@weir/plan/nodes/window-aggregate.ts';
import type { RowFields } from '@weir/state/rows/row-fields.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import { CountedRows } from '../aggregates/counted-rows.ts';
import { createAccumulator } from '../aggregates/create-accumulator.ts';
import { frameBounds, type OrderedRows } from './frame-bounds.ts';

/** Pairs of rows and the frames that they are in, that are added in one step. */
const pairsAtOnce = 16_384;

/** What one call gives for rows of several partitions, one after the other, read out a batch at a time. */
export interface OverValues {
  /** Forgets everything. */
  begin(): void;
  /**
   * For the rows of a partition from place `from` on, which come behind the `at` rows that were evaluated before. `carried`: what frames without a
   * beginning hold of rows that are no longer there; the rows are added to it.
   */
  evaluate(rows: PartitionRows, from: number, at: number, carried: Carried | null): void;
  /** Values of evaluated rows [first, first + count) to rows 0 … of a builder. */
  read(first: number, count: number, builder: ColumnBuilder): void;
}

export interface PartitionRows extends OrderedRows {
  /** By place. */
  readonly slots: Int32Array;
  readonly fields: RowFields;
}

/** Running aggregates of a partition: a slot of accumulators that outlive it. */
export interface Carried {
  readonly accumulator: Accumulator;
  readonly slot: number;
}

export function overValues(call: OverCall, schema: Schema): OverValues {
  switch (call.function) {
    case 'row_number':
    case 'rank':
    case 'dense_rank':
      return new RankValues(call.function);
    case 'lag':
    case 'lead':
    case 'first_value':
    case 'last_value':
      return new NeighbourValues(call);
    default:
      return new AggregateValues(call, runningCall(call), schema);
  }
}

/** The aggregate of a call, over the one column that is read for it. */
export function runningCall(call: OverCall): AggregateCall {
  const { function: name, argument, type, argumentType } = call;
  const id = name === 'row_number' ? 'count' : name;
  assert(isAggregateId(id), 'a running call is an aggregate');
  return { function: id, argument: argument === null ? null : 0, filter: null, type, argumentType };
}

function isAggregateId(name: OverCall['function']): name is AggregateCall['function'] {
  return aggregateFunctions.some((known) => known === name);
}

class RankValues implements OverValues {
  readonly #function: RankFunction;
  #ranks: number[] = [];

  constructor(how: RankFunction) {
    this.#function = how;
  }

  begin(): void {
    this.#ranks = [];
  }

  evaluate(rows: PartitionRows, from: number): void {
    let rank = 0;
    for (let place = 0; place < rows.count; place += 1) {
      const tied = place > 0 && rows.tied(place - 1, place);
      if (this.#function === 'row_number') rank = place + 1;
      else if (!tied) rank = this.#function === 'dense_rank' ? rank + 1 : place + 1;
      if (place >= from) this.#ranks.push(rank);
    }
  }

  read(first: number, count: number, builder: ColumnBuilder): void {
    for (let row = 0; row < count; row += 1) builder.setInt(row, this.#ranks[first + row]!);
  }
}

/** First and last places of the frames of a partition's rows. */
class Frames {
  firsts: Int32Array = new Int32Array(0);
  lasts: Int32Array = new Int32Array(0);

  find(call: OverCall, rows: PartitionRows, from: number): void {
    const count = rows.count - from;
    if (this.firsts.length < count) {
      this.firsts = new Int32Array(2 * count);
      this.lasts = new Int32Array(2 * count);
    }
    frameBounds(call.frame, rows, from, this.firsts, this.lasts);
  }
}

/** Values of another row: so many before or behind, or the frame's first or last. */
class NeighbourValues implements OverValues {
  readonly #call: OverCall;
  readonly #frames = new Frames();
  #others: Int32Array = new Int32Array(0);
  #fields: RowFields | null = null;

  constructor(call: OverCall) {
    this.#call = call;
  }

  begin(): void {
    this.#fields = null;
  }

  evaluate(rows: PartitionRows, from: number, at: number): void {
    const count = rows.count - from;
    if (this.#others.length < at + count) {
      const grown = new Int32Array(2 * (at + count));
      grown.set(this.#others.subarray(0, at));
      this.#others = grown;
    }
    this.#fields = rows.fields;
    const { function: name, offset } = this.#call;
    if (name === 'lag' || name === 'lead') {
      for (let row = 0; row < count; row += 1) {
        const place = from + row + (name === 'lag' ? -offset : offset);
        this.#others[at + row] = place >= 0 && place < rows.count ? rows.slots[place]! : -1;
      }
      return;
    }
    this.#frames.find(this.#call, rows, from);
    const { firsts, lasts } = this.#frames;
    for (let row = 0; row < count; row += 1) {
      const place = name === 'first_value' ? firsts[row]! : lasts[row]!;
      this.#others[at + row] = lasts[row]! < firsts[row]! ? -1 : rows.slots[place]!;
    }
  }

  read(first: number, count: number, builder: ColumnBuilder): void {
    const field = present(this.#call.argument, 'an argument');
    present(this.#fields, 'fields').read(field, this.#others.subarray(first, first + count), count, builder);
  }
}

/** Aggregates of frames: of whole partitions once, of frames without a beginning by going on, of others each anew. */
class AggregateValues implements OverValues {
  readonly #call: OverCall;
  readonly #aggregate: AggregateCall;
  readonly #accumulator: Accumulator;
  readonly #argument: ColumnBuilder | null;
  readonly #schema: Schema;
  readonly #counted = new CountedRows();
  readonly #frames = new Frames();
  /** By evaluated row: the slot that holds its frame. */
  #slots: Int32Array = new Int32Array(0);
  #reserved = 0;
  #used = 0;
  /** Rows of the partition, and the slots that they are added to. */
  readonly #rows = new Int32Array(pairsAtOnce);
  readonly #targets = new Int32Array(pairsAtOnce);
  #pairs = 0;
  readonly #one = new Int32Array(1);

  constructor(call: OverCall, aggregate: AggregateCall, schema: Schema) {
    this.#call = call;
    this.#schema = schema;
    this.#aggregate = aggregate;
    this.#accumulator = createAccumulator(aggregate);
    const { argumentType } = call;
    this.#argument = argumentType === null ? null : new ColumnBuilder(argumentType, 1024);
  }

  begin(): void {
    for (const column of this.#accumulator.columns) column.clear(this.#used);
    this.#used = 0;
  }

  evaluate(rows: PartitionRows, from: number, at: number, carried: Carried | null): void {
    const count = rows.count - from;
    this.#reserve(at + count);
    this.#used = at + count;
    this.#frames.find(this.#call, rows, from);
    this.#readArgument(rows);
    const { frame } = this.#call;
    if (frame.from === null && frame.to === null) this.#whole(rows.count, count, at);
    else if (frame.from === null) this.#growing(from, count, at, carried);
    else this.#sliding(count, at);
    if (carried !== null) this.#carryOn(carried, from, count);
  }

  #reserve(rows: number): void {
    if (rows <= this.#reserved) return;
    this.#reserved = 2 * rows;
    for (const column of this.#accumulator.columns) column.reserve(this.#reserved);
    const grown = new Int32Array(this.#reserved);
    grown.set(this.#slots);
    this.#slots = grown;
  }

  #readArgument({ slots, fields, count }: PartitionRows): void {
    if (this.#argument === null) return;
    this.#argument.reset();
    fields.read(present(this.#call.argument, 'an argument'), slots, count, this.#argument);
    this.#argument.finish(count);
  }

  #pair(row: number, target: number): void {
    if (this.#pairs === pairsAtOnce) this.#add(this.#accumulator);
    this.#rows[this.#pairs] = row;
    this.#targets[this.#pairs] = target;
    this.#pairs += 1;
  }

  #add(accumulator: Accumulator): void {
    const columns = this.#argument === null ? [] : [this.#argument.column];
    const batch = { schema: this.#schema, columns, rowCount: 0, rowKinds: null, partition: -1 };
    this.#counted.select(batch, this.#aggregate, this.#rows, this.#targets, this.#pairs);
    this.#pairs = 0;
    const { rows, slots, count } = this.#counted;
    accumulator.add(columns[0] ?? null, rows, slots, count);
  }

  #whole(all: number, count: number, at: number): void {
    this.#slots.fill(at, at, at + count);
    for (let place = 0; place < all; place += 1) this.#pair(place, at);
    this.#add(this.#accumulator);
  }

  /** A frame holds the one before it and what came to it. */
  #growing(from: number, count: number, at: number, carried: Carried | null): void {
    const { lasts } = this.#frames;
    let next = carried === null ? 0 : from;
    for (let row = 0; row < count; row += 1) {
      this.#slots[at + row] = at + row;
      this.#one[0] = at + row;
      if (row > 0) this.#accumulator.combine(this.#accumulator, at + row - 1, this.#one, 1);
      else if (carried !== null) this.#accumulator.combine(carried.accumulator, carried.slot, this.#one, 1);
      for (; next <= lasts[row]!; next += 1) this.#pair(next, at + row);
      this.#add(this.#accumulator);
    }
  }

  #sliding(count: number, at: number): void {
    const { firsts, lasts } = this.#frames;
    for (let row = 0; row < count; row += 1) {
      this.#slots[at + row] = at + row;
      for (let place = firsts[row]!; place <= lasts[row]!; place += 1) this.#pair(place, at + row);
    }
    this.#add(this.#accumulator);
  }

  #carryOn(carried: Carried, from: number, count: number): void {
    for (let row = 0; row < count; row += 1) {
      if (this.#pairs === pairsAtOnce) this.#add(carried.accumulator);
      this.#rows[this.#pairs] = from + row;
      this.#targets[this.#pairs] = carried.slot;
      this.#pairs += 1;
    }
    this.#add(carried.accumulator);
  }

  read(first: number, count: number, builder: ColumnBuilder): void {
    this.#accumulator.emit(this.#slots.subarray(first, first + count), count, builder);
  }
}
