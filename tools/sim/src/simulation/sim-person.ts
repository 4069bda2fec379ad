import { recordNamed, wishStart } from '@weir/coordinator/api/pipeline-wishes.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import type { JobStatus } from '@weir/coordinator/job/job-status.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { SimCluster, SimMember } from './sim-cluster.ts';
import { pipelineName } from './sim-pipeline.ts';

/** Whoever asks the controllers for something, and looks at what they say. */
export class SimPerson {
  readonly #cluster: SimCluster;

  constructor(cluster: SimCluster) {
    this.#cluster = cluster;
  }

  /** A request to any controller that answers; what is refused is in the trace. */
  ask(request: (coordinator: Coordinator) => Promise<unknown>): void {
    const member = this.#able();
    const coordinator = member?.coordinator ?? null;
    if (member === undefined || coordinator === null) return;
    const { process } = member;
    process.dispatch(() => {
      request(coordinator).catch((error: unknown) =>
        process.world.trace(process.name, `refused: ${describeError(error)}`),
      );
    });
  }

  /** Starts what is stopped; what failed stays as it is. */
  startStopped(): void {
    this.ask(async (coordinator) => {
      const { desired } = await recordNamed(coordinator, pipelineName);
      if (desired.kind === 'stopped') await wishStart(coordinator, pipelineName);
    });
  }

  get canAsk(): boolean {
    return this.#able() !== undefined;
  }

  /** What the controllers that drive say. */
  statuses(): JobStatus[] {
    return this.#cluster.of('controller').flatMap(({ process, coordinator }) => {
      const driver = coordinator?.driver(pipelineName);
      const status = driver?.status ?? null;
      return process.alive && driver?.isDriving === true && status !== null ? [status] : [];
    });
  }

  sees(state: JobStatus['state']): boolean {
    return this.statuses().some((status) => status.state === state);
  }

  statusText(): string {
    return this.statuses()
      .map(
        ({ state, generation, epoch, problem }) =>
          `${state} g ${generation} e ${epoch} ${problem?.message ?? ''}`,
      )
      .join('; ');
  }

  #able(): SimMember | undefined {
    return this.#cluster
      .of('controller')
      .find(({ process, coordinator }) => process.alive && !process.paused && coordinator !== null);
  }
}
