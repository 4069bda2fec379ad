import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { mayDeleteObject, reachableObjects } from '@weir/epoch-protocol/ledger-trim.ts';
import { parseSnapshotObjectKey } from '@weir/epoch-protocol/snapshot-object-key.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { Ledger } from './ledger.ts';
import type { ManifestLists } from './manifest-lists.ts';

/**
 * Trims the ledger, and says which snapshot objects nothing refers to any more: those that its epochs reached before and don't after. No
 * listing is needed for that; what no epoch ever named is found by `deleteSnapshots`.
 * @returns null when a manifest can't be read: then a listing has to find them, once those of the kept epochs can be
 */
export async function trimPipeline(
  scope: PipelineScope,
  ledger: Pick<Ledger, 'state' | 'trim'>,
  manifests: ManifestLists,
  forgotten: ReadonlySet<number>,
): Promise<string[] | null> {
  const before = await reachableFrom(ledger.state, manifests);
  await ledger.trim(forgotten);
  const { state } = ledger;
  const after = await reachableFrom(state, manifests);
  if (before === null || after === null) return null;
  return [...before].filter((key) => mayDeleteObject(key, parseSnapshotObjectKey(scope, key), state, after));
}

async function reachableFrom(state: LedgerState, manifests: ManifestLists): Promise<Set<string> | null> {
  try {
    return reachableObjects(state, await manifests.of(state));
  } catch {
    return null;
  }
}
