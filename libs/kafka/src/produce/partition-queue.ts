import type { BatchWriter } from '../record-batch/batch-writer.ts';

/** A batch on its way: sealed, then stamped with its sequence when it is first sent. */
export interface OutgoingBatch {
  readonly writer: BatchWriter;
  readonly bytes: number;
  readonly sinceMs: number;
  sealed: boolean;
  /** -1 until it is first sent; a retry repeats the identical bytes. */
  baseSequence: number;
  stamped: Buffer | undefined;
}

/**
 * The batches of one partition, delivered in order, at most one under way.
 *
 * Invariant: sequences are given out when a batch is first sent, in order and without gaps, so the broker refuses whatever
 * would leave a hole and drops what it has already.
 */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  readonly batches: OutgoingBatch[] = [];
  inFlight = false;
  nextSequence = 0;
  notBeforeMs = 0;
  failures = 0;
  /** Offset of the first batch acknowledged since the producer was (re)initialized, -1 before. */
  firstOffset = -1;
  /** Transactional producers: the partition was added to the transaction. */
  added = false;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** The batch to send next, if it may be sent now. */
  ready(nowMs: number): OutgoingBatch | undefined {
    const head = this.batches[0];
    if (head === undefined || !head.sealed || this.inFlight || this.notBeforeMs > nowMs) return undefined;
    return head;
  }

  stamp(batch: OutgoingBatch, producerId: bigint, producerEpoch: number): Buffer {
    if (batch.stamped === undefined) {
      batch.baseSequence = this.nextSequence;
      // Sequences wrap from 2^31 - 1 to 0.
      this.nextSequence = (this.nextSequence + batch.writer.recordCount) % 2 ** 31;
      batch.stamped = batch.writer.stamp(producerId, producerEpoch, batch.baseSequence);
    }
    return batch.stamped;
  }
}
