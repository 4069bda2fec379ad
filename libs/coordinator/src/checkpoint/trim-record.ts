import { trimKey } from '@weir/epoch-protocol/ledger-keys.ts';
import {
  decodeTrimRecord,
  encodeTrimRecord,
  removalRecord,
  type TrimRecord,
} from '@weir/epoch-protocol/ledger-trim.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';

export interface StoredTrimRecord {
  readonly record: TrimRecord;
  readonly etag: string;
}

/** The trim record in the store: the only object of a ledger that changes. */
export class TrimRecordAccess {
  readonly #store: ObjectStore;
  readonly #key: string;

  constructor(store: ObjectStore, scope: PipelineScope) {
    this.#store = store;
    this.#key = trimKey(scope);
  }

  /** Null while nothing was trimmed. @throws LedgerUnreadable */
  async read(): Promise<StoredTrimRecord | null> {
    const found = await this.#store.get(this.#key);
    return found === undefined
      ? null
      : { record: decodeTrimRecord(found.bytes, this.#key), etag: found.etag };
  }

  /** Highest position that may have been deleted, -1 when none was. */
  async trimmedThrough(): Promise<number> {
    return (await this.read())?.record.trimmedThrough ?? -1;
  }

  /** T7: from now on every entry counts for nothing. Repeated by whoever goes on with a removal. */
  async markRemoved(nowMs: number): Promise<void> {
    if ((await this.read())?.record.removedAtMs !== undefined) return;
    await this.#store.put(this.#key, encodeTrimRecord(removalRecord(nowMs)));
  }

  /** False when another coordinator has trimmed meanwhile. */
  async replace(before: StoredTrimRecord | null, record: TrimRecord): Promise<boolean> {
    const outcome = await this.#store.putIfMatch(this.#key, encodeTrimRecord(record), before?.etag ?? null);
    return outcome !== 'mismatch';
  }
}
