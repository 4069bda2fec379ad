import { CoordinatorSteps } from './coordinator-steps.ts';
import type { Successors } from './state-row.ts';
import { SurroundingsSteps } from './surroundings-steps.ts';
import { TaskStepping } from './task-steps.ts';
import type { World } from './world.ts';

/** Everything that can happen next, in a fixed order: a successor is found again by its place in it. */
export class Steps {
  readonly #coordinators: CoordinatorSteps;
  readonly #tasks: TaskStepping;
  readonly #surroundings: SurroundingsSteps;

  constructor(world: World) {
    this.#coordinators = new CoordinatorSteps(world);
    this.#tasks = new TaskStepping(world);
    this.#surroundings = new SurroundingsSteps(world);
  }

  from(row: Uint32Array, out: Successors): void {
    out.begin(row);
    this.#coordinators.addTo(out, row);
    this.#tasks.addTo(out, row);
    this.#surroundings.addTo(out, row);
  }
}
