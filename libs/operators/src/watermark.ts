import type { Batch } from '@weir/columnar/batch.ts';
import type { IntColumn } from '@weir/columnar/column.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { WatermarkNode } from '@weir/plan/nodes/watermark.ts';
import { CalcProgram } from './expression/calc-program.ts';
import type { Exact } from './expression/functions/exact.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState } from './operator.ts';
import { watermarkMicros } from './watermark-micros.ts';

/** Name under which rows without a source partition keep their watermark. */
const noPartition = '-';

interface PartitionWatermark {
  readonly name: string;
  micros: number;
  idle: boolean;
}

/**
 * Makes watermarks from rows.
 *
 * Invariants:
 * W1 A partition's watermark never goes back, also over a restore (by the partition's name, on whatever subtask it now is).
 * W2 The operator's watermark is the least over its partitions that are not idle, and never goes back. While all are idle it stands still.
 * W3 A partition counts from the first time that the source names it, by rows or by `partitionIdle`: a source announces its
 *    partitions with `partitionIdle(p, false)` before the first row, so that a slow partition's rows are not late. After a restore
 *    each brings a watermark of its own, so naming one moves nothing: the source names them again when it has named them all.
 */
export class WatermarkOperator implements Operator {
  readonly #node: WatermarkNode;
  readonly #schema: Schema;
  readonly #program: CalcProgram | null;
  readonly #partitions = new Map<number, PartitionWatermark>();
  #context: OperatorContext | null = null;
  #restored: RestoredState['splits'] = {};
  #watermark = -Infinity;

  constructor(node: WatermarkNode, schema: Schema) {
    this.#node = node;
    this.#schema = schema;
    this.#program = node.delayMicros === null ? new CalcProgram(null, [node.expression], schema) : null;
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    this.#restored = restored.splits;
  }

  process(batch: Batch): void {
    const context = present(this.#context, 'context of an open operator');
    const partition = this.#partition(batch.partition);
    const micros = this.#greatest(batch);
    context.output.emit(batch);
    partition.idle = false;
    if (micros > partition.micros) partition.micros = micros;
    this.#advance();
  }

  /** Only the end of the input comes from a source: +Infinity. */
  watermark(micros: number): void {
    if (micros !== Infinity) return;
    for (const partition of this.#partitions.values()) partition.micros = Infinity;
    this.#watermark = Infinity;
    this.#context?.output.watermark(Infinity);
  }

  partitionIdle(index: number, idle: boolean): void {
    const isNew = !this.#partitions.has(index);
    this.#partition(index).idle = idle;
    if (!isNew) this.#advance(); // W3
  }

  #partition(index: number): PartitionWatermark {
    const known = this.#partitions.get(index);
    if (known !== undefined) return known;
    const name = index < 0 ? noPartition : present(this.#context, 'context').partitionName(index);
    const saved = this.#restored[name]?.['watermarkMicros'];
    const micros = typeof saved === 'number' ? saved : -Infinity;
    const partition = { name, micros, idle: false };
    this.#partitions.set(index, partition);
    return partition;
  }

  /** The greatest watermark that a row of the batch implies. */
  #greatest(batch: Batch): number {
    const times = batch.columns[this.#node.eventTime];
    assert(times?.kind === 'int', 'the event time is a timestamp');
    this.#refuseNulls(batch, times);
    if (this.#program === null) {
      return watermarkMicros(greatestOf(times, batch.rowCount), present(this.#node.delayMicros, 'delay'));
    }
    const [implied] = this.#program.run(batch).columns;
    assert(implied?.kind === 'int', 'a watermark is a timestamp');
    return watermarkMicros(greatestOf(implied, batch.rowCount), 0);
  }

  #refuseNulls(batch: Batch, times: IntColumn): void {
    if (times.nulls === null) return;
    const row = times.nulls.indexOf(1);
    if (row < 0 || row >= batch.rowCount) return;
    const name = this.#schema.fields[this.#node.eventTime]?.name ?? 'event time';
    const partition = batch.partition < 0 ? '' : ` of ${this.#context?.partitionName(batch.partition)}`;
    throw new WeirError('WEIR-2310', `a record${partition} has NULL in its event-time column '${name}'`, {
      hint: `filter such rows, or declare ${name} NOT NULL and set bad_data = 'drop'`,
    });
  }

  #advance(): void {
    let least = Infinity;
    for (const partition of this.#partitions.values()) {
      if (!partition.idle && partition.micros < least) least = partition.micros;
    }
    if (least === Infinity || least <= this.#watermark) return;
    this.#watermark = least;
    this.#context?.output.watermark(least);
  }

  drain(): boolean {
    return false;
  }

  snapshot(): OperatorState {
    const splits: Record<string, { watermarkMicros: number }> = {};
    for (const { name, micros } of this.#partitions.values()) {
      // JSON has no infinities: a partition that has ended has no rows to be late any more.
      if (Number.isFinite(micros)) splits[name] = { watermarkMicros: micros };
    }
    return { written: [], kept: [], splits };
  }

  close(): void {
    this.#context = null;
  }
}

/** The greatest time of a column, exact; -Infinity where all are NULL. */
function greatestOf(column: IntColumn, rowCount: number): Exact {
  const { big, nulls, values } = column;
  let greatest: Exact = -Infinity;
  for (let row = 0; row < rowCount; row += 1) {
    if (nulls !== null && nulls[row] === 1) continue;
    const value = big === null ? (values[row] ?? 0) : (big[row] ?? 0n);
    if (value > greatest) greatest = value;
  }
  return greatest;
}
