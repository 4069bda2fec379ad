import { dispositionOf } from '@weir/kernel/errors.ts';
import type { Timers } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { encodeCatalogEntry } from './catalog-entry.ts';

interface NamedRecord {
  readonly formatVersion: 1;
  readonly name: string;
  readonly id: string;
}

interface RecordKind<R> {
  /** Folder of the catalog: `profiles`. */
  readonly folder: string;
  /** @throws WeirError WEIR-3603 */
  readonly decode: (bytes: Uint8Array, key: string) => R;
}

/** Letters, digits, `_` and `-`, a letter or `_` first; upper and lower case are one name, as in SQL. */
export function isConnectionName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(name);
}

/** Records of one kind, by name. Every change is a put-if-match: of two at once one wins and the other looks again. */
export class NamedRecords<R extends NamedRecord> {
  readonly #store: ObjectStore;
  readonly #timers: Timers;
  readonly #prefix: string;
  readonly #decode: RecordKind<R>['decode'];

  constructor(store: ObjectStore, cluster: string, timers: Timers, kind: RecordKind<R>) {
    this.#store = store;
    this.#timers = timers;
    this.#prefix = `clusters/${cluster}/catalog/${kind.folder}/`;
    this.#decode = kind.decode;
  }

  async get(name: string): Promise<R | undefined> {
    if (!isConnectionName(name)) return undefined;
    const found = await this.#store.get(this.#key(name));
    return found === undefined ? undefined : this.#decode(found.bytes, this.#key(name));
  }

  /** By name. */
  async all(): Promise<R[]> {
    const keys: string[] = [];
    for await (const key of this.#store.list(this.#prefix)) keys.push(key);
    const records = await Promise.all(
      keys.toSorted().map(async (key) => {
        const found = await this.#store.get(key);
        return found === undefined ? [] : [this.#decode(found.bytes, key)];
      }),
    );
    return records.flat();
  }

  /** Creates it, or returns the record that is there under its name. */
  async create(record: R): Promise<{ readonly created: boolean; readonly record: R }> {
    for (;;) {
      const outcome = await this.#retried(() =>
        this.#store.putIfAbsent(this.#key(record.name), encodeCatalogEntry(record)),
      );
      // After an unknown outcome our own record may be the one that is there: its random id tells.
      const found = outcome === 'created' ? record : await this.get(record.name);
      if (found !== undefined) return { created: found.id === record.id, record: found };
    }
  }

  /**
   * Changes a record. `change` may be called several times (with what an earlier try of the same change has made, too) and returns undefined
   * to leave it as it is, or throws.
   * @returns the record afterwards; undefined when there is none of this name
   */
  async update(name: string, change: (record: R) => R | undefined): Promise<R | undefined> {
    for (;;) {
      const found = await this.#store.get(this.#key(name));
      if (found === undefined) return undefined;
      const before = this.#decode(found.bytes, this.#key(name));
      const after = change(before);
      if (after === undefined) return before;
      const outcome = await this.#retried(() =>
        this.#store.putIfMatch(this.#key(name), encodeCatalogEntry(after), found.etag),
      );
      if (outcome !== 'mismatch') return after;
    }
  }

  /** Removes the record with this id; one that was made anew under the name stays. */
  async remove(name: string, id: string): Promise<void> {
    const found = await this.get(name);
    if (found?.id === id) await this.#store.delete(this.#key(name));
  }

  #key(name: string): string {
    return `${this.#prefix}${name.toLowerCase()}.json`;
  }

  /** A few attempts while the store is away; then the caller hears of it. */
  async #retried<T>(put: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await put();
      } catch (error) {
        if (attempt === 4 || dispositionOf(error) !== 'retry') throw error;
        await this.#timers.sleep(50 * 2 ** attempt);
      }
    }
  }
}
