import type { Ports } from '@weir/kernel/ports.ts';
import { dispositionOf } from '@weir/kernel/errors.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { PipelineRecord } from './pipeline-record.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';

/** The pipelines of a cluster in the object store. Every change is a put-if-match: of two at once one wins and the other looks again. */
export class PipelineCatalog {
  readonly #store: ObjectStore;
  readonly #cluster: string;
  readonly #ports: Ports;
  readonly #listeners = new Set<(name: string) => void>();
  /** As last read: what is looked at ever again and has not changed isn't decoded again. */
  readonly #decoded = new Map<string, { readonly etag: string; readonly record: PipelineRecord }>();

  constructor(store: ObjectStore, cluster: string, ports: Ports) {
    this.#store = store;
    this.#cluster = cluster;
    this.#ports = ports;
  }

  /** While it is the same it is the same object. */
  async get(name: string): Promise<PipelineRecord | undefined> {
    const found = await this.#store.get(this.#key(name));
    const known = this.#decoded.get(name);
    if (known !== undefined && found?.etag === known.etag) return known.record;
    this.#decoded.delete(name);
    if (found === undefined) return undefined;
    const record = decodeRecord(found.bytes, this.#key(name));
    this.#decoded.set(name, { etag: found.etag, record });
    return record;
  }

  async names(): Promise<string[]> {
    return [...(await this.versions()).keys()].toSorted();
  }

  /** One listing: the names that there are, each with the version of its entry where the store tells it. */
  async versions(): Promise<Map<string, string | null>> {
    const versions = new Map<string, string | null>();
    for await (const { key, version } of this.#store.listVersions(this.#prefix())) {
      const match = /^([a-z0-9-]+)\.json$/.exec(key.slice(this.#prefix().length));
      if (match?.[1] !== undefined) versions.set(match[1], version);
    }
    return versions;
  }

  /** Creates it, or returns the record that is there under its name. */
  async create(record: PipelineRecord): Promise<{ created: boolean; record: PipelineRecord }> {
    for (;;) {
      const outcome = await this.#retried(() =>
        this.#store.putIfAbsent(this.#key(record.name), encodeRecord(record)),
      );
      // After an unknown outcome our own record may be the one that exists: its random id tells.
      const found = outcome === 'created' ? record : await this.get(record.name);
      if (found === undefined) continue;
      if (found.id === record.id) this.#changed(record.name);
      return { created: found.id === record.id, record: found };
    }
  }

  /**
   * Changes a record. `change` may be called several times and returns undefined (or throws) to leave it as it is.
   * @returns the record afterwards; undefined when there is none of this name
   */
  async update(
    name: string,
    change: (record: PipelineRecord) => PipelineRecord | undefined,
  ): Promise<PipelineRecord | undefined> {
    for (;;) {
      const found = await this.#store.get(this.#key(name));
      if (found === undefined) return undefined;
      const before = decodeRecord(found.bytes, this.#key(name));
      const after = change(before);
      if (after === undefined) return before;
      // An unknown outcome is not looked into: the next round sees whether the change is there, since changes are idempotent.
      const outcome = await this.#retried(() =>
        this.#store.putIfMatch(this.#key(name), encodeRecord(after), found.etag),
      );
      if (outcome === 'mismatch') continue;
      this.#changed(name);
      return after;
    }
  }

  /** Removes the record with this id; one that was made anew under the name stays. */
  async remove(name: string, id: string): Promise<void> {
    const found = await this.get(name);
    if (found?.id === id) await this.#store.delete(this.#key(name));
    this.#changed(name);
  }

  /** Called after every change that was made through this catalog. Returns what ends it. */
  onChange(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(name: string): void {
    for (const listener of this.#listeners) listener(name);
  }

  #prefix(): string {
    return `clusters/${this.#cluster}/catalog/pipelines/`;
  }

  #key(name: string): string {
    return `${this.#prefix()}${name}.json`;
  }

  /** A few attempts while the store is away; then the caller hears of it. */
  async #retried<T>(put: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await put();
      } catch (error) {
        if (attempt === 4 || dispositionOf(error) !== 'retry') throw error;
        await this.#ports.timers.sleep(50 * 2 ** attempt);
      }
    }
  }
}
