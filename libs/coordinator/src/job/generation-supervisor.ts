import type { OperatorSnapshot, PlacedBody } from '@weir/epoch-protocol/ledger-entries.ts';
import {
  hasDecided,
  nextEpochNumber,
  outputEpoch,
  type EpochRecord,
  type GenerationRecord,
} from '@weir/epoch-protocol/ledger-state.ts';
import { dispositionOf, WeirError, type ErrorCode, type ErrorDisposition } from '@weir/kernel/errors.ts';
import type {
  OperatorStats,
  TaskFailure,
  WatchTasksResponse,
} from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { grpcStatusOf } from '@weir/wire/grpc-error.ts';
import { generationPlanOf, type GenerationPlan } from '../checkpoint/generation-plan.ts';
import { addressOf } from '../schedule/place-subtasks.ts';
import { cancelPlaced, taskScope, workersOf } from './cancel-tasks.ts';
import type { Job } from './job.ts';
import { problemOf, type Problem } from '../problem.ts';

/** Bytes that each source subtask may hold fetched and not yet processed. */
const fetchBudgetBytes = 16n * 1024n * 1024n;

/** A task says why it fails, and its neighbours say that their exchange broke: the first to speak needn't be the cause. */
const settleMs = 100;

export interface LostGeneration {
  readonly problem: Problem;
  readonly fatal: boolean;
  /** Monotonic time at which it is taken for what it is. */
  readonly atMs: number;
}

/**
 * The tasks of one generation, as the coordinator holds them: a stream to every worker, whose end is how a dead worker is noticed at
 * once. Whoever owns this owns the streams: `release` leaves the tasks alone, `cancel` ends them.
 */
export class GenerationSupervisor {
  readonly record: GenerationRecord;
  readonly plan: GenerationPlan;
  readonly placed: PlacedBody;
  readonly #job: Job;
  readonly #workers: Map<string, string>;
  readonly #stop = new AbortController();
  readonly #unlisten: () => void;
  readonly #running = new Set<string>();
  readonly #stats = new Map<string, readonly OperatorStats[]>();
  #statsCount = 0;
  #cancelling = false;
  #lost: LostGeneration | null = null;

  constructor(job: Job, record: GenerationRecord, placed: PlacedBody) {
    this.#job = job;
    this.record = record;
    this.placed = placed;
    this.plan = generationPlanOf(record.body);
    this.#workers = workersOf(job, placed);
    this.#unlisten = job.context.workers.onChange(() => job.wakeUp.notify());
  }

  get g(): number {
    return this.record.body.g;
  }

  /** Every worker has said that its subtasks are open. */
  get allRunning(): boolean {
    return this.#running.size === this.#workers.size;
  }

  get stats(): ReadonlyMap<string, readonly OperatorStats[]> {
    return this.#stats;
  }

  /** How many times statistics have come: while it stays, so do they. */
  get statsCount(): number {
    return this.#statsCount;
  }

  /** Why it is over, once that has settled; null while it runs. */
  lost(nowMs: number): LostGeneration | null {
    this.#noteSilence();
    return this.#lost !== null && (this.#lost.fatal || nowMs >= this.#lost.atMs) ? this.#lost : null;
  }

  /** When a loss that has not settled yet will have; infinity while there is none. Monotonic ms. */
  settlesAtMs(): number {
    return this.#lost?.atMs ?? Infinity;
  }

  /** A process that stands still keeps its connections open: its missing heartbeats tell. */
  #noteSilence(): void {
    if (this.#lost !== null) return;
    for (const [incarnation, address] of this.#workers) {
      if (!this.#job.context.workers.isGone(incarnation)) continue;
      this.#job.context.suspicion.suspect(incarnation);
      this.#job.context.workerClients.drop(address);
      this.#end(
        new WeirError('WEIR-7115', `worker ${address} has been silent for 3 s`, { disposition: 'retry' }),
      );
      return;
    }
  }

