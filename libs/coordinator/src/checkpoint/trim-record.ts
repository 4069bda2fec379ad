import { trimKey } from '@weir/epoch-protocol/ledger-keys.ts';
import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { LedgerUnreadable } from '@weir/epoch-protocol/protocol-errors.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';

/** Reads the trim record: up to where the ledger has been deleted, and the state that the deleted entries added up to. */
export class TrimRecordAccess {
  readonly #store: ObjectStore;
  readonly #key: string;

  constructor(store: ObjectStore, scope: PipelineScope) {
    this.#store = store;
    this.#key = trimKey(scope);
  }

  /** Highest position that may have been deleted, -1 when none was. */
  async trimmedThrough(): Promise<number> {
    return (await this.#read())?.trimmedThrough ?? -1;
  }

  async summary(): Promise<LedgerState | undefined> {
    return (await this.#read())?.summary;
  }

  async #read(): Promise<{ trimmedThrough: number; summary: LedgerState } | undefined> {
    const found = await this.#store.get(this.#key);
    if (found === undefined) return undefined;
    const record = JSON.parse(new TextDecoder().decode(found.bytes)) as {
      formatVersion?: number;
      trimmedThrough: number;
      summary: LedgerState;
    };
    if (record.formatVersion !== 1) throw new LedgerUnreadable(`${this.#key} has another format version`);
    return record;
  }
}
