import type { Batch } from '@weir/columnar/batch.ts';
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

/** Filter and projection: one generated function, no state. */
export class CalcOperator implements Operator {
  readonly keepsPartitions = true;
  readonly #program: CalcProgram;
  readonly #schema: Schema;
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
    this.#output?.emit({ schema: this.#schema, columns, rowCount, rowKinds, partition: batch.partition });
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
