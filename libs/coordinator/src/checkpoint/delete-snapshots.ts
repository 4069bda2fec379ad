import { mayDeleteObject, reachableObjects } from '@weir/epoch-protocol/ledger-trim.ts';
import { parseSnapshotObjectKey, snapshotPrefix } from '@weir/epoch-protocol/snapshot-object-key.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { Ledger } from './ledger.ts';

/** Deletes the snapshot objects that no kept epoch refers to, until `stopped`. It can be left at any moment and done again. */
export async function deleteSnapshots(
  store: ObjectStore,
  scope: PipelineScope,
  ledger: Pick<Ledger, 'state'>,
  stopped: () => boolean,
): Promise<void> {
  const keys: string[] = [];
  for await (const key of store.list(snapshotPrefix(scope))) keys.push(key);
  // The ledger is looked at after the listing: what was listed is at most as new as what it says.
  const reachable = reachableObjects(ledger.state);
  for (const key of keys) {
    if (stopped()) return;
    const object = parseSnapshotObjectKey(scope, key);
    if (mayDeleteObject(key, object, ledger.state, reachable)) await store.delete(key);
  }
}
