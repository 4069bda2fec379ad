import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import { committedEpoch, generationNumber, currentGeneration } from '@weir/epoch-protocol/ledger-state.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { Ledger } from '../checkpoint/ledger.ts';
import { decidedAtMs } from '../checkpoint/epoch-facts.ts';
import { generationPlanOf } from '../checkpoint/generation-plan.ts';
import { freshStatus, type JobStatus } from './job-status.ts';
import { problemOf, type Problem } from '../problem.ts';
import { WakeUp } from './wake-up.ts';

const firstHousekeepingMs = 5_000;

/** What the phases of one pipeline's driver share: the ledger, the wishes of the catalog, the status that people see. */
export class Job {
  readonly context: CoordinatorContext;
  readonly scope: PipelineScope;
  readonly ledger: Ledger;
  readonly wakeUp: WakeUp;
  /** Aborted when this controller stops driving the pipeline; the tasks are left alone then. */
  readonly signal: AbortSignal;
  readonly #onStatus: (status: JobStatus) => void;
  #record: PipelineRecord;
  #status: JobStatus = freshStatus;
  /** Generations in a row that ended before they committed an epoch. */
  failuresInARow = 0;
  /** Monotonic time from which housekeeping may look again: it outlasts generations, which may be short ones. */
  housekeepingAtMs: number;
  /** Monotonic time at which the last generation was lost; null once the next one has committed. */
  lostAtMs: number | null = null;

  constructor(
    context: CoordinatorContext,
    record: PipelineRecord,
    signal: AbortSignal,
    onStatus: (status: JobStatus) => void,
  ) {
    this.context = context;
    this.scope = { cluster: context.clusterName, pipeline: record.name, pipelineId: record.id };
    this.signal = signal;
    this.wakeUp = new WakeUp(context.ports.timers);
    this.#record = record;
    this.housekeepingAtMs = context.ports.clock.monotonicMs() + firstHousekeepingMs;
    this.#onStatus = onStatus;
    this.ledger = new Ledger({
      store: context.store,
      scope: this.scope,
      ports: context.ports,
      failpoints: context.failpoints,
      writer: context.writer,
      signal,
      onTrouble: (error) => this.show({ problem: error === null ? null : problemOf(error, 'retry') }),
    });
  }

  get record(): PipelineRecord {
    return this.#record;
  }

  get status(): JobStatus {
    return this.#status;
  }

  /** The catalog has changed. A record with another id is another pipeline: its driver is not this one. */
  recordChanged(record: PipelineRecord): void {
    if (record.id !== this.#record.id) return;
    this.#record = record;
    this.wakeUp.notify();
  }

  show(change: Partial<JobStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#onStatus(this.#status);
  }

  showProblem(problem: Problem | null): void {
    if (
      problem?.message === this.#status.problem?.message &&
      (problem === null) === (this.#status.problem === null)
    )
      return;
    this.show({ problem });
  }

  /** Takes numbers from the ledger into the status. */
  showLedger(): void {
    const { state } = this.ledger;
    const committed = committedEpoch(state);
    const current = currentGeneration(state);
    const newest = state.epochs.findLast((epoch) => epoch.status !== 'abandoned');
    const committedNumber = Math.max(committed?.body.e ?? 0, this.#status.committedEpoch);
    this.show({
      generation: generationNumber(state),
      epoch: newest?.body.e ?? 0,
      committedEpoch: committedNumber,
      committedAtMs: Math.max(committed === null ? 0 : decidedAtMs(committed), this.#status.committedAtMs),
      restarts: current === null ? 0 : generationPlanOf(current.body).failures,
    });
  }

  /** Sleeps; a change of the wishes or of anything that notifies ends it early. */
  pause(ms: number): Promise<void> {
    return this.wakeUp.wait(ms, this.signal);
  }

  now(): number {
    return this.context.ports.clock.monotonicMs();
  }

  log(message: string, fields: Record<string, unknown> = {}): void {
    const { generation } = this.#status;
    this.context.log.info({ pipeline: this.#record.name, generation, ...fields }, message);
  }
}
