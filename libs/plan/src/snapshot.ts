/**
 * What a snapshot of a subtask consists of; part of its acknowledgement and of the ledger's `Epoch` entry, so plain JSON.
 *
 * Keyed state is a list of pieces. A piece is immutable bytes, written once; an operator's state is the pieces it lists, applied in the
 * order of their `sequence`. Each snapshot lists all pieces that make up the state (those of earlier epochs that still count, too).
 */
export interface SnapshotPiece {
  /** Ascending within an operator's subtask; restores apply pieces in this order. */
  readonly sequence: number;
  /** Object key, or null when `inline` holds the bytes (base64). */
  readonly key: string | null;
  readonly inline: string | null;
  readonly bytes: number;
  /** Key groups that occur in it: start inclusive, end exclusive. */
  readonly keyGroupStart: number;
  readonly keyGroupEnd: number;
}

/** State of an operator that isn't keyed goes by split: a source partition (`topic/3`), a file. Restores hand every subtask the splits of all. */
export type SplitState = Readonly<Record<string, unknown>>;

export interface OperatorSnapshot {
  readonly operator: string;
  readonly stage: string;
  readonly subtask: number;
  readonly pieces: readonly SnapshotPiece[];
  readonly splits: Readonly<Record<string, SplitState>>;
}

/** What commits a sink subtask's output of an epoch. `kind` is the connector's; `empty` needs no commit. */
export type SinkHandle =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'kafka';
      readonly transactionalId: string;
      /** An int64 as decimal text. */
      readonly producerId: string;
      readonly producerEpoch: number;
      /** `topic/partition` -> offset of the transaction's first batch, as decimal text. */
      readonly firstOffsets: Readonly<Record<string, string>>;
      /** When the transaction's timeout began to count, ms since 1970, and the timeout. */
      readonly openedAtMs: number;
      readonly timeoutMs: number;
    }
  /** A file sink: its length after the epoch. */
  | { readonly kind: 'file'; readonly path: string; readonly length: number; readonly staged: string };

/** A sink's handle with whose it is. */
export interface SubtaskHandle {
  readonly operator: string;
  readonly stage: string;
  readonly subtask: number;
  readonly handle: SinkHandle;
}
