/**
 * What commits a sink subtask's output of an epoch. This library looks into `kafka` only.
 */
export type SinkHandle = EmptyHandle | KafkaHandle | FileHandle;

/** Nothing was added to the transaction, or the sink is at-least-once: there is nothing to commit. */
export interface EmptyHandle {
  readonly kind: 'empty';
}

/** Commits what a Kafka sink subtask wrote in one epoch, from any process. */
export interface KafkaHandle {
  readonly kind: 'kafka';
  readonly transactionalId: string;
  /** An int64 as decimal text. */
  readonly producerId: string;
  readonly producerEpoch: number;
  /** `topic/partition` -> offset of the transaction's first batch, decimal text: what the log is asked about in recovery. */
  readonly firstOffsets: Readonly<Record<string, string>>;
  /** When the transaction's timeout began to count, ms since 1970, and the timeout. */
  readonly openedAtMs: number;
  readonly timeoutMs: number;
}

/** A file sink: the decision alone commits it, since the restored sink rolls the file forward to `length`. */
export interface FileHandle {
  readonly kind: 'file';
  readonly path: string;
  readonly length: number;
  readonly staged: string;
}

/** A handle with whose it is. `operator` is the sink's id in the plan. */
export interface SubtaskHandle {
  readonly operator: string;
  readonly stage: string;
  readonly subtask: number;
  readonly handle: SinkHandle;
}

/** A Kafka handle with whose it is. */
export interface SubtaskKafkaHandle extends SubtaskHandle {
  readonly handle: KafkaHandle;
}

export function isKafkaHandle(handle: SubtaskHandle): handle is SubtaskKafkaHandle {
  return handle.handle.kind === 'kafka';
}

/** `operator/subtask`: the key of a sink subtask in maps. */
export function sinkKey(handle: { readonly operator: string; readonly subtask: number }): string {
  return `${handle.operator}/${handle.subtask}`;
}
