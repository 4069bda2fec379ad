import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { WatermarkMerger } from './merge-watermarks.ts';
import {
  statelessSnapshot,
  type Operator,
  type OperatorContext,
  type OperatorState,
  type Output,
} from './operator.ts';

/** Merges inputs: rows go straight on, the watermark is the least of the inputs'. */
export class UnionOperator implements Operator {
  readonly #watermarks: WatermarkMerger;
  readonly #schema: Schema;
  #output: Output | null = null;

  constructor(inputs: number, output: Schema) {
    this.#watermarks = new WatermarkMerger(inputs);
    this.#schema = output;
  }

  open(context: OperatorContext): void {
    this.#output = context.output;
  }

  process(batch: Batch): void {
    const { columns, rowCount, rowKinds } = batch;
    // Partition indexes of different sources mean different partitions: what is merged has none.
    this.#output?.emit({ schema: this.#schema, columns, rowCount, rowKinds, partition: -1 });
  }

  watermark(micros: number, input: number): void {
    if (this.#watermarks.advance(input, micros)) this.#output?.watermark(this.#watermarks.watermark);
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
