import type { LedgerEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import { foldEntry } from '@weir/epoch-protocol/ledger-fold.ts';
import { emptyLedger, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import {
  keptEpochRecords,
  manifestKeys,
  reachableObjects,
  storedKeys,
} from '@weir/epoch-protocol/ledger-trim.ts';
import { decodeManifest } from '@weir/epoch-protocol/snapshot-manifest.ts';
import type { StoredObject } from '@weir/object-store/object-store.ts';

/** C6  Every object that a kept epoch reaches is in the store, those that its manifests list too. */
export function snapshotProblems(
  entries: readonly LedgerEntry[],
  objects: ReadonlyMap<string, StoredObject>,
): string[] {
  let folded: LedgerState = emptyLedger;
  try {
    for (const entry of entries) folded = foldEntry(folded, entry);
  } catch {
    return []; // C1 tells
  }
  const state = { ...folded, epochs: keptEpochRecords(folded) };
  const manifests = new Map<string, readonly string[]>();
  for (const key of manifestKeys(state)) {
    const found = objects.get(key);
    if (found === undefined) return [`C6: manifest ${key} is missing`];
    manifests.set(key, storedKeys(decodeManifest(found.bytes, key)));
  }
  return [...reachableObjects(state, manifests)]
    .filter((key) => !objects.has(key))
    .map((key) => `C6: ${key} is missing`);
}
