import type {
  OperatorSnapshot,
  SnapshotManifest,
  SnapshotPiece,
} from '@weir/epoch-protocol/ledger-entries.ts';
import { decodeManifest } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { RestoredState, StatePiece } from '@weir/operators/operator.ts';
import type { SplitState } from '@weir/plan/split-state.ts';

/** Bytes of a stored piece; undefined when there is no such object. */
export type FetchObject = (key: string) => Promise<Uint8Array | undefined>;

export interface RestoredOperator {
  readonly state: RestoredState;
  /** Pieces that the operator may keep: none when several subtasks wrote, since their sequences overlap. */
  readonly keepable: readonly SnapshotPiece[];
}

/**
 * What an operator in one subtask is opened with: all pieces of the base that meet its key groups, and the splits of all subtasks.
 * @throws WeirError WEIR-7220 when an object of the base is missing or of another length; LedgerUnreadable for a manifest of another version
 */
export async function restoreOperator(
  base: readonly OperatorSnapshot[],
  operator: string,
  keyGroups: { readonly start: number; readonly end: number },
  fetch: FetchObject,
): Promise<RestoredOperator> {
  const snapshots = base.filter((snapshot) => snapshot.operator === operator);
  const meets = (range: Pick<SnapshotPiece, 'keyGroupStart' | 'keyGroupEnd'>): boolean =>
    range.keyGroupStart < keyGroups.end && keyGroups.start < range.keyGroupEnd;
  const restored = await Promise.all(
    snapshots
      .toSorted((a, b) => a.subtask - b.subtask)
      .map(async ({ subtask, pieces, manifest }) => {
        const needed = manifest === undefined || meets(manifest);
        const listed = needed ? (pieces ?? (await listedIn(manifest, fetch))).filter(meets) : [];
        const ordered = listed.toSorted((a, b) => a.sequence - b.sequence);
        return { subtask, listed: ordered, pieces: await fetchPieces(ordered, fetch) };
      }),
  );
  const writers = restored.filter(({ listed }) => listed.length > 0);
  return {
    state: {
      writers: writers.map(({ subtask, pieces }) => ({ subtask, pieces })),
      splits: mergedSplits(snapshots),
    },
    keepable: writers.length === 1 ? (writers[0]?.listed ?? []) : [],
  };
}

/** Splits of all subtasks of an operator: every split belongs to one. */
export function mergedSplits(snapshots: readonly OperatorSnapshot[]): Record<string, SplitState> {
  return Object.assign({}, ...snapshots.map((snapshot) => snapshot.splits)) as Record<string, SplitState>;
}

function fetchPieces(pieces: readonly SnapshotPiece[], fetch: FetchObject): Promise<StatePiece[]> {
  return Promise.all(
    pieces.map(async (piece) => {
      const { sequence, keyGroupStart, keyGroupEnd } = piece;
      return { sequence, keyGroupStart, keyGroupEnd, bytes: await bytesOf(piece, fetch) };
    }),
  );
}

async function listedIn(manifest: SnapshotManifest, fetch: FetchObject): Promise<readonly SnapshotPiece[]> {
  return decodeManifest(await objectOf(manifest, fetch), manifest.key);
}

async function bytesOf(piece: SnapshotPiece, fetch: FetchObject): Promise<Uint8Array> {
  if (piece.inline !== null) return Buffer.from(piece.inline, 'base64');
  return objectOf({ key: present(piece.key, 'the key of a stored piece'), bytes: piece.bytes }, fetch);
}

async function objectOf(
  object: { readonly key: string; readonly bytes: number },
  fetch: FetchObject,
): Promise<Uint8Array> {
  const bytes = await fetch(object.key);
  if (bytes?.length === object.bytes) return bytes;
  const found = bytes === undefined ? 'is missing' : `has ${bytes.length} bytes instead of ${object.bytes}`;
  throw new WeirError('WEIR-7220', `the checkpoint can't be restored: object ${object.key} ${found}`, {
    hint: 'something outside of Weir has changed the object store: restore it from a copy',
  });
}
