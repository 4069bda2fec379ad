import type { Batch } from '@weir/columnar/batch.ts';
import type { IntColumn } from '@weir/columnar/column.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { WatermarkNode } from '@weir/plan/nodes/watermark.ts';
import { CalcProgram } from './expression/calc-program.ts';
import type { Exact } from './expression/functions/exact.ts';
import type {
  Operator,
  OperatorContext,
  OperatorState,
  PartitionWatermarks,
  RestoredState,
} from './operator.ts';
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
 * W2 The operator's watermark is the least over its partitions that are not idle; when all are idle, the greatest that any of them has
 *    reached. It never goes back. So of partitions that become idle at one moment, and of those before, no order matters.
 * W3 A partition counts from the first time that the source names it: all at once, before the first row, so that a slow partition's
 *    rows are not late, and restored watermarks count together.
 * W4 The output is idle exactly while all partitions are, or there are none: it holds nobody back.
 */
export class WatermarkOperator implements Operator, PartitionWatermarks {
  readonly partitionWatermarks: PartitionWatermarks = this;
  readonly idleTimeMs: number;
  readonly #node: WatermarkNode;
  readonly #schema: Schema;
  readonly #program: CalcProgram | null;
  readonly #partitions = new Map<number, PartitionWatermark>();
  #context: OperatorContext | null = null;
  #restored: RestoredState['splits'] = {};
  #watermark = -Infinity;
  #idle = false;

  constructor(node: WatermarkNode, schema: Schema) {
    this.idleTimeMs = node.idleTimeMs;
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
    if (partition.idle) {
      partition.idle = false;
      this.#tellIdle();
    }
    context.output.emit(batch);
    if (micros > partition.micros) partition.micros = micros;
    this.#advance();
  }

  /** Only the end of the input comes from a source: +Infinity. */
  watermark(micros: number): void {
    if (micros !== Infinity) return;
    for (const partition of this.#partitions.values()) {
      partition.micros = Infinity;
      partition.idle = false;
    }
    this.#watermark = Infinity;
    this.#setIdle(false);
    this.#context?.output.watermark(Infinity);
  }

  /** W3 */
  partitions(all: readonly number[]): void {
    for (const index of all) this.#partition(index);
    this.#advance();
    this.#tellIdle();
  }

  partitionsIdle(partitions: readonly number[], idle: boolean): void {
    for (const index of partitions) this.#partition(index).idle = idle;
    this.#advance();
    this.#tellIdle();
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

  /** W2 */
  #advance(): void {
    let least = Infinity;
    let greatest = -Infinity;
    for (const { micros, idle } of this.#partitions.values()) {
      if (micros > greatest) greatest = micros;
      if (!idle && micros < least) least = micros;
    }
    const watermark = this.#allIdle ? greatest : least;
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    this.#context?.output.watermark(watermark);
  }

  get #allIdle(): boolean {
    for (const { idle } of this.#partitions.values()) if (!idle) return false;
    return true;
  }

  /** W4 */
  #tellIdle(): void {
    this.#setIdle(this.#allIdle);
  }

  #setIdle(idle: boolean): void {
    if (idle === this.#idle) return;
    this.#idle = idle;
    this.#context?.output.idle(idle);
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
