import { WeirError } from '@weir/kernel/errors.ts';
import type { SplitState } from '@weir/plan/split-state.ts';

/** Where one partition stands. In snapshots offsets are decimal text. */
export interface SplitPosition {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's topic id: a topic made anew under its name has another, and its offsets mean other records. */
  readonly topicId: string;
  nextOffset: number;
  /** Of a bounded read: the first offset that is not read. */
  readonly endOffset: number | undefined;
}

export interface KafkaSplit extends SplitPosition {
  /** Within its subtask: `Batch.partition`. */
  readonly index: number;
}

export function splitName(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** The topic of a split by its name. */
export function topicOfSplit(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}

export function splitState(split: SplitPosition): SplitState {
  return {
    topicId: split.topicId,
    nextOffset: String(split.nextOffset),
    ...(split.endOffset === undefined ? {} : { endOffset: String(split.endOffset) }),
  };
}

/** @throws WeirError WEIR-3202 when the checkpoint holds something else */
export function readSplit(state: SplitState, topic: string, partition: number): SplitPosition {
  const { topicId, nextOffset, endOffset } = state;
  const next = Number(nextOffset);
  if (typeof topicId !== 'string' || typeof nextOffset !== 'string' || !Number.isSafeInteger(next)) {
    throw new WeirError(
      'WEIR-3202',
      `the checkpoint's position of ${splitName(topic, partition)} can not be read: ${JSON.stringify(state)}`,
    );
  }
  return {
    topic,
    partition,
    topicId,
    nextOffset: next,
    endOffset: endOffset === undefined ? undefined : Number(endOffset),
  };
}

/** A bounded read of this partition is complete. */
export function isDone(split: SplitPosition): boolean {
  return split.endOffset !== undefined && split.nextOffset >= split.endOffset;
}
