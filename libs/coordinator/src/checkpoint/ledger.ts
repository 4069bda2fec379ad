import { WeirError } from '@weir/kernel/errors.ts';
import type { Failpoints } from '@weir/kernel/failpoints.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { decodeEntry, encodeEntry } from '@weir/epoch-protocol/ledger-codec.ts';
import {
  nameEntry,
  stampEntry,
  type LedgerEntry,
  type LedgerEntryBody,
} from '@weir/epoch-protocol/ledger-entries.ts';
import { foldEntries, refusalOf } from '@weir/epoch-protocol/ledger-fold.ts';
import { entryCounts, planTrim, readingCounts } from '@weir/epoch-protocol/ledger-trim.ts';
import { ledgerKey, ledgerPrefix, parseLedgerKey } from '@weir/epoch-protocol/ledger-keys.ts';
import { emptyLedger, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { IllegalLedgerEntry, LedgerUnreadable } from '@weir/epoch-protocol/protocol-errors.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { TrimRecordAccess } from './trim-record.ts';

/*
 * The I/O shell of a pipeline's ledger.
 *
 * A1  An entry is put with put-if-absent at exactly the position that was read; whoever finds the place taken folds what is there.
 * A2  A put whose outcome is unknown is repeated with the same bytes: then it is created now, or what exists tells whose it is.
 * A3  After every successful put, and on every read-back, the trim record is read: an entry at or below `trimmedThrough`
 *     counts for nothing and its writer is fenced.
 * A4  The end is found by GET of the next entry, never by a listing.
 * A5  What was read counts only if none of its places had been trimmed when the trim record was read after it: an entry that was put late
 *     may stand in a deleted place.
 */

/** Whose entry is at the position. `lost`: another coordinator's; it has been folded. */
export type AppendOutcome = 'won' | 'lost';

export interface LedgerOptions {
  readonly store: ObjectStore;
  readonly scope: PipelineScope;
  readonly ports: Ports;
  /** Random id of this coordinator process. */
  readonly writer: string;
  /** Ends waits for a store that is away. */
  readonly signal: AbortSignal;
  /** Told while the store can't be reached, and with null when it answers again. */
  readonly onTrouble?: (error: unknown) => void;
  readonly failpoints?: Failpoints;
}

export class Ledger {
  readonly #options: LedgerOptions;
  readonly #trim: TrimRecordAccess;
  #state: LedgerState = emptyLedger;
  #inTrouble = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#trim = new TrimRecordAccess(options.store, options.scope);
  }

  /** What has been read so far. */
  get state(): LedgerState {
    return this.#state;
  }

  /** Reads to the end. @throws LedgerUnreadable */
  async read(): Promise<LedgerState> {
    return this.#persist(async () => {
      for (;;) {
        const from = this.#state.nextPosition;
        const unfolded = await this.#foldToEnd();
        if (await this.#trimmedFrom(from)) continue; // A5
        if (unfolded !== null) throw unfolded;
        return this.#state;
      }
    });
  }

  /** Folds what there is; gives the error of an entry that can't be, since it may stand in a place that has been trimmed. */
  async #foldToEnd(): Promise<unknown> {
    for (;;) {
      try {
        const entry = await this.#entryAt(this.#state.nextPosition);
        if (entry === undefined) return null;
        this.#fold(entry);
      } catch (error) {
        if (!isFinal(error)) throw error;
        return error;
      }
    }
  }

  /** True when places from `from` on were trimmed before we had read them all: the trim record's summary is our state then. */
  async #trimmedFrom(from: number): Promise<boolean> {
    const record = (await this.#trim.read())?.record;
    if (record === undefined || readingCounts(from, record.trimmedThrough)) return false;
    this.#state = record.summary;
    return true;
  }

  /** Appends at `at`, the position that was read. @throws LedgerFenced when the place has been trimmed away */
  async append(at: number, body: LedgerEntryBody): Promise<AppendOutcome> {
    const { store, scope, ports, writer } = this.#options;
    if (at !== this.#state.nextPosition) return 'lost';
    const refusal = refusalOf(this.#state, body);
    if (refusal !== null) throw new IllegalLedgerEntry(nameEntry(body), refusal);
    const entry = stampEntry(body, { writer, writtenAtMs: ports.clock.nowMs() });
    const bytes = encodeEntry(entry);
    return this.#persist(async () => {
      const outcome = await store.putIfAbsent(ledgerKey(scope, at), bytes); // A1, A2
      const there = outcome === 'created' ? entry : await this.#entryAt(at);
      if (!entryCounts(at, await this.#trim.trimmedThrough())) throw new LedgerFenced(at); // A3
      if (there === undefined)
        throw new WeirError('WEIR-7102', `ledger entry ${at} is there and isn't`, { disposition: 'retry' });
      if (this.#state.nextPosition === at) this.#fold(there);
      return sameBytes(encodeEntry(there), bytes) ? 'won' : 'lost';
    });
  }

  /**
   * Deletes entries that no recovery needs any more, after the trim record says so. One attempt: what fails is left for the next.
   * @param forgotten generations whose sweep found nothing one transaction timeout after they were superseded
   */
  async trim(forgotten: ReadonlySet<number>): Promise<void> {
    const before = await this.#trim.read();
    const plan = planTrim(this.#state, before?.record ?? null, forgotten);
    if (plan === null) return;
    const { epochs, generations } = plan.record.summary;
    const { store, scope, failpoints } = this.#options;
    failpoints?.reached('trim.before');
    if (!(await this.#trim.replace(before, plan.record))) return;
    failpoints?.reached('trim.after');
    const oldest = epochs[0]?.position ?? 0;
    const kept = new Set(generations.map((generation) => generation.body.g));
    const newest = generations.at(-1)?.body.g ?? 0;
    // Entries that were appended meanwhile stay: only what the plan leaves out goes.
    this.#state = {
      ...this.#state,
      epochs: this.#state.epochs.filter((epoch) => epoch.position >= oldest),
      generations: this.#state.generations.filter(({ body: { g } }) => g > newest || kept.has(g)),
    };
    for (let position = plan.from; position <= plan.through; position += 1) {
      await store.delete(ledgerKey(scope, position));
    }
  }

  /** Deletes what lies below `trimmedThrough` all the same: a crash between two deletions left it, or somebody who was late put it there. */
  async deleteTrimmed(): Promise<void> {
    const { store, scope } = this.#options;
    const listed: { readonly key: string; readonly position: number }[] = [];
    for await (const key of store.list(ledgerPrefix(scope))) {
      const position = parseLedgerKey(scope, key);
      if (position !== undefined) listed.push({ key, position });
    }
    const through = await this.#trim.trimmedThrough();
    for (const { key, position } of listed) if (position <= through) await store.delete(key);
  }

  async #entryAt(position: number): Promise<LedgerEntry | undefined> {
    const key = ledgerKey(this.#options.scope, position);
    const found = await this.#options.store.get(key);
    return found && decodeEntry(found.bytes, key);
  }

  #fold(entry: LedgerEntry): void {
    this.#state = foldEntries(this.#state, [entry]);
  }

  /** The store being away makes a ledger slow, never wrong: everything here is repeated until it is answered. */
  async #persist<T>(attempt: () => Promise<T>): Promise<T> {
    const { ports, signal, onTrouble } = this.#options;
    for (let delayMs = 20; ; delayMs = Math.min(1000, delayMs * 2)) {
      signal.throwIfAborted();
      try {
        const result = await attempt();
        if (this.#inTrouble) onTrouble?.(null);
        this.#inTrouble = false;
        return result;
      } catch (error) {
        if (isFinal(error)) throw error;
        this.#inTrouble = true;
        onTrouble?.(error);
        await ports.timers.sleep(delayMs, signal);
      }
    }
  }
}

/** WEIR-7103: this coordinator slept so long that its place in the ledger has been cleaned up. */
class LedgerFenced extends WeirError {
  override readonly name = 'LedgerFenced';
  constructor(position: number) {
    super(
      'WEIR-7103',
      `ledger entry ${position} has been trimmed away: another coordinator went on long ago`,
      {
        disposition: 'fenced',
      },
    );
  }
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof LedgerUnreadable || error instanceof IllegalLedgerEntry || error instanceof LedgerFenced
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
