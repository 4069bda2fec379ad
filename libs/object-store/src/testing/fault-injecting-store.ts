import type { ListedObject, ObjectStore, StoredObject } from '../object-store.ts';

export type StoreOperation = 'get' | 'getRange' | 'put' | 'putIfAbsent' | 'putIfMatch' | 'delete' | 'list';

/**
 * A store in front of another, for tests: what `before` throws (or waits for) happens instead of (or before) the operation, what
 * `after` throws happens although the operation was done: an unknown outcome.
 */
export class FaultInjectingStore implements ObjectStore {
  readonly url: string;
  readonly #store: ObjectStore;
  before: (operation: StoreOperation, key: string) => void | Promise<void> = () => undefined;
  after: (operation: StoreOperation, key: string) => void | Promise<void> = () => undefined;

  constructor(store: ObjectStore) {
    this.#store = store;
    this.url = store.url;
  }

  get(key: string): Promise<StoredObject | undefined> {
    return this.#around('get', key, () => this.#store.get(key));
  }

  getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    return this.#around('getRange', key, () => this.#store.getRange(key, start, end));
  }

  put(key: string, bytes: Uint8Array): Promise<{ readonly etag: string }> {
    return this.#around('put', key, () => this.#store.put(key, bytes));
  }

  putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    return this.#around('putIfAbsent', key, () => this.#store.putIfAbsent(key, bytes));
  }

  putIfMatch(
    key: string,
    bytes: Uint8Array,
    etag: string | null,
  ): Promise<{ readonly etag: string } | 'mismatch'> {
    return this.#around('putIfMatch', key, () => this.#store.putIfMatch(key, bytes, etag));
  }

  delete(key: string): Promise<void> {
    return this.#around('delete', key, () => this.#store.delete(key));
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const { key } of this.listVersions(prefix)) yield key;
  }

  async *listVersions(prefix: string): AsyncIterable<ListedObject> {
    await this.before('list', prefix);
    yield* this.#store.listVersions(prefix);
    await this.after('list', prefix);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #around<T>(operation: StoreOperation, key: string, run: () => Promise<T>): Promise<T> {
    await this.before(operation, key);
    const result = await run();
    await this.after(operation, key);
    return result;
  }
}
