import { manifestKeys, storedKeys } from '@weir/epoch-protocol/ledger-trim.ts';
import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { decodeManifest } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { AtMost } from '@weir/kernel/at-most.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';

const mostRequests = 16;

/**
 * Which objects the manifests of a pipeline's kept epochs list. Manifests never change, so each is read once, and forgotten with the last epoch that
 * names it; only keys are kept of them.
 */
export class ManifestLists {
  readonly #store: ObjectStore;
  readonly #listed = new Map<string, readonly string[]>();
  readonly #requests = new AtMost(mostRequests);

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /**
   * By the key of each manifest that `state` names: the keys of the objects it lists.
   * @throws WeirError WEIR-7125 for one that is missing, LedgerUnreadable for one of another version: then nobody knows what is reachable
   */
  async of(state: LedgerState): Promise<ReadonlyMap<string, readonly string[]>> {
    const wanted = manifestKeys(state);
    for (const key of this.#listed.keys()) if (!wanted.has(key)) this.#listed.delete(key);
    const unread = [...wanted].filter((key) => !this.#listed.has(key));
    await Promise.all(unread.map((key) => this.#requests.run(() => this.#read(key))));
    return this.#listed;
  }

  async #read(key: string): Promise<void> {
    const found = await this.#store.get(key);
    if (found === undefined) {
      throw new WeirError('WEIR-7125', `object ${key}, which a kept epoch needs, is missing`, {
        hint: 'something outside of Weir has changed the object store: restore it from a copy; no snapshot is deleted meanwhile',
      });
    }
    this.#listed.set(key, storedKeys(decodeManifest(found.bytes, key)));
  }
}
