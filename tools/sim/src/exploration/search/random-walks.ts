import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { Invariants, type Violation } from '../invariants.ts';
import type { ModelConfig } from '../model/model-config.ts';
import { Steps } from '../model/steps.ts';
import type { Successors } from '../model/state-row.ts';
import { World } from '../model/world.ts';
import type { TraceStep } from './trace.ts';

export interface WalkLimits {
  readonly seed: number;
  readonly stepsEach: number;
  readonly maxWalks: number;
  readonly maxMs: number;
}

export interface WalkResult {
  readonly walks: number;
  readonly steps: number;
  readonly ms: number;
  readonly violation: {
    readonly what: Violation;
    readonly seed: number;
    readonly trace: readonly TraceStep[];
  } | null;
}

/** What a world has computed is kept: not for ever. */
const walksInOneWorld = 500;

/** What is possible nearly all the time, and would use up generations and timeouts before anything else happens ... */
const isDisturbance = (label: string): boolean =>
  label.startsWith('starts anew') || label.startsWith('gives') || label.endsWith('times out');
/** ... is this many of a hundred steps. */
const disturbancesInHundred = 4;

/** Seeded random runs, for configurations that are too large to be explored to their end. Walk n has the seed `seed + n`. */
export function walkRandomly(config: ModelConfig, limits: WalkLimits): WalkResult {
  const startedMs = performance.now();
  let walker = new Walker(new World(config));
  let steps = 0;
  for (let walk = 0; walk < limits.maxWalks; walk += 1) {
    const ms = performance.now() - startedMs;
    if (ms > limits.maxMs) return { walks: walk, steps, ms, violation: null };
    if (walk % walksInOneWorld === 0) walker = new Walker(new World(config));
    const seed = limits.seed + walk;
    const run = walker.walk(seed, limits.stepsEach);
    steps += run.trace.length;
    if (run.what === null) continue;
    return { walks: walk + 1, steps, ms, violation: { what: run.what, seed, trace: run.trace } };
  }
  return { walks: limits.maxWalks, steps, ms: performance.now() - startedMs, violation: null };
}

class Walker {
  readonly #world: World;
  readonly #steps: Steps;
  readonly #out: Successors;
  readonly #invariants: Invariants;

  constructor(world: World) {
    this.#world = world;
    this.#steps = new Steps(world);
    this.#out = world.newSuccessors();
    this.#invariants = new Invariants(world);
  }

  walk(seed: number, length: number): { what: Violation | null; trace: TraceStep[] } {
    const random = new SeededRandom(seed);
    const trace: TraceStep[] = [];
    const { width } = this.#world.layout;
    let row = this.#world.initial();
    for (let step = 0; step < length; step += 1) {
      this.#steps.from(row, this.#out);
      const refusal = this.#world.refusals[0];
      if (refusal !== undefined) return { what: `(9) ${refusal}`, trace };
      const ordinal = this.#choose(random);
      if (ordinal < 0) break;
      row = this.#out.rows.slice(ordinal * width, (ordinal + 1) * width);
      trace.push({ actor: this.#out.actors[ordinal] ?? '?', label: this.#out.labels[ordinal] ?? '?' });
      const what = this.#invariants.check(row);
      if (what !== null) return { what, trace };
    }
    return { what: null, trace };
  }

  #choose(random: SeededRandom): number {
    const disturbances: number[] = [];
    const others: number[] = [];
    this.#out.labels.forEach((label, ordinal) => {
      (isDisturbance(label) ? disturbances : others).push(ordinal);
    });
    const from =
      others.length === 0 || (disturbances.length > 0 && random.next() * 100 < disturbancesInHundred)
        ? disturbances
        : others;
    return from[random.below(from.length)] ?? -1;
  }
}
