import type { Steps } from '../model/steps.ts';
import type { World } from '../model/world.ts';
import type { GrowingArray } from './growing-array.ts';

export interface TraceStep {
  readonly actor: string;
  readonly label: string;
}

/** Rows keep alike coordinators in order; a trace keeps their names. */
const exchangedNames: Readonly<Record<string, string>> = { C0: 'C1', C1: 'C0' };

/** The steps from the beginning to a state, found again by walking them. */
export function traceTo(
  number: number,
  parents: GrowingArray<Uint32Array>,
  ordinals: GrowingArray<Uint16Array>,
  world: World,
  steps: Steps,
): TraceStep[] {
  const path: number[] = [];
  for (let at = number; at !== 0; at = parents.at(at)) path.push(ordinals.at(at));
  let row = world.initial();
  const out = world.newSuccessors();
  let exchanged = false;
  return path.toReversed().map((ordinal) => {
    steps.from(row, out);
    const { width } = world.layout;
    row = out.rows.slice(ordinal * width, (ordinal + 1) * width);
    const actor = out.actors[ordinal] ?? '?';
    const named = exchanged ? (exchangedNames[actor] ?? actor) : actor;
    if (out.swapped[ordinal] === true) exchanged = !exchanged;
    return { actor: named, label: out.labels[ordinal] ?? '?' };
  });
}

/** One numbered line a step. */
export function printTrace(trace: readonly TraceStep[]): string {
  const widest = Math.max(0, ...trace.map(({ actor }) => actor.length));
  return trace
    .map(({ actor, label }, index) => `${String(index + 1).padStart(4)}  ${actor.padEnd(widest)}  ${label}`)
    .join('\n');
}
