import { present } from '@weir/kernel/assert.ts';
import { hasManifest, type SnapshotPiece } from './ledger-entries.ts';
import type { LedgerState } from './ledger-state.ts';
import {
  baseOf,
  emptyLedger,
  generationNumber,
  lastDecidingGeneration,
  superseded,
  type EpochRecord,
} from './ledger-state.ts';
import { LedgerUnreadable } from './protocol-errors.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';
import type { SnapshotObject } from './snapshot-object-key.ts';

/*
 * What of a pipeline's past may be deleted. The trim record (changed by put-if-match only) says up to where the ledger is
 * trimmed and holds a summary, from which readers start; entries are deleted only after it says so.
 *
 * T1  Kept: the last 10 epochs, at least two decided ones (not abandoned), the parent of any epoch that has no verdict
 *     (decided and not recorded committed, or torn).
 * T2  The summary is of a position that is not trimmed: nothing that a reader needs is between the two.
 * T3  After every successful put, and on every read-back, the appender reads the trim record: at or below `trimmedThrough` it is
 *     fenced, its entry counts for nothing. So does a reader, after it found the end (or an entry which it can't fold) and before
 *     it believes what it read: by then its first place may have been trimmed, deleted, and written into by somebody late.
 * T4  An object of an epoch above the newest entry is deleted only if its generation is superseded: it may be of the epoch that
 *     is being collected.
 * T5  Anything not understood is kept.
 * T7  Of a removed pipeline a trim record stays that trims every place there is, so that a coordinator which stood still meanwhile is fenced
 *     whatever it puts into the emptied ledger.
 * T6  What is reachable is known only when every manifest of the kept epochs was read (M3): this file stays pure, so its callers read them and
 *     hand over what they list. Manifests never change (M1), so it doesn't matter when one was read, only that each was.
 */

export const keptEpochs = 10;

export interface TrimRecord {
  /** 2 where the summary names a manifest, as with entries; 3 for a pipeline that was removed. */
  readonly formatVersion: 1 | 2 | 3;
  /** Entries at this position and below may be deleted; -1 when nothing is trimmed. */
  readonly trimmedThrough: number;
  /** What the ledger says up to `summary.nextPosition`; readers fold on from there. */
  readonly summary: LedgerState;
  /** T7: wall time of the removal. */
  readonly removedAtMs?: number;
}

/** T7 */
export function removalRecord(removedAtMs: number): TrimRecord {
  return { formatVersion: 3, trimmedThrough: Number.MAX_SAFE_INTEGER, summary: emptyLedger, removedAtMs };
}

export interface TrimPlan {
  /** Put this (with the etag of the record that was read) before anything is deleted. */
  readonly record: TrimRecord;
  /** Then these positions, first to last, may be deleted. */
  readonly from: number;
  readonly through: number;
}

/**
 * What to trim now; null when there is nothing. Also the way to keep the state small: go on with `record.summary`.
 * @param forgotten generations whose sweep found nothing one transaction timeout after they were superseded
 * @param keep how many epochs are kept: less than `keptEpochs` only where a trim is to be seen early
 */
export function planTrim(
  state: LedgerState,
  before: TrimRecord | null,
  forgotten: ReadonlySet<number>,
  keep = keptEpochs,
): TrimPlan | null {
  const kept = keptEpochRecords(state, keep);
  const oldest = kept[0];
  const trimmedBefore = before?.trimmedThrough ?? -1;
  if (oldest === undefined || oldest.position - 1 <= trimmedBefore) return null;
  const summary: LedgerState = {
    ...state,
    epochs: kept,
    generations: keptGenerations(state, kept, forgotten),
  };
  const trimmedThrough = oldest.position - 1; // T2: below every kept epoch, so below `nextPosition`
  return {
    record: { formatVersion: summaryVersion(summary), trimmedThrough, summary },
    from: trimmedBefore + 1,
    through: trimmedThrough,
  };
}

function summaryVersion(summary: LedgerState): TrimRecord['formatVersion'] {
  return summary.epochs.some(({ body }) => hasManifest(body.snapshots)) ? 2 : 1;
}

/** T1 */
export function keptEpochRecords(state: LedgerState, keep = keptEpochs): EpochRecord[] {
  const { epochs } = state;
  const decided = epochs.filter((record) => record.status !== 'abandoned');
  const needed = new Set<number>([
    ...epochs.slice(-keep).map((record) => record.body.e),
    ...decided.slice(-2).map((record) => record.body.e),
  ]);
  for (const record of epochs) {
    // One that was abandoned has had its say: its parent became the base, and later epochs take its place as any other's.
    const hasVerdict = record.status === 'committed' || record.status === 'abandoned';
    if (!hasVerdict && record.body.parent !== null) needed.add(record.body.parent);
  }
  const oldest = epochs.findIndex((record) => needed.has(record.body.e));
  return oldest < 0 ? [] : epochs.slice(oldest);
}

