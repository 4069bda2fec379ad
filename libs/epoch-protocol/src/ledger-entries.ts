import type { SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { SubtaskHandle } from './sink-handle.ts';

/**
 * Version of an entry: 2 where a snapshot's pieces are listed in a manifest, which a Weir that knows no manifests must not take for a
 * snapshot without pieces; else 1. Both are read.
 */
export type LedgerFormatVersion = 1 | 2;

/** What a coordinator says about itself in every entry: lets it tell its own entry from an equal one when it reads back. */
export interface EntryStamp {
  /** Random id of the writing coordinator process. */
  readonly writer: string;
  /** Wall time, for people; nothing is decided by it. */
  readonly writtenAtMs: number;
}

/** A sink of a generation, with what recovery needs to end and clean up its transactions without any worker. */
export interface SinkSpec {
  /** Id of the sink's operator in the plan, `[A-Za-z0-9_-]+`: stands in transactional ids as `<sink>`. */
  readonly operator: string;
  readonly kind: 'kafka' | 'other';
  readonly parallelism: number;
  /** Cluster id that the brokers told when the generation began: another one later is an error, not a verdict. */
  readonly kafkaClusterId?: string;
  /** How long a transaction that the generation opened can hang; left out where the brokers didn't tell. */
  readonly transactionTimeoutMs?: number;
  /** How to reach the cluster (bootstrap, references to secrets): JSON, opaque here. */
  readonly connection?: unknown;
}

/** Bytes of keyed state. */
export interface SnapshotPiece {
  readonly sequence: number;
  /** Object key, or null when `inline` holds the bytes (base64). */
  readonly key: string | null;
  readonly inline: string | null;
  readonly bytes: number;
  readonly keyGroupStart: number;
  readonly keyGroupEnd: number;
}

/** The whole state of one operator in one subtask at an epoch; pieces may be of earlier epochs. */
export type OperatorSnapshot = SnapshotOwner & (ListedPieces | PiecesInManifest);

export interface SnapshotOwner {
  readonly operator: string;
  readonly stage: string;
  readonly subtask: number;
  readonly splits: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ListedPieces {
  readonly pieces: readonly SnapshotPiece[];
  readonly manifest?: undefined;
}

/** The list of pieces is so long that it lies in an object of its own: snapshot-manifest.ts. */
export interface PiecesInManifest {
  readonly pieces: null;
  readonly manifest: SnapshotManifest;
}

/** Names an object that holds an operator's list of pieces, with what is asked of the list without reading it. */
export interface SnapshotManifest {
  /** A snapshot object of the epoch that names it. */
  readonly key: string;
  /** Length of that object. */
  readonly bytes: number;
  /** Bytes of state in all its pieces, and in those which its epoch has written. */
  readonly stateBytes: number;
  readonly writtenBytes: number;
  /** What the pieces' key groups lie in. */
  readonly keyGroupStart: number;
  readonly keyGroupEnd: number;
}

/** A sink subtask whose transaction a verdict speaks of. */
export interface HandleRef {
  readonly operator: string;
  readonly subtask: number;
  /** Empty for a sink without transactions. */
  readonly transactionalId: string;
  /** `topic/partition` that it wrote to. */
  readonly partitions: readonly string[];
}

export interface GenerationBody {
  readonly kind: 'Generation';
  readonly g: number;
  /** The physical plan: JSON, opaque here. */
  readonly plan: unknown;
  readonly parallelism: number;
  readonly sinks: readonly SinkSpec[];
}
export interface PlacedSubtask extends SubtaskId {
  readonly incarnation: string;
}
export interface PlacedBody {
  readonly kind: 'Placed';
  readonly g: number;
  readonly subtasks: readonly PlacedSubtask[];
}
export interface EpochBody {
  readonly kind: 'Epoch';
  /** 0 for epoch 0, which holds the start positions. */
  readonly g: number;
  readonly e: number;
  /** The epoch that it builds on: the base of its generation, or the one before. Null for epoch 0. */
  readonly parent: number | null;
  readonly snapshots: readonly OperatorSnapshot[];
  readonly handles: readonly SubtaskHandle[];
  /** Every epoch up to this one that isn't abandoned is committed at the brokers: the parent, always. */
  readonly committedThrough: number;
  /** W3C trace context of the epoch's trace: whoever commits it after a crash joins it. */
  readonly traceparent?: string;
  /** Set where somebody wished to go back to an older epoch: the snapshots are that one's, and there are no handles. */
  readonly restored?: Restored;
}
export interface Restored {
  /** The epoch that was chosen. */
  readonly from: number;
  /** Which start of the pipeline wished it: each is fulfilled once. */
  readonly start: number;
  /** The last decided epoch that brought output: the one that file sinks keep theirs of. */
  readonly outputEpoch: number;
}
/** `g` of a verdict is the generation which decided the epoch. */
export interface CommittedBody {
  readonly kind: 'Committed';
  readonly g: number;
  readonly e: number;
}
export interface AbandonedBody {
  readonly kind: 'Abandoned';
  readonly g: number;
  readonly e: number;
}
export interface TornBody {
  readonly kind: 'Torn';
  readonly g: number;
  readonly e: number;
  readonly committed: readonly HandleRef[];
  readonly aborted: readonly HandleRef[];
  readonly unknown: readonly HandleRef[];
}
export interface ResolvedBody {
  readonly kind: 'Resolved';
  readonly g: number;
  readonly e: number;
  readonly as: 'committed' | 'abandoned';
}
/** `g` is the generation that stopped, `e` its last epoch, which is committed. */
export interface StoppedBody {
  readonly kind: 'Stopped';
  readonly g: number;
  readonly e: number;
  readonly finished: boolean;
}

/** What an entry says, without who wrote it: what pure decisions return. */
export type LedgerEntryBody =
  | GenerationBody
  | PlacedBody
  | EpochBody
  | CommittedBody
  | AbandonedBody
  | TornBody
  | ResolvedBody
  | StoppedBody;

export type LedgerEntryKind = LedgerEntryBody['kind'];

/** An entry as it is in the store. */
export type LedgerEntry = LedgerEntryBody & EntryStamp & { readonly formatVersion: LedgerFormatVersion };

export function stampEntry(body: LedgerEntryBody, stamp: EntryStamp): LedgerEntry {
  return { ...body, ...stamp, formatVersion: formatVersionOf(body) };
}

export function formatVersionOf(body: LedgerEntryBody): LedgerFormatVersion {
  return body.kind === 'Epoch' && hasManifest(body.snapshots) ? 2 : 1;
}

export function hasManifest(snapshots: readonly OperatorSnapshot[]): boolean {
  return snapshots.some((snapshot) => snapshot.manifest !== undefined);
}

/** `Epoch{g 3, e 17}`, for messages. */
export function nameEntry(entry: LedgerEntryBody): string {
  return 'e' in entry ? `${entry.kind}{g ${entry.g}, e ${entry.e}}` : `${entry.kind}{g ${entry.g}}`;
}
