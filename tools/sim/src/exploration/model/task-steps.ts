import { memoized } from './interner.ts';
import type { Successors } from './state-row.ts';
import type { World } from './world.ts';

interface Outcome {
  readonly label: string;
  readonly task: number;
  readonly broker: number;
}

/** The steps of all sink subtasks of all generations: whoever was started lives on as a zombie until the end of time. */
export class TaskStepping {
  readonly #world: World;
  readonly #messages;
  readonly #steps;

  constructor(world: World) {
    this.#world = world;
    const { tasks, brokers, layout } = world;
    this.#messages = layout.tasks.map(({ g, worker }) =>
      memoized((history) => tasks.messagesFor(history, g, `w${worker}`)),
    );
    this.#steps = layout.tasks.map(({ g, sink }) =>
      memoized((task, broker, messages): Outcome[] =>
        tasks
          .steps(tasks.all.at(task), brokers.at(broker), tasks.messages.at(messages), g, sink)
          .map((step) => ({
            label: step.label,
            task: tasks.all.id(step.task),
            broker: brokers.id(step.broker),
          })),
      ),
    );
  }

  addTo(out: Successors, row: Uint32Array): void {
    const { layout } = this.#world;
    const history = this.#world.value(row, layout.ledger);
    layout.tasks.forEach(({ place, broker, g, sink, worker }, index) => {
      const messages = this.#messages[index]?.(history) ?? 0;
      const outcomes =
        this.#steps[index]?.(this.#world.value(row, place), this.#world.value(row, broker), messages) ?? [];
      const actor =
        this.#world.config.placements === 2 ? `task g${g}/${sink} on w${worker}` : `task g${g}/${sink}`;
      for (const { label, task, broker: after } of outcomes) {
        out.add(actor, label, place, task, broker, after);
      }
    });
  }
}
