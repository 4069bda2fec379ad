import type { ListedObject, ObjectStore, StoredObject } from './object-store.ts';
import { checkKey, checkRange } from './store-keys.ts';

/** Objects in this process's memory, for tests, the simulator and previews. Every call yields to the event loop once. */
export class MemoryStore implements ObjectStore {
  readonly url: string;
  readonly #objects = new Map<string, StoredObject>();
  #changes = 0;

  constructor(url = 'memory://') {
    this.url = url;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    await this.#turn(key);
    const object = this.#objects.get(key);
    return object && { ...object, bytes: object.bytes.slice() };
  }

  async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    checkRange(key, start, end);
    await this.#turn(key);
    return this.#objects.get(key)?.bytes.slice(start, end);
  }

  async put(key: string, bytes: Uint8Array): Promise<{ readonly etag: string }> {
    await this.#turn(key);
    return this.#write(key, bytes);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    await this.#turn(key);
    if (this.#objects.has(key)) return 'exists';
    this.#write(key, bytes);
    return 'created';
  }

  async putIfMatch(
    key: string,
    bytes: Uint8Array,
    etag: string | null,
  ): Promise<{ readonly etag: string } | 'mismatch'> {
    await this.#turn(key);
    if ((this.#objects.get(key)?.etag ?? null) !== etag) return 'mismatch';
    return this.#write(key, bytes);
  }

  async delete(key: string): Promise<void> {
    await this.#turn(key);
    this.#objects.delete(key);
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const { key } of this.listVersions(prefix)) yield key;
  }

  async *listVersions(prefix: string): AsyncIterable<ListedObject> {
    await Promise.resolve();
    for (const key of [...this.#objects.keys()].toSorted()) {
      const object = this.#objects.get(key);
      if (object !== undefined && key.startsWith(prefix)) yield { key, version: object.etag };
    }
  }

  async close(): Promise<void> {}

  async #turn(key: string): Promise<void> {
    checkKey(key);
    await Promise.resolve();
  }

  #write(key: string, bytes: Uint8Array): { readonly etag: string } {
    this.#changes += 1;
    const etag = String(this.#changes);
    this.#objects.set(key, { bytes: bytes.slice(), etag });
    return { etag };
  }
}
