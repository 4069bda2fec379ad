import { ledgerNow } from '@weir/coordinator/api/ledger-now.ts';
import { recordNamed, wishStop } from '@weir/coordinator/api/pipeline-wishes.ts';
import { wishRestore } from '@weir/coordinator/api/wish-restore.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import { keptEpochRecords } from '@weir/epoch-protocol/ledger-trim.ts';
import { SimRandom } from '@weir/testkit/sim-random.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';
import { StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { SimPerson } from './sim-person.ts';
import { pipelineName } from './sim-pipeline.ts';

const askEveryMs = 300;

/**
 * In some runs somebody stops the pipeline while faults come down on it, and starts it again from an older epoch. Drawn from a stream of its
 * own, which leaves what else a seed does as it is in all other runs.
 */
export class GoBack {
  readonly #world: SimWorld;
  readonly #person: SimPerson;
  readonly #random: SimRandom;
  /** Whether this run does so. */
  readonly drawn: boolean;
  #wished = false;

  constructor(world: SimWorld, person: SimPerson) {
    this.#world = world;
    this.#person = person;
    this.#random = new SimRandom(`${world.seed}/start --from`);
    this.drawn = this.#random.chance(0.1);
  }

  /** Stops it somewhere in the first half of the time that is left, and asks until it has been started from an older epoch. */
  schedule(untilMs: number): void {
    if (!this.drawn) return;
    const { nowMs } = this.#world;
    this.#world.after(this.#random.between(300, (untilMs - nowMs) / 2), () => {
      this.#world.trace('fault', 'a stop is wished, and then a start from an older epoch');
      const mode = this.#random.pick([StopMode.STOP_MODE_CHECKPOINT, StopMode.STOP_MODE_IMMEDIATE]);
      this.#person.ask((coordinator) => wishStop(coordinator, pipelineName, mode));
      this.#ask(untilMs);
    });
  }

  #ask(untilMs: number): void {
    if (this.#wished || this.#world.nowMs > untilMs) return;
    this.#person.ask((coordinator) => this.#start(coordinator));
    this.#world.after(askEveryMs, () => this.#ask(untilMs));
  }

  async #start(coordinator: Coordinator): Promise<void> {
    const ledger = await ledgerNow(coordinator.context, await recordNamed(coordinator, pipelineName));
    const committed = keptEpochRecords(ledger).filter(({ status }) => status === 'committed');
    if (committed.length === 0 || this.#wished) return;
    await wishRestore(coordinator, pipelineName, this.#random.pick(committed).body.e);
    this.#wished = true;
  }
}
