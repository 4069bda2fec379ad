/** An object as it was read. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Opaque; changes with every change of the content (on S3 an earlier content brings its etag back). For `putIfMatch`. */
  readonly etag: string;
}

/** An object as a listing tells of it. */
export interface ListedObject {
  readonly key: string;
  /**
   * Another one whenever the content is another, as far as the store tells it with the listing; null where it doesn't. To be held
   * against that of an earlier listing: it needn't be the etag that a read gives.
   */
  readonly version: string | null;
}

/**
 * The durable truth: a map from keys to bytes. Keys are parts joined by single slashes (store-keys.ts); no
 * key is a folder of another (`a` beside `a/b`).
 *
 * Every implementation promises, and the contract test checks:
 * - read-after-write: what a put has acknowledged, every later get in any process sees; a put is durable when it is acknowledged;
 * - of any number of concurrent `putIfAbsent` of one key exactly one says `created`, and of concurrent `putIfMatch` with one etag at most one wins;
 * - nobody ever reads a part of an object.
 *
 * Errors: `StoreOutcomeUnknown` (disposition retry) when the change may or may not have happened; `StoreUnavailable` when it has
 * not, with disposition retry (the store is away) or fatal (full, read-only, no permission).
 */
export interface ObjectStore {
  /** For messages: where the objects are. */
  readonly url: string;
  get(key: string): Promise<StoredObject | undefined>;
  /**
   * Bytes [start, end) of the object, all of one content: fewer where it ends before, none where it ends before `start`. Undefined when there is no
   * object. For large objects that never change, such as snapshots.
   * @param start whole number, at least 0
   * @param end whole number above `start`
   * @throws InvalidStoreName for another range
   */
  getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined>;
  /** Writes, whatever was there. */
  put(key: string, bytes: Uint8Array): Promise<{ readonly etag: string }>;
  /** Creates the object if there is none. `exists`: there is one, its content is whatever it is. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  /** Replaces the object if its etag is this one; with null: creates it if there is none. */
  putIfMatch(
    key: string,
    bytes: Uint8Array,
    etag: string | null,
  ): Promise<{ readonly etag: string } | 'mismatch'>;
  /** Deletes the object; none there is no error. */
  delete(key: string): Promise<void>;
  /** Keys that begin with the prefix (any text), in no promised order. Objects made or deleted meanwhile may or may not show. */
  list(prefix: string): AsyncIterable<string>;
  /** As `list`, with which version of each object is there: what has changed since an earlier listing is found without reading all. */
  listVersions(prefix: string): AsyncIterable<ListedObject>;
  close(): Promise<void>;
}
