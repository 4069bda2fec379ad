import { failpointSteps } from '@weir/kernel/failpoints.ts';
import type { FailpointName } from '@weir/kernel/failpoints.ts';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';
import type { Fault, FaultTarget, PlannedFault } from './fault.ts';

/** What makes a process come to a step: `flow`, records do; `recovery`, a worker that dies; `stop`, a person who stops the pipeline. */
type Cause = 'flow' | 'recovery' | 'stop';

const recoverySteps = /^(generation|end-transaction|record|clean-up|place|start-tasks)\./;
/** Reached so often that it need not be the first time. */
const frequentSteps = /^(inject|decide|publish-commit|snapshot|prepare|acknowledge|commit|end-transaction)\./;

/** An epoch is decided, and not all of its transactions are committed: certain there; after a commit it may have been the last one. */
export const betweenDecisionAndCommit: readonly FailpointName[] = [
  'decide.after',
  'publish-commit.after',
  'commit.before',
];

/** Which steps have been hit: each once before any comes again, in random order; every fifth lies between decision and commit. */
export class StepDeck {
  #left: FailpointName[] = [];
  #drawn = 0;

  draw(rng: SeededRandom): FailpointName {
    this.#drawn += 1;
    if (this.#drawn % 5 === 0) return rng.pick(betweenDecisionAndCommit);
    if (this.#left.length === 0) this.#left = Object.keys(failpointSteps) as FailpointName[];
    const [point] = this.#left.splice(rng.below(this.#left.length), 1);
    return point ?? 'decide.after';
  }
}

/** A process is killed in the middle of a step of the protocol. */
export function killAtStep(deck: StepDeck): Fault {
  return {
    name: 'kill-at-step',
    weight: 2,
    plan: (rng, target) => plan(deck.draw(rng), 'kill', rng, target),
  };
}

/** A process stands still in the middle of a step, maybe until it is taken for dead, and goes on with it then. */
export function freezeAtStep(deck: StepDeck): Fault {
  const plan_ = (rng: SeededRandom, target: FaultTarget) => plan(deck.draw(rng), 'freeze', rng, target);
  return { name: 'freeze-at-step', weight: 1, downMs: [500, 6000], plan: plan_ };
}

function plan(
  point: FailpointName,
  action: 'kill' | 'freeze',
  rng: SeededRandom,
  target: FaultTarget,
): PlannedFault {
  const nth = frequentSteps.test(point) ? 1 + rng.below(3) : 1;
  const cause: Cause = recoverySteps.test(point) ? 'recovery' : point.startsWith('stop.') ? 'stop' : 'flow';
  const bait = cause === 'recovery' ? rng.pick(target.busyWorkers) : undefined;
  let victim: WeirProcess | undefined;
  return {
    what: `${action} at ${point}${nth === 1 ? '' : `, the ${nth}. time`}`,
    point,
    endsWithHealing: cause === 'stop',
    async strike() {
      target.steps.arm(point, nth, action);
      await bait?.kill();
      if (cause === 'stop') await target.wishes.stop();
      const pid = await target.steps.victim();
      victim = target.cluster.processes.find((process) => process.pid === pid);
      return victim === undefined ? null : `${this.what} (${victim.name})`;
    },
    async heal() {
      if (action === 'freeze') victim?.signal('SIGCONT');
      const dead = [bait, action === 'kill' ? victim : undefined].filter((each) => each !== undefined);
      await Promise.all([...new Set(dead)].map((each) => each.restart()));
      if (cause === 'stop') await target.wishes.startAgain();
    },
  };
}
