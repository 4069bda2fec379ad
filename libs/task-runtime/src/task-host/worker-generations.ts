import { status } from '@grpc/grpc-js';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';
import { StartTasksRequest, type TaskScope } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import type { TimerHandle } from '@weir/kernel/ports.ts';
import { ExchangeHub, refusal } from '../exchange/exchange-hub.ts';
import { readStartRequest } from './generation-spec.ts';
import { abandonedAfterMs } from './attendance.ts';
import { RunningGeneration } from './running-generation.ts';
import type { TaskEnvironment } from './task-environment.ts';

const lookEveryMs = 30_000;

interface Taken {
  readonly generation: number;
  /** Null once the tasks have ended: whatever is asked for under this number then, nothing is started. */
  requestBytes: Uint8Array | null;
  readonly tasks: RunningGeneration;
}

/**
 * The generations that a worker runs, at most one a pipeline.
 *
 * H1  A generation is taken once: a repeat of the same request changes nothing, also after it ended.
 * H2  A newer generation of a pipeline ends the older one; an older one is refused.
 * H3  One slot is one parallel index of a pipeline with all its stages; what doesn't fit is refused.
 * H4  Tasks that no controller attends to any more are ended (attendance.ts).
 */
export class WorkerGenerations {
  readonly hub: ExchangeHub;
  readonly slots: number;
  readonly #environment: TaskEnvironment;
  readonly #taken = new Map<string, Taken>();
  readonly #onChange: () => void;
  readonly #looks: TimerHandle;
  #draining = false;

  /** @param onChange the number of used slots may have changed */
  constructor(environment: TaskEnvironment, slots: number, onChange: () => void) {
    this.#environment = environment;
    this.slots = slots;
    this.hub = new ExchangeHub(environment.incarnation);
    this.#onChange = onChange;
    this.#looks = environment.ports.timers.every(lookEveryMs, () => this.endAbandoned());
  }

  get usedSlots(): number {
    let used = 0;
    for (const { tasks } of this.#taken.values()) if (!tasks.isStopping) used += tasks.slots;
    return used;
  }

  /** Those that haven't ended. */
  running(): RunningGeneration[] {
    return [...this.#taken.values()].map(({ tasks }) => tasks).filter((tasks) => !tasks.isStopping);
  }

  /** @throws GrpcStatusError FAILED_PRECONDITION; WeirError for a plan that can't be run */
  start(request: StartTasksRequest): void {
    const scope = this.#checkScope(request.scope);
    const requestBytes = StartTasksRequest.encode(request).finish();
    const before = this.#taken.get(scope.pipelineId);
    if (before?.generation === scope.generation) {
      if (before.requestBytes === null || Buffer.compare(before.requestBytes, requestBytes) === 0) return; // H1
      throw refusal(`generation ${scope.generation} of ${scope.pipeline} was started with another request`);
    }
    if (before !== undefined && before.generation > scope.generation) {
      throw refusal(`generation ${before.generation} of ${scope.pipeline} has been started`); // H2
    }
    if (this.#draining) throw refusal('this worker is leaving');
    const spec = readStartRequest(request);
    this.#checkSlots(new Set(spec.subtasks.map(({ index }) => index)).size, before?.tasks);
    // Its end is begun first: it leaves the hub before the new one enters.
    const ended = before?.tasks.stop() ?? Promise.resolve();
    const tasks = new RunningGeneration(spec, this.#environment, this.hub);
    const taken: Taken = { generation: scope.generation, requestBytes, tasks };
    this.#taken.set(scope.pipelineId, taken);
    tasks.start(ended);
    tasks.listen({
      running: () => {},
      failed: () => this.#onChange(),
      stopped: () => {
        taken.requestBytes = null;
        this.#onChange();
      },
    });
    const { pipeline } = scope;
    this.#environment.log.info(
      {
        pipeline,
        generation: scope.generation,
        subtasks: spec.subtasks.length,
        baseSnapshots: spec.base.length,
      },
      'tasks started',
    );
    this.#onChange();
  }

  /** Ends this generation of the pipeline and all older ones. `committedEpoch` is the generation's newest that is committed, or 0. */
  async cancel(scope: TaskScope | undefined, committedEpoch = 0): Promise<void> {
    const { pipelineId, generation } = this.#checkScope(scope);
    const taken = this.#taken.get(pipelineId);
    if (taken === undefined || taken.generation > generation) return;
    await taken.tasks.stop(taken.generation === generation ? committedEpoch : 0);
  }

  /** @throws GrpcStatusError NOT_FOUND when that generation was never started here */
  find(scope: TaskScope | undefined): RunningGeneration {
    const { pipelineId, pipeline, generation } = this.#checkScope(scope);
    const taken = this.#taken.get(pipelineId);
    if (taken?.generation === generation) return taken.tasks;
    throw new GrpcStatusError(
      status.NOT_FOUND,
      'WEIR-7213',
      `generation ${generation} of ${pipeline} does not run on this worker`,
      { disposition: 'retry' },
    );
  }

  /** H4 */
  endAbandoned(): void {
    for (const tasks of this.running()) {
      if (!tasks.attendance.isAbandoned) continue;
      const { scope, generation } = tasks.spec;
      const silence = formatDurationMs(abandonedAfterMs);
      this.#environment.log.warn(
        { pipeline: scope.pipeline, generation },
        `tasks ended: no controller has followed or asked for them for ${silence}`,
      );
      void tasks.stop();
    }
  }

  /** The worker leaves: takes nothing more, ends everything. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#looks.cancel();
    await Promise.all([...this.#taken.values()].map(({ tasks }) => tasks.stop()));
  }

  #checkScope(scope: TaskScope | undefined): TaskScope {
    if (scope?.incarnation === this.#environment.incarnation) return scope;
    throw refusal(
      `this worker is incarnation ${this.#environment.incarnation}, not ${scope?.incarnation ?? ''}`,
    );
  }

  /** H3 */
  #checkSlots(wanted: number, replaced: RunningGeneration | undefined): void {
    const freed = replaced === undefined || replaced.isStopping ? 0 : replaced.slots;
    const free = this.slots - this.usedSlots + freed;
    if (wanted <= free) return;
    throw new GrpcStatusError(
      status.FAILED_PRECONDITION,
      'WEIR-7215',
      `${wanted} slots are needed and ${free} of ${this.slots} are free`,
      { disposition: 'retry', hint: 'start another worker, or give workers more slots (WEIR_SLOTS)' },
    );
  }
}
