import { mayDeleteObject, reachableObjects } from '@weir/epoch-protocol/ledger-trim.ts';
import { parseSnapshotObjectKey, snapshotPrefix } from '@weir/epoch-protocol/snapshot-object-key.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { Ledger } from './ledger.ts';
import type { ManifestLists } from './manifest-lists.ts';

/** Deletes the snapshot objects that no kept epoch refers to, until `stopped`. It can be left at any moment and done again. */
export async function deleteSnapshots(
  store: ObjectStore,
  scope: PipelineScope,
  ledger: Pick<Ledger, 'state'>,
  manifests: ManifestLists,
  stopped: () => boolean,
): Promise<void> {
  const keys: string[] = [];
  for await (const key of store.list(snapshotPrefix(scope))) keys.push(key);
  // The ledger is looked at after the listing: what was listed is at most as new as what it says. While the manifests are read it may go on; what
  // this state makes reachable is then still right for what it lets be deleted (T4: nothing above its newest entry).
  const { state } = ledger;
  const reachable = reachableObjects(state, await manifests.of(state)); // T6
  for (const key of keys) {
    if (stopped()) return;
    const object = parseSnapshotObjectKey(scope, key);
    if (mayDeleteObject(key, object, state, reachable)) await store.delete(key);
  }
}
