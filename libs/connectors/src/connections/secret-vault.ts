import { randomBytes } from 'node:crypto';
import { WeirError } from '@weir/kernel/errors.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { encodeCatalogEntry } from './catalog-entry.ts';
import type { SecretKeys } from './secret-keys.ts';
import { decodeSecret, type SecretRecord } from './secret-record.ts';

/** The secrets of a cluster in its store, each under its owner. */
export class SecretVault {
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #keys: SecretKeys;

  constructor(store: ObjectStore, cluster: string, keys: SecretKeys) {
    this.#store = store;
    this.#prefix = `clusters/${cluster}/secrets/`;
    this.#keys = keys;
  }

  /**
   * Stores a secret, sealed where there is a key, before anything that refers to it is stored.
   * @param owner id of a pipeline, profile or table: letters and digits
   * @returns its id
   */
  async keep(owner: string, text: string): Promise<string> {
    const id = `${owner}.${randomBytes(16).toString('hex')}`;
    const record: SecretRecord = { formatVersion: 1, id, owner, value: this.#keys.seal(id, text) };
    await this.#store.put(this.#key(id), encodeCatalogEntry(record));
    return id;
  }

  /** @throws WeirError WEIR-3601 when there is none, WEIR-3602 when it can't be opened here */
  async read(id: string): Promise<string> {
    const key = this.#key(id);
    const found = await this.#store.get(key);
    if (found === undefined) {
      throw new WeirError('WEIR-3601', 'a secret that an option stands for is not in the store any more', {
        hint: 'its profile, table or pipeline was removed by force or made anew: set the secret again',
      });
    }
    return this.#keys.open(decodeSecret(found.bytes, key));
  }

  async forget(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#store.delete(this.#key(id))));
  }

  /** All that the owner has, also what nothing refers to (a process ended while it was making something). */
  async forgetOwner(owner: string): Promise<void> {
    const keys: string[] = [];
    for await (const key of this.#store.list(`${this.#prefix}${owner}/`)) keys.push(key);
    await Promise.all(keys.map((key) => this.#store.delete(key)));
  }

  #key(id: string): string {
    return `${this.#prefix}${id.replace('.', '/')}.json`;
  }
}
