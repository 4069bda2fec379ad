import type { SnapshotPiece } from './ledger-entries.ts';
import { LedgerUnreadable } from './protocol-errors.ts';

/*
 * Where an operator's list of pieces would make the acknowledgement, and with it the `Epoch` entry, long, it lies in an object of its own.
 *
 * M1  A manifest is put, under a name that holds a nonce, before the acknowledgement that names it, and never changes: what was read of it
 *     once stays true.
 * M2  It is an object of the epoch that was acknowledged (its name says generation, epoch and subtask): each epoch whose list is long has
 *     its own. Only that epoch's entry names it, and that of an epoch which goes back to it.
 * M3  The pieces that it lists are reachable through it. So nothing may be deleted before the manifests of all kept epochs were read; one that
 *     can't be read keeps everything (T5, T6 in ledger-trim.ts).
 */

/** Longest list of pieces that stands in an acknowledgement, and in the entry for all subtasks of a stage together, bytes of JSON. */
export const longestPieceList = 64 * 1024;
/** A subtask's share of the entry's list is never below this, bytes of JSON. */
const leastPieceList = 4 * 1024;

const manifestFormatVersion = 1;

/** How long the lists of one subtask's acknowledgement may be: such that those of all subtasks of a stage are no longer than one's may be. */
export function pieceListBudget(parallelism: number, longest = longestPieceList): number {
  return Math.max(Math.min(leastPieceList, longest), Math.floor(longest / Math.max(1, parallelism)));
}

/** UTF-8 JSON. */
export function encodeManifest(pieces: readonly SnapshotPiece[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ formatVersion: manifestFormatVersion, pieces }));
}

/** @throws LedgerUnreadable for a version or shape that this Weir doesn't know */
export function decodeManifest(bytes: Uint8Array, where: string): readonly SnapshotPiece[] {
  let value: { formatVersion?: unknown; pieces?: unknown } | null;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as typeof value;
  } catch (cause) {
    throw new LedgerUnreadable(`${where} is no JSON`, { cause });
  }
  if (value?.formatVersion !== manifestFormatVersion) {
    throw new LedgerUnreadable(
      `${where} has format version ${JSON.stringify(value?.formatVersion)}, this Weir reads ${manifestFormatVersion}`,
    );
  }
  const { pieces } = value;
  if (!Array.isArray(pieces) || !pieces.every(isPiece)) {
    throw new LedgerUnreadable(`${where} lists something that is no piece of a snapshot`);
  }
  return pieces;
}

/** Whether a value is the list of snapshots that an acknowledgement, an `Epoch` entry or the base of a generation holds. */
export function isSnapshotList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isSnapshot);
}

function isSnapshot(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { operator, stage, subtask, splits, pieces, manifest } = value;
  if (typeof operator !== 'string' || typeof stage !== 'string' || !isCount(subtask)) return false;
  if (!isRecord(splits)) return false;
  // Exactly one of the two: a reader that knows no manifests must not take "listed elsewhere" for "none".
  if (pieces === null) return isManifest(manifest);
  return manifest === undefined && Array.isArray(pieces) && pieces.every(isPiece);
}

function isManifest(value: unknown): boolean {
  if (!isRecord(value) || typeof value['key'] !== 'string') return false;
  const counts = ['bytes', 'stateBytes', 'writtenBytes', 'keyGroupStart', 'keyGroupEnd'];
  return counts.every((name) => isCount(value[name]));
}

function isPiece(value: unknown): value is SnapshotPiece {
  if (!isRecord(value)) return false;
  const { key, inline } = value;
  const placed = typeof key === 'string' ? inline === null : key === null && typeof inline === 'string';
  return (
    placed && ['sequence', 'bytes', 'keyGroupStart', 'keyGroupEnd'].every((name) => isCount(value[name]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