  /** Starts the tasks from `base`, unless a takeover finds them started, and follows them. */
  async open(base: EpochRecord): Promise<void> {
    const { state } = this.#job.ledger;
    const started = hasDecided(state, this.g);
    const unreachable = this.placed.subtasks.find((subtask) => !this.#workers.has(subtask.incarnation));
    if (unreachable !== undefined) {
      return this.#end(
        new WeirError('WEIR-7108', `the address of worker ${unreachable.incarnation} is not known`, {
          disposition: 'retry',
        }),
      );
    }
    if (!started) await this.#startAll(base, nextEpochNumber(state));
    for (const [incarnation, address] of this.#workers) void this.#watch(incarnation, address);
  }

  /** Stops looking; the tasks go on. */
  release(): void {
    this.#unlisten();
    this.#stop.abort();
  }

  /** Ends the tasks, whose last epoch is committed; their last statistics still come in. */
  async cancel(committedEpoch: number): Promise<void> {
    this.#cancelling = true;
    this.#unlisten();
    await cancelPlaced(this.#job, this.g, this.placed, committedEpoch);
    this.#stop.abort();
  }

  async #startAll(base: EpochRecord, firstEpoch: number): Promise<void> {
    const { context } = this.#job;
    const baseJson = JSON.stringify(base.body.snapshots satisfies readonly OperatorSnapshot[]);
    const planJson = JSON.stringify(this.plan.plan);
    const placement = this.placed.subtasks.map((subtask) => ({
      subtask: { stage: subtask.stage, index: subtask.index },
      incarnation: subtask.incarnation,
      address: addressOf(subtask) ?? this.#workers.get(subtask.incarnation) ?? '',
    }));
    context.failpoints.reached('start-tasks.before');
    await Promise.all(
      [...this.#workers].map(async ([incarnation, address]) => {
        const subtasks = placement.flatMap((each) =>
          each.incarnation === incarnation ? [each.subtask] : [],
        );
        try {
          await context.workerClients.at(address).startTasks({
            scope: taskScope(this.#job, this.g, incarnation),
            planJson,
            parallelism: this.record.body.parallelism,
            keyGroups: this.plan.keyGroups,
            subtasks,
            placement,
            baseJson,
            firstEpoch,
            outputEpoch: outputEpoch(this.#job.ledger.state),
            checkpointIntervalMs: this.plan.checkpointIntervalMs,
            fetchBudgetBytes,
          });
        } catch (error) {
          this.#workerFailed(incarnation, address, error);
        }
      }),
    );
    context.failpoints.reached('start-tasks.after');
  }

  async #watch(incarnation: string, address: string): Promise<void> {
    const client = this.#job.context.workerClients.at(address);
    try {
      await client.watchTasks(
        taskScope(this.#job, this.g, incarnation),
        (event) => this.#onEvent(incarnation, event),
        this.#stop.signal,
      );
      if (this.#stop.signal.aborted) return;
      const ended = new WeirError('WEIR-7109', `worker ${address} ended its tasks`, { disposition: 'retry' });
      this.#end(ended, 'retry', settleMs);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#workerFailed(incarnation, address, error);
    }
  }

  /** A refusal is an answer of a worker that lives; anything else makes it a suspect. */
  #workerFailed(incarnation: string, address: string, error: unknown): void {
    const status = grpcStatusOf(error);
    const answered = status !== undefined && !silentStatuses.has(status);
    if (!answered) {
      this.#job.context.suspicion.suspect(incarnation);
      this.#job.context.workerClients.drop(address);
    }
    // NOT_FOUND, FAILED_PRECONDITION, ABORTED: another process at the address, or the generation is over there.
    const retry = !answered || refusalStatuses.has(status) || dispositionOf(error) !== 'fatal';
    this.#end(error, retry ? 'retry' : 'fatal', answered ? settleMs : 0);
  }

  #onEvent(incarnation: string, response: WatchTasksResponse): void {
    const { event } = response;
    if (event?.$case === 'running') this.#running.add(incarnation);
    if (event?.$case === 'stats') {
      this.#stats.set(incarnation, event.value.operators);
      this.#statsCount += 1;
    }
    if (event?.$case === 'failure') this.#taskFailed(event.value);
    this.#job.wakeUp.notify();
  }

  #taskFailed(failure: TaskFailure): void {
    const disposition: ErrorDisposition =
      failure.disposition === 'fatal' || failure.disposition === 'fenced' ? failure.disposition : 'retry';
    const where =
      failure.subtask === undefined ? '' : ` (subtask ${failure.subtask.stage}/${failure.subtask.index})`;
    const error = new WeirError((failure.code || 'WEIR-7110') as ErrorCode, `${failure.message}${where}`, {
      disposition,
      ...(failure.hint === '' ? {} : { hint: failure.hint }),
    });
    this.#end(error, disposition, settleMs);
  }

  /** The first cause stays, unless a worse one comes before it has settled. */
  #end(error: unknown, disposition: ErrorDisposition = dispositionOf(error), afterMs = 0): void {
    if (this.#cancelling) return;
    const fatal = disposition === 'fatal';
    const atMs = this.#job.now() + afterMs;
    if (this.#lost === null || (fatal && !this.#lost.fatal)) {
      this.#lost = { problem: problemOf(error, disposition), fatal, atMs };
      this.#job.log('a generation is lost', { cause: this.#lost.problem.message, fatal });
    } else if (atMs < this.#lost.atMs) {
      this.#lost = { ...this.#lost, atMs };
    }
    this.#job.wakeUp.notify();
  }
}

/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, UNAVAILABLE: nobody answered, or the connection broke. */
const silentStatuses: ReadonlySet<number> = new Set([1, 2, 4, 14]);
/** NOT_FOUND, FAILED_PRECONDITION, ABORTED. */
const refusalStatuses: ReadonlySet<number> = new Set([5, 9, 10]);
