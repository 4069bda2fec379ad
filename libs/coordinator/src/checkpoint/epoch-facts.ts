import type { EntryStamp } from '@weir/epoch-protocol/ledger-entries.ts';
import type { EpochRecord } from '@weir/epoch-protocol/ledger-state.ts';
import { parseSnapshotObjectKey, type SnapshotObject } from '@weir/epoch-protocol/snapshot-object-key.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';

/** Wall time of an epoch's decision, ms since 1970: the stamp of its entry. */
export function decidedAtMs(epoch: EpochRecord): number {
  const { writtenAtMs } = epoch.body as Partial<EntryStamp>;
  return typeof writtenAtMs === 'number' ? writtenAtMs : 0;
}

/** Bytes of state that an epoch refers to, and of these the ones that were written for it. */
export function stateBytes(scope: PipelineScope, epoch: EpochRecord): { total: number; written: number } {
  const { g, e, snapshots } = epoch.body;
  let total = 0;
  let written = 0;
  for (const { manifest } of snapshots) {
    if (manifest === undefined) continue;
    total += manifest.stateBytes;
    // An epoch that goes back to an older one has written nothing.
    if (isOf(parseSnapshotObjectKey(scope, manifest.key), g, e)) written += manifest.writtenBytes;
  }
  for (const piece of snapshots.flatMap((snapshot) => snapshot.pieces ?? [])) {
    const object = piece.key === null ? undefined : parseSnapshotObjectKey(scope, piece.key);
    total += piece.bytes;
    if (piece.key === null || isOf(object, g, e)) written += piece.bytes;
  }
  return { total, written };
}

function isOf(object: SnapshotObject | undefined, g: number, e: number): boolean {
  return object?.g === g && object.e === e;
}
