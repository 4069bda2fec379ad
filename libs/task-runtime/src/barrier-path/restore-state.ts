import type {
  OperatorSnapshot,
  SnapshotManifest,
  SnapshotPiece,
} from '@weir/epoch-protocol/ledger-entries.ts';
import { decodeManifest } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { RestoredState, StatePiece } from '@weir/operators/operator.ts';
import { cutFor, cutPiece } from '@weir/state/pieces/cut-piece.ts';
import { versionOf, wholeHeadLength } from '@weir/state/pieces/piece-layout.ts';
import type { SplitState } from '@weir/plan/split-state.ts';

/** How objects of the base are read; undefined when there is no such object. How many are read at once is its affair. */
export interface ObjectReader {
  read(key: string): Promise<Uint8Array | undefined>;
  /** Bytes [start, end), fewer where the object ends before. */
  readRange(key: string, start: number, end: number): Promise<Uint8Array | undefined>;
}

/** A piece below this is read whole, whoever needs a part of it: one request instead of two, bytes. */
const leastCutBytes = 256 * 1024;
/** What is read first of a larger one: its directory, unless it has thousands of blocks. */
const firstReadBytes = 16 * 1024;

interface KeyGroups {
  readonly start: number;
  readonly end: number;
}

interface NamedObject {
  readonly key: string;
  readonly bytes: number;
}

export interface RestoredOperator {
  readonly state: RestoredState;
  /** Pieces that the operator may keep: none when several subtasks wrote, since their sequences overlap. */
  readonly keepable: readonly SnapshotPiece[];
}

/**
 * What an operator in one subtask is opened with: all pieces of the base that meet its key groups, of large ones only the blocks that do, and the
 * splits of all subtasks.
 * @throws WeirError WEIR-7220 when an object of the base is missing or of another length; LedgerUnreadable for a manifest of another version
 */
export async function restoreOperator(
  base: readonly OperatorSnapshot[],
  operator: string,
  keyGroups: KeyGroups,
  objects: ObjectReader,
): Promise<RestoredOperator> {
  const snapshots = base.filter((snapshot) => snapshot.operator === operator);
  const meets = (range: Pick<SnapshotPiece, 'keyGroupStart' | 'keyGroupEnd'>): boolean =>
    range.keyGroupStart < keyGroups.end && keyGroups.start < range.keyGroupEnd;
  const restored = await Promise.all(
    snapshots
      .toSorted((a, b) => a.subtask - b.subtask)
      .map(async ({ subtask, pieces, manifest }) => {
        const needed = manifest === undefined || meets(manifest);
        const listed = needed ? (pieces ?? (await listedIn(manifest, objects))).filter(meets) : [];
        const ordered = listed.toSorted((a, b) => a.sequence - b.sequence);
        return { subtask, listed: ordered, pieces: await fetchPieces(ordered, keyGroups, objects) };
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

function fetchPieces(
  pieces: readonly SnapshotPiece[],
  keyGroups: KeyGroups,
  objects: ObjectReader,
): Promise<StatePiece[]> {
  return Promise.all(
    pieces.map(async (piece) => {
      const { sequence, keyGroupStart, keyGroupEnd } = piece;
      return { sequence, keyGroupStart, keyGroupEnd, bytes: await bytesOf(piece, keyGroups, objects) };
    }),
  );
}

async function listedIn(
  manifest: SnapshotManifest,
  objects: ObjectReader,
): Promise<readonly SnapshotPiece[]> {
  return decodeManifest(await objectOf(manifest, objects), manifest.key);
}

async function bytesOf(
  piece: SnapshotPiece,
  keyGroups: KeyGroups,
  objects: ObjectReader,
): Promise<Uint8Array> {
  if (piece.inline !== null) return Buffer.from(piece.inline, 'base64');
  const object = { key: present(piece.key, 'the key of a stored piece'), bytes: piece.bytes };
  const ours = piece.keyGroupStart >= keyGroups.start && piece.keyGroupEnd <= keyGroups.end;
  if (ours || piece.bytes <= leastCutBytes) return objectOf(object, objects);
  return ownBlocks(object, keyGroups, objects);
}

/** A piece with the blocks of some key groups, read by its directory. One of version 1 has none: it is read whole. */
async function ownBlocks(
  object: NamedObject,
  keyGroups: KeyGroups,
  objects: ObjectReader,
): Promise<Uint8Array> {
  let head = await rangeOf(object, 0, firstReadBytes, objects);
  if (versionOf(head) === 1) return objectOf(object, objects);
  const length = wholeHeadLength(head);
  if (length > head.length) head = await rangeOf(object, 0, length, objects);
  const cut = cutFor(head, keyGroups);
  if (cut.head.length !== object.bytes) throw unlike(object, `says that it has ${cut.head.length} bytes`);
  const bytes =
    cut.end <= head.length
      ? head.subarray(cut.start, cut.end)
      : await rangeOf(object, cut.start, cut.end, objects);
  return cutPiece(cut, bytes);
}

async function rangeOf(
  object: NamedObject,
  start: number,
  end: number,
  objects: ObjectReader,
): Promise<Uint8Array> {
  const bytes = await objects.readRange(object.key, start, end);
  if (bytes === undefined) throw unlike(object, 'is missing');
  if (bytes.length !== end - start) throw unlike(object, `has no ${end} bytes instead of ${object.bytes}`);
  return bytes;
}

async function objectOf(object: NamedObject, objects: ObjectReader): Promise<Uint8Array> {
  const bytes = await objects.read(object.key);
  if (bytes?.length === object.bytes) return bytes;
  throw unlike(
    object,
    bytes === undefined ? 'is missing' : `has ${bytes.length} bytes instead of ${object.bytes}`,
  );
}

function unlike(object: NamedObject, found: string): WeirError {
  return new WeirError('WEIR-7220', `the checkpoint can't be restored: object ${object.key} ${found}`, {
    hint: 'something outside of Weir has changed the object store: restore it from a copy',
  });
}
