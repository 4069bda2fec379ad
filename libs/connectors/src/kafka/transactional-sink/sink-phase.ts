import type { KafkaRowWriter } from '../kafka-row-writer.ts';
import type { SinkTopic } from '../kafka-sink-topic.ts';
import type { BatchQueue } from './batch-queue.ts';
import type { TransactionSlots } from './transaction-slots.ts';

/** What a sink has from its opening to its end. */
export interface OpenSink {
  readonly topic: SinkTopic;
  readonly rows: KafkaRowWriter;
  readonly slots: TransactionSlots;
}

/** The topic is looked for; nothing may be written yet. */
export interface Opening {
  readonly kind: 'opening';
}

/** Rows come in and go to the current epoch's transaction as its slot allows. */
export interface Writing {
  readonly kind: 'writing';
  readonly open: OpenSink;
  readonly queue: BatchQueue;
}

/**
 * The barrier of an epoch has come: what was written before it, `queue`, is handed to the epoch's producer, which `sent` waits for; rows
 * that come meanwhile belong to the next epoch.
 */
export interface ClosingEpoch {
  readonly kind: 'closing';
  readonly open: OpenSink;
  readonly queue: BatchQueue;
  readonly next: BatchQueue;
  readonly sent: PromiseWithResolvers<void>;
}

/** Every call throws the error; open and prepared transactions are recovery's. */
export interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

/** No I/O any more. */
export interface Closed {
  readonly kind: 'closed';
}

/** Opening -> Writing <-> ClosingEpoch; all of them -> Failed; all -> Closed. */
export type SinkPhase = Opening | Writing | ClosingEpoch | Failed | Closed;

/** The queue to which rows go that come now. */
export function queueOfRows(phase: Writing | ClosingEpoch): BatchQueue {
  return phase.kind === 'writing' ? phase.queue : phase.next;
}

export function isLive(phase: SinkPhase): phase is Writing | ClosingEpoch {
  return phase.kind === 'writing' || phase.kind === 'closing';
}
