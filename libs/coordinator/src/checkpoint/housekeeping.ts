import { generationsToSweep } from '@weir/epoch-protocol/generation-start.ts';
import type { EntryStamp } from '@weir/epoch-protocol/ledger-entries.ts';
import type { GenerationRecord, LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { keptEpochRecords } from '@weir/epoch-protocol/ledger-trim.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { inParallel } from '@weir/kernel/in-parallel.ts';
import type { Job } from '../job/job.ts';
import { deleteSnapshots } from './delete-snapshots.ts';
import { ManifestLists } from './manifest-lists.ts';
import { RecoverySinks } from './recovery-sinks.ts';
import { trimPipeline } from './trim-pipeline.ts';

const lookEveryMs = 5_000;
/** However few there are to trim: after so long they go. */
const trimAtLeastEveryMs = 600_000;
/** What no entry tells of (pieces of epochs that were never decided, what a crash left between two deletions) is found by a listing. */
const listEveryMs = 3_600_000;
const deletesAtOnce = 8;
/** The brokers' largest transaction timeout unless they are told otherwise: where a generation doesn't say what its sinks have. */
const longestTransactionMs = 900_000;

/**
 * What is done now and then beside a running generation: ending transactions that older generations left open, deleting old ledger
 * entries and snapshots. Nothing waits for it, and each part can be left at any moment and done again. The store is asked for nothing while
 * there is nothing to do: what a trim makes useless is known from the ledger itself.
 */
export class Housekeeping {
  readonly #job: Job;
  readonly #sinks: RecoverySinks;
  readonly #manifests: ManifestLists;
  readonly #forgotten = new Set<number>();
  /** Keys of objects that nothing kept refers to any more. */
  readonly #useless = new Set<string>();
  #trimmedAtMs: number;
  #listAtMs: number;
  #busy = false;
  #stopped = false;

  readonly #sweepOnly: boolean;

  /** `sweepOnly`: nothing is deleted, for a pipeline that is halted. */
  constructor(job: Job, sweepOnly = false) {
    this.#job = job;
    this.#sweepOnly = sweepOnly;
    this.#sinks = new RecoverySinks(job.context, job.scope);
    this.#manifests = new ManifestLists(job.context.store);
    this.#trimmedAtMs = job.now();
    // The generation before, or the coordinator before, may have left something.
    this.#listAtMs = job.now();
  }

  /** Begins a round when it is time. */
  attend(): void {
    if (this.#busy || this.#stopped || this.#job.now() < this.#job.housekeepingAtMs) return;
    this.#busy = true;
    void this.#round().finally(() => {
      this.#busy = false;
      this.#job.housekeepingAtMs = this.#job.now() + lookEveryMs;
      if (this.#stopped) void this.#sinks.close();
    });
  }

  /** No further round begins; the one that runs isn't waited for. */
  stop(): void {
    this.#stopped = true;
    if (!this.#busy) void this.#sinks.close();
  }

  async #round(): Promise<void> {
    const deletions = [() => this.#trim(), () => this.#list(), () => this.#deleteUseless()];
    for (const part of [() => this.sweep(), ...(this.#sweepOnly ? [] : deletions)]) {
      if (this.#stopped) return;
      try {
        await part();
      } catch (error) {
        this.#job.log('housekeeping is tried again later', { error: describeError(error) });
      }
    }
  }

  async #trim(): Promise<void> {
    const { context, ledger, scope } = this.#job;
    const spare = ledger.state.epochs.length - keptEpochRecords(ledger.state).length;
    const isLate = this.#job.now() - this.#trimmedAtMs >= trimAtLeastEveryMs;
    if (spare < context.trimmedEpochs && !(spare > 0 && isLate)) return;
    const useless = await trimPipeline(scope, ledger, this.#manifests, this.#forgotten);
    this.#trimmedAtMs = this.#job.now();
    if (useless === null) this.#listAtMs = this.#job.now();
    for (const key of useless ?? []) this.#useless.add(key);
  }

  async #list(): Promise<void> {
    if (this.#job.now() < this.#listAtMs) return;
    const { context, scope, ledger } = this.#job;
    await ledger.deleteTrimmed();
    await deleteSnapshots(context.store, scope, ledger, this.#manifests, () => this.#stopped);
    this.#listAtMs = this.#job.now() + listEveryMs;
  }

  async #deleteUseless(): Promise<void> {
    const { store } = this.#job.context;
    await inParallel([...this.#useless], deletesAtOnce, async (key) => {
      if (this.#stopped) return;
      await store.delete(key);
      this.#useless.delete(key);
    });
  }

  /** Ends what superseded generations left open, once their verdict is recorded, so that no reader is held back. */
  async sweep(): Promise<void> {
    const { state } = this.#job.ledger;
    const generations = generationsToSweep(state).filter(({ body }) => !this.#forgotten.has(body.g));
    if (generations.length === 0) return;
    this.#job.context.failpoints.reached('sweep.before');
    const open = await this.#sinks.ongoing(generations);
    if (open.length > 0) await this.#sinks.cleanUp(open);
    for (const generation of generations) {
      if (!open.includes(generation) && this.#isLongPast(state, generation))
        this.#forgotten.add(generation.body.g);
    }
  }

  /** One transaction timeout after the stamp of the generation that superseded it: by then the brokers have ended what it opened. */
  #isLongPast(state: LedgerState, generation: GenerationRecord): boolean {
    const next = state.generations.find(({ body }) => body.g > generation.body.g);
    const { writtenAtMs } = (next?.body ?? {}) as Partial<EntryStamp>;
    return (
      writtenAtMs !== undefined &&
      this.#job.context.ports.clock.nowMs() - writtenAtMs > transactionTimeoutMs(generation)
    );
  }
}

/** The longest among its sinks. */
function transactionTimeoutMs({ body }: GenerationRecord): number {
  const kafka = body.sinks.filter((sink) => sink.kind === 'kafka');
  return Math.max(0, ...kafka.map((sink) => sink.transactionTimeoutMs ?? longestTransactionMs));
}
