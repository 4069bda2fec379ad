import type { PartitionPosition } from '../contracts/fetch.ts';
import type { ReadableSegments } from '../record-batch/decompress-segments.ts';
import type { AnswerLease } from './answer-buffers.ts';

/** What one Fetch brought for one partition, checked and readable, not yet indexed. */
export interface QueuedFetch extends ReadableSegments {
  readonly startOffset: number;
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly bytes: number;
  /** Held on the memory that `data` lies in, where it is to be used again. */
  readonly lease: AnswerLease | null;
}

/** A partition at its end is asked about at least this often; a longer silence says nothing of what its log holds by now. */
const freshMs = 3_000;

/** One assigned partition. Invariant: `fetchOffset` is where the queue ends; the last block handed out ended at `position.nextOffset`. */
export class PartitionReading {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string | undefined;
  readonly queue: QueuedFetch[] = [];
  fetchOffset: number;
  nextOffset: number;
  maxBytes: number;
  /** Bytes that a byte of the last compressed answer became, at least 1. */
  expansion = 1;
  inFlight = false;
  paused = false;
  highWatermark = -1;
  lastStableOffset = -1;
  logStartOffset = -1;
  answeredAtMs = -1;
  retrying: string | undefined;
  /** Not fetched before this time: back-off after an error. */
  notBeforeMs = 0;
  failures = 0;
  /** performance.now() since when the broker says that the topic isn't there. */
  missingSinceMs: number | undefined;

  constructor(
    topic: string,
    partition: number,
    offset: number,
    topicId: string | undefined,
    maxBytes: number,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.fetchOffset = offset;
    this.nextOffset = offset;
    this.topicId = topicId;
    this.maxBytes = maxBytes;
  }

  get queuedBytes(): number {
    let bytes = 0;
    for (const fetched of this.queue) bytes += fetched.bytes;
    return bytes;
  }

  /** @param nowMs performance.now() */
  position(nowMs: number): PartitionPosition {
    return {
      topic: this.topic,
      partition: this.partition,
      nextOffset: this.nextOffset,
      highWatermark: this.highWatermark,
      lastStableOffset: this.lastStableOffset,
      logStartOffset: this.logStartOffset,
      caughtUp:
        this.highWatermark >= 0 &&
        this.nextOffset >= this.highWatermark &&
        this.retrying === undefined &&
        nowMs - this.answeredAtMs < freshMs,
      answeredAtMs: this.answeredAtMs,
      paused: this.paused,
      retrying: this.retrying,
    };
  }

  /** The Fetch went well: next one at once, from where it ended. */
  succeeded(nowMs: number): void {
    this.failures = 0;
    this.retrying = undefined;
    this.missingSinceMs = undefined;
    this.notBeforeMs = 0;
    this.answeredAtMs = nowMs;
  }

  /** @returns how long to wait before the next try */
  failed(nowMs: number, backOffMs: number, reason: string): void {
    this.failures += 1;
    this.retrying = reason;
    this.notBeforeMs = nowMs + backOffMs;
  }
}
