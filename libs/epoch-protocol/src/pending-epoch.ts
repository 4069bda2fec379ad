import { present } from '@weir/kernel/assert.ts';
import { subtaskKey, type SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { EpochBody, OperatorSnapshot, PlacedBody } from './ledger-entries.ts';
import {
  baseOf,
  currentGeneration,
  nextEpochNumber,
  type EpochRecord,
  type LedgerState,
} from './ledger-state.ts';
import { IllegalTransition } from './protocol-errors.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';
import { sinkKey, type SubtaskHandle } from './sink-handle.ts';

/*
 * An epoch on its way to the decision.
 *
 * P1  Only acknowledgements of this generation, this epoch and the incarnation in `Placed` count.
 * P2  An acknowledgement that is repeated says the same; the first one counts, another content is a defect of the worker.
 * P3  `Epoch` is appended only when every placed subtask has acknowledged ...
 * P4  ... and every commit of the parent is acknowledged (!) ...
 * P5  ... and every open transaction has at least 20 % of its timeout left; else the generation ends, and nothing is lost.
 * P6  Within a generation no epoch is skipped or given up.
 */

/** At least this part of a transaction's timeout must be left when its epoch is decided. */
const transactionTimeLeft = 0.2;

/** What a subtask says once it has snapshotted: always the same, however often it is asked. */
export interface Snapshotted extends SubtaskId {
  readonly g: number;
  readonly e: number;
  readonly incarnation: string;
  readonly snapshots: readonly OperatorSnapshot[];
  readonly handles: readonly SubtaskHandle[];
}

/** Beside the acknowledgement, measured by the worker when it sends it: the transaction that has been open longest. */
export interface TransactionAge {
  readonly ageMs: number;
  readonly timeoutMs: number;
}

interface Acknowledged {
  readonly ack: Snapshotted;
  /** When its oldest transaction must be decided, on the coordinator's monotonic clock. Null when it has none. */
  readonly decideBeforeMs: number | null;
}

export interface PendingEpoch {
  readonly g: number;
  readonly e: number;
  readonly parent: number;
  /** Subtask key -> the incarnation whose acknowledgement counts. */
  readonly expected: Readonly<Record<string, string>>;
  readonly acks: Readonly<Record<string, Acknowledged>>;
}

/** Acknowledgements of `Commit(g, e)` by the sinks of an epoch, empty handles included. */
export interface CommitProgress {
  readonly g: number;
  readonly e: number;
  /** Sink keys (`operator/subtask`) that have not acknowledged yet. */
  readonly waiting: readonly string[];
}

/** The next epoch of the current generation. Its parent is the base. */
export function newPendingEpoch(state: LedgerState): PendingEpoch {
  const generation = present(currentGeneration(state), 'the current generation');
  const placed: PlacedBody = present(generation.placed, `Placed of generation ${generation.body.g}`);
  return {
    g: generation.body.g,
    e: nextEpochNumber(state),
    parent: present(baseOf(state), 'the base').body.e,
    expected: Object.fromEntries(
      placed.subtasks.map((subtask) => [subtaskKey(subtask), subtask.incarnation]),
    ),
    acks: {},
  };
}

/**
 * collecting -> collecting. Takes an acknowledgement; one that doesn't count (P1) changes nothing.
 * @param nowMs the coordinator's monotonic clock
 * @throws IllegalTransition when a repeated acknowledgement says something else (P2)
 */
export function acknowledged(
  pending: PendingEpoch,
  ack: Snapshotted,
  oldest: TransactionAge | null,
  nowMs: number,
): PendingEpoch {
  const key = subtaskKey(ack);
  if (ack.g !== pending.g || ack.e !== pending.e || pending.expected[key] !== ack.incarnation) return pending; // P1
  const before = pending.acks[key];
  if (before !== undefined && JSON.stringify(before.ack) !== JSON.stringify(ack)) {
    const from = `${key} has acknowledged epoch ${pending.e}`;
    throw new IllegalTransition('pending epoch', from, 'an acknowledgement with another content', 'P2');
  }
  const deadline =
    oldest === null ? null : nowMs - oldest.ageMs + oldest.timeoutMs * (1 - transactionTimeLeft);
  // A message that was long under way makes a transaction look younger: the earliest reading is the truest.
  const decideBeforeMs = earliest(before?.decideBeforeMs ?? null, deadline);
  return { ...pending, acks: { ...pending.acks, [key]: { ack, decideBeforeMs } } };
}

/** Subtasks that have not acknowledged yet: they are asked again. */
export function missingAcks(pending: PendingEpoch): string[] {
  return Object.keys(pending.expected).filter((key) => pending.acks[key] === undefined);
}

/** The sinks that have to acknowledge `Commit` of a decided epoch. */
export function newCommitProgress(record: EpochRecord): CommitProgress {
  const waiting = record.status === 'committed' ? [] : record.body.handles.map(sinkKey);
  return { g: record.body.g, e: record.body.e, waiting };
}

/** committing -> committing | committed. An acknowledgement of another epoch, generation or sink changes nothing. */
export function commitAcknowledged(
  progress: CommitProgress,
  ack: { g: number; e: number; sink: string },
): CommitProgress {
  if (ack.g !== progress.g || ack.e !== progress.e) return progress;
  return { ...progress, waiting: progress.waiting.filter((sink) => sink !== ack.sink) };
}

export function isCommitted(progress: CommitProgress): boolean {
  return progress.waiting.length === 0;
}

export type EpochDecision =
  | { readonly decision: 'wait'; readonly snapshots: readonly string[]; readonly commits: readonly string[] }
  /** Append this entry at the ledger's end. */
  | { readonly decision: 'append'; readonly entry: EpochBody }
  | { readonly decision: 'end-generation'; readonly reason: string };

/**
 * Whether the epoch may be decided now.
 * @param parentCommit commits of the parent, `newCommitProgress` of its record at the least
 * @param nowMs the coordinator's monotonic clock
 */
export function decideEpoch(
  pending: PendingEpoch,
  parentCommit: CommitProgress,
  nowMs: number,
  rules: ProtocolRules = allRules,
): EpochDecision {
  const late = Object.entries(pending.acks).find(
    ([, { decideBeforeMs }]) => decideBeforeMs !== null && nowMs > decideBeforeMs,
  );
  if (late !== undefined) {
    const reason = `the transaction of ${late[0]} in epoch ${pending.e} has less than ${transactionTimeLeft * 100} % of its timeout left`;
    return { decision: 'end-generation', reason }; // P5
  }
  const snapshots = missingAcks(pending);
  const commits = parentCommit.e === pending.parent ? parentCommit.waiting : ['?'];
  const parentDone = commits.length === 0 || !rules.decideAfterParentCommitted; // P4
  if (snapshots.length > 0 || !parentDone) return { decision: 'wait', snapshots, commits }; // P3
  return { decision: 'append', entry: epochEntry(pending, commits.length === 0) };
}

/** In the order of `expected`: two coordinators that collected the same acknowledgements write the same entry. */
function epochEntry(pending: PendingEpoch, parentCommitted: boolean): EpochBody {
  const acks = Object.keys(pending.expected).map(
    (key) => present(pending.acks[key], `the acknowledgement of ${key}`).ack,
  );
  return {
    kind: 'Epoch',
    g: pending.g,
    e: pending.e,
    parent: pending.parent,
    snapshots: acks.flatMap((ack) => ack.snapshots),
    handles: acks.flatMap((ack) => ack.handles),
    committedThrough: parentCommitted ? pending.parent : 0,
  };
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
