import { createHash } from 'node:crypto';
import type { SchemaIdentity, WriterSchema } from '@weir/formats/writer-schemas.ts';
import type { ObjectStore, StoredObject } from '@weir/object-store/object-store.ts';
import { writerSchema } from './registry-writer-schemas.ts';
import { registryKey } from './registry-settings.ts';
import type { ReferencedText } from './resolve-references.ts';
import type { WriterSchemaSource } from './writer-schema-source.ts';

/** What schemas are kept under. */
export interface SchemaPlace {
  readonly cluster: string;
  readonly urls: readonly URL[];
  /** Ids of two contexts are two schemas. */
  readonly context: string;
}

interface StoredSchema {
  readonly formatVersion: 1;
  readonly type: WriterSchema['type'];
  readonly text: string;
  readonly references: readonly ReferencedText[];
}

const types: readonly unknown[] = ['avro', 'json', 'protobuf'];

/**
 * Schemas that were fetched once outlive processes, the registry's deletions and its outages: they lie in the object store, where nobody ever
 * changes them, since an id never means another schema: of several processes that fetch one the first keeps it.
 *
 * A store that fails is no reason not to answer: the registry is asked then, and `onTrouble` is told. An object that can't be read is replaced.
 */
export class StoredWriterSchemas implements WriterSchemaSource {
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #behind: WriterSchemaSource;
  readonly #onTrouble: (error: unknown) => void;

  constructor(
    store: ObjectStore,
    place: SchemaPlace,
    behind: WriterSchemaSource,
    onTrouble: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#prefix = schemaPrefix(place);
    this.#behind = behind;
    this.#onTrouble = onTrouble;
  }

  async fetch(identity: SchemaIdentity, signal?: AbortSignal): Promise<WriterSchema | undefined> {
    const key = `${this.#prefix}/${'id' in identity ? identity.id : `guid-${identity.guid}`}.json`;
    const object = await this.#read(key);
    const stored = object && decodeStored(object.bytes);
    if (stored !== undefined) return stored;
    const fetched = await this.#behind.fetch(identity, signal);
    if (fetched !== undefined) await this.#keep(key, fetched, object?.etag ?? null);
    return fetched;
  }

  async #read(key: string): Promise<StoredObject | undefined> {
    try {
      return await this.#store.get(key);
    } catch (error) {
      this.#onTrouble(error);
      return undefined;
    }
  }

  /** @param unreadable etag of the object in its place that can't be read; null: there was none */
  async #keep(
    key: string,
    { type, text, references }: WriterSchema,
    unreadable: string | null,
  ): Promise<void> {
    const stored: StoredSchema = { formatVersion: 1, type, text, references };
    const bytes = new TextEncoder().encode(JSON.stringify(stored));
    try {
      // Whoever was faster has kept the same.
      if (unreadable === null) await this.#store.putIfAbsent(key, bytes);
      else await this.#store.putIfMatch(key, bytes, unreadable);
    } catch (error) {
      // Fetched again the next time that a process needs it.
      this.#onTrouble(error);
    }
  }
}

function schemaPrefix({ cluster, urls, context }: SchemaPlace): string {
  const place = createHash('sha256')
    .update(JSON.stringify([registryKey(urls), context]))
    .digest('hex');
  return `clusters/${cluster}/schemas/${place}`;
}

/** Undefined for anything but what `#keep` writes. */
function decodeStored(bytes: Uint8Array): WriterSchema | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { formatVersion, type, text, references } = value as Record<string, unknown>;
  if (formatVersion !== 1 || !types.includes(type) || typeof text !== 'string') return undefined;
  if (!Array.isArray(references) || !references.every(isReference)) return undefined;
  return writerSchema({ type: type as WriterSchema['type'], text }, references);
}

function isReference(value: unknown): value is ReferencedText {
  if (typeof value !== 'object' || value === null) return false;
  const { name, text } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof text === 'string';
}
