import { generationsToSweep } from '@weir/epoch-protocol/generation-start.ts';
import type { EntryStamp } from '@weir/epoch-protocol/ledger-entries.ts';
import type { GenerationRecord, LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { Job } from '../job/job.ts';
import { deleteSnapshots } from './delete-snapshots.ts';
import { ManifestLists } from './manifest-lists.ts';
import { RecoverySinks } from './recovery-sinks.ts';

const sweepEveryMs = 5_000;
/** The brokers' largest transaction timeout unless they are told otherwise: where a generation doesn't say what its sinks have. */
const longestTransactionMs = 900_000;

/**
 * What is done now and then beside a running generation: ending transactions that older generations left open, deleting old ledger
 * entries and snapshots. Nothing waits for it, and each part can be left at any moment and done again.
 */
export class Housekeeping {
  readonly #job: Job;
  readonly #sinks: RecoverySinks;
  readonly #manifests: ManifestLists;
  readonly #forgotten = new Set<number>();
  #nextMs: number;
  #busy = false;
  #stopped = false;

  readonly #sweepOnly: boolean;

  /** `sweepOnly`: nothing is deleted, for a pipeline that is halted. */
  constructor(job: Job, sweepOnly = false) {
    this.#job = job;
    this.#sweepOnly = sweepOnly;
    this.#sinks = new RecoverySinks(job.context, job.scope);
    this.#manifests = new ManifestLists(job.context.store);
    this.#nextMs = job.now() + sweepEveryMs;
  }

  /** Begins a round when it is time. */
  attend(): void {
    if (this.#busy || this.#stopped || this.#job.now() < this.#nextMs) return;
    this.#busy = true;
    void this.#round().finally(() => {
      this.#busy = false;
      this.#nextMs = this.#job.now() + sweepEveryMs;
      if (this.#stopped) void this.#sinks.close();
    });
  }

  /** No further round begins; the one that runs isn't waited for. */
  stop(): void {
    this.#stopped = true;
    if (!this.#busy) void this.#sinks.close();
  }

  async #round(): Promise<void> {
    const { context, scope, ledger } = this.#job;
    const deletions = [
      () => ledger.trim(this.#forgotten),
      () => deleteSnapshots(context.store, scope, ledger, this.#manifests, () => this.#stopped),
    ];
    for (const part of [() => this.sweep(), ...(this.#sweepOnly ? [] : deletions)]) {
      if (this.#stopped) return;
      try {
        await part();
      } catch (error) {
        this.#job.log('housekeeping is tried again later', { error: describeError(error) });
      }
    }
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
