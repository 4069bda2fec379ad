import type { Batch } from '@weir/columnar/batch.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { cutAllPairs, withoutEmptyPairs, withoutOldRows } from '@weir/columnar/row-kinds.ts';
import { sameRow } from '@weir/columnar/same-row.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { UniqueKey } from '@weir/plan/change-mode.ts';
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
 * an insert, and one whose halves are equal after the projection goes. Where its reader needs no old rows, those go too (D9's drop_before).
 */
export class CalcOperator implements Operator {
  readonly keepsPartitions = true;
  readonly #program: CalcProgram;
  readonly #schema: Schema;
  /** Made when it is first needed: most streams are never updated. */
  #gatherer: BatchGatherer | null = null;
  readonly #upsertKey: UniqueKey | null;
  #selection = new Int32Array(0);
  #output: Output | null = null;

  /** @param upsertKey old rows are left out: rows take each other's place by this key; null: they stay, or there are none */
  constructor(node: CalcNode, input: Schema, output: Schema, upsertKey: UniqueKey | null = null) {
    this.#upsertKey = upsertKey;
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
    const withPairs = withoutEmptyPairs(rowKinds, rowCount, same, this.#selection);
    const key = this.#upsertKey?.map((column) => present(columns[column], 'key column'));
    const count =
      key === undefined
        ? withPairs
        : withoutOldRows(rowKinds, this.#selection, withPairs, (row) => sameRow(key, row, row + 1));
    if (count === rowCount && key === undefined) this.#output?.emit(passed);
    else if (count > 0) {
      this.#gatherer ??= new BatchGatherer(this.#schema);
      const changes = this.#gatherer.gather(passed, this.#selection, count);
      if (key !== undefined && changes.rowKinds !== null) cutAllPairs(changes.rowKinds, count);
      this.#output?.emit(changes);
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