/** The current one, those of kept epochs and of the base, those since the base, and all that a sweep hasn't finished with. */
function keptGenerations(
  state: LedgerState,
  kept: readonly EpochRecord[],
  forgotten: ReadonlySet<number>,
): LedgerState['generations'] {
  const needed = new Set(kept.map((record) => record.body.g));
  const since = Math.min(baseOf(state)?.body.g ?? 0, lastDecidingGeneration(state));
  const current = generationNumber(state);
  return state.generations
    .filter(({ body: { g } }) => g === current || g >= since || needed.has(g) || !forgotten.has(g))
    .map((record) => (record.body.g === current ? record : superseded(record)));
}

/** T3: whether an entry at `position` counts, given the trim record that was read after the put (or the read-back). */
export function entryCounts(
  position: number,
  trimmedThrough: number,
  rules: ProtocolRules = allRules,
): boolean {
  return !rules.trimFences || position > trimmedThrough;
}

/**
 * T3, for readers: whether what was read counts, given the trim record that was read after it. If not, read again from its summary.
 * @param firstRead position of the first entry that was looked for; the state before it was known already
 */
export function readingCounts(
  firstRead: number,
  trimmedThrough: number,
  rules: ProtocolRules = allRules,
): boolean {
  return !rules.trimFences || firstRead > trimmedThrough;
}

/** Keys of the manifests that kept epochs name. */
export function manifestKeys(state: LedgerState): Set<string> {
  const keys = new Set<string>();
  for (const { body } of state.epochs) {
    for (const { manifest } of body.snapshots) if (manifest !== undefined) keys.add(manifest.key);
  }
  return keys;
}

/**
 * Keys of the snapshot objects that kept epochs need: the pieces, whatever epoch wrote them, and the manifests.
 * @param manifests by the key of each of `manifestKeys(state)`: the keys of the objects that it lists (T6)
 */
export function reachableObjects(
  state: LedgerState,
  manifests: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const keys = manifestKeys(state);
  for (const key of [...keys]) {
    for (const listed of present(manifests.get(key), `what manifest ${key} lists`)) keys.add(listed);
  }
  for (const { body } of state.epochs) {
    for (const { pieces } of body.snapshots) for (const key of storedKeys(pieces ?? [])) keys.add(key);
  }
  return keys;
}

/** Keys of the objects that pieces lie in: those inside an entry have none. */
export function storedKeys(pieces: readonly SnapshotPiece[]): string[] {
  return pieces.flatMap(({ key }) => (key === null ? [] : [key]));
}

/**
 * Whether a snapshot object may be deleted.
 * @param object what its key says; undefined when it isn't understood (T5)
 * @param state the state after trimming (`TrimRecord.summary`, or what was folded on from it)
 * @param reachable `reachableObjects(state, …)`
 */
export function mayDeleteObject(
  key: string,
  object: SnapshotObject | undefined,
  state: LedgerState,
  reachable: ReadonlySet<string>,
): boolean {
  if (object === undefined || reachable.has(key)) return false; // T5, T1
  if (object.g < generationNumber(state)) return true;
  return object.g === generationNumber(state) && object.e <= state.highestEpoch; // T4
}

export function encodeTrimRecord(record: TrimRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}

/** @throws LedgerUnreadable for a version or shape that this Weir doesn't know */
export function decodeTrimRecord(bytes: Uint8Array, where: string): TrimRecord {
  let value: Partial<TrimRecord> | null;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<TrimRecord> | null;
  } catch (cause) {
    throw new LedgerUnreadable(`${where} is no JSON`, { cause });
  }
  const version = value?.formatVersion as unknown;
  const isRemoval = version === 3 && typeof value?.removedAtMs === 'number';
  const isKnown = version === 1 || version === 2 || isRemoval;
  if (value === null || !isKnown || value.summary?.formatVersion !== 1) {
    throw new LedgerUnreadable(
      `${where} has format version ${JSON.stringify(version)}, this Weir reads 1 to 3`,
    );
  }
  if (!Number.isSafeInteger(value.trimmedThrough) || !Array.isArray(value.summary.epochs)) {
    throw new LedgerUnreadable(`${where} is no trim record`);
  }
  // A Weir that couldn't go back to an older epoch has left out that it hasn't.
  return {
    ...value,
    summary: { ...value.summary, restoredStart: value.summary.restoredStart ?? 0 },
  } as TrimRecord;
}
