import type { RecordBatchWriter } from '@weir/kafka/contracts/produce.ts';

export interface QueuedBatch {
  readonly partition: number;
  readonly batch: RecordBatchWriter;
}

/** Full batches of one epoch that wait for its producer, in the order in which they were filled. */
export class BatchQueue {
  bytes = 0;
  readonly #batches: QueuedBatch[] = [];

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  push(partition: number, batch: RecordBatchWriter): void {
    this.bytes += batch.byteLength;
    this.#batches.push({ partition, batch });
  }

  /** All of them; none is left. */
  take(): QueuedBatch[] {
    this.bytes = 0;
    return this.#batches.splice(0);
  }
}
