import type { Batch } from '@weir/columnar/batch.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { withoutEmptyPairs } from '@weir/columnar/row-kinds.ts';
import { sameRow } from '@weir/columnar/same-row.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { CalcNode } from '@weir/plan/nodes/calc.ts';
import { CalcProgram } from './expression/calc-program.ts';
import {
  statelessSnapshot,
  type Operator,
  type OperatorContext,
  type OperatorState,
  type Output,
} from './operator.ts';

/**
 * Filter and projection: one generated function, no state. Of rows that are updated: a pair of which one half passes becomes a delete or
 * an insert, and one whose halves are equal after the projection goes.
 */
export class CalcOperator implements Operator {
  readonly keepsPartitions = true;
  readonly #program: CalcProgram;
  readonly #schema: Schema;
  /** Made when it is first needed: most streams are never updated. */
  #gatherer: BatchGatherer | null = null;
  #selection = new Int32Array(0);
  #output: Output | null = null;

  constructor(node: CalcNode, input: Schema, output: Schema) {
    this.#program = new CalcProgram(node.condition, node.projections, input);
    this.#schema = output;
  }

  open(context: OperatorContext): void {
    this.#output = context.output;
  }

  process(batch: Batch): void {
    const { columns, rowCount, rowKinds } = this.#program.run(batch);
    if (rowCount === 0) return;
    const passed = { schema: this.#schema, columns, rowCount, rowKinds, partition: batch.partition };
    if (rowKinds === null) this.#output?.emit(passed);
    else this.#emitChanges(passed, rowKinds);
  }

  #emitChanges(passed: Batch, rowKinds: Uint8Array): void {
    const { columns, rowCount } = passed;
    if (this.#selection.length < rowCount) this.#selection = new Int32Array(rowCount);
    const same = (row: number, next: number): boolean => sameRow(columns, row, next);
    const count = withoutEmptyPairs(rowKinds, rowCount, same, this.#selection);
    if (count === rowCount) this.#output?.emit(passed);
    else if (count > 0) {
      this.#gatherer ??= new BatchGatherer(this.#schema);
      this.#output?.emit(this.#gatherer.gather(passed, this.#selection, count));
    }
  }

  watermark(micros: number): void {
    this.#output?.watermark(micros);
  }

  drain(): boolean {
    return false;
  }

  snapshot(): OperatorState {
    return statelessSnapshot;
  }

  close(): void {
    this.#output = null;
  }
}
