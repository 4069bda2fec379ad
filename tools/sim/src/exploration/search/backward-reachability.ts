import { GrowingArray } from './growing-array.ts';

/** All steps between states, by their numbers. */
export class Edges {
  readonly from = new GrowingArray((n) => new Uint32Array(n));
  readonly to = new GrowingArray((n) => new Uint32Array(n));

  add(from: number, to: number): void {
    this.from.push(from);
    this.to.push(to);
  }
}

/** AG EF: the first state from which no goal can be reached; null when there is none. `reached` becomes 1 for all that can. */
export function canReach(edges: Edges, reached: Uint8Array): number | null {
  const { starts, sources } = byTarget(edges, reached.length);
  const queue = new Uint32Array(reached.length);
  let end = 0;
  reached.forEach((is, number) => {
    if (is === 1) queue[end++] = number;
  });
  for (let at = 0; at < end; at += 1) {
    const target = queue[at] as number;
    for (let index = starts[target] as number; index < (starts[target + 1] as number); index += 1) {
      const source = sources[index] as number;
      if (reached[source] === 1) continue;
      reached[source] = 1;
      queue[end++] = source;
    }
  }
  const stuck = reached.indexOf(0);
  return stuck < 0 ? null : stuck;
}

/** Sources of the steps into each state, one state after the other. */
function byTarget(edges: Edges, states: number): { starts: Uint32Array; sources: Uint32Array } {
  const from = edges.from.view();
  const to = edges.to.view();
  const starts = new Uint32Array(states + 1);
  for (const target of to) starts[target + 1] = (starts[target + 1] as number) + 1;
  for (let number = 0; number < states; number += 1) {
    starts[number + 1] = (starts[number + 1] as number) + (starts[number] as number);
  }
  const filled = starts.slice();
  const sources = new Uint32Array(to.length);
  for (let index = 0; index < to.length; index += 1) {
    const target = to[index] as number;
    const slot = filled[target] as number;
    sources[slot] = from[index] as number;
    filled[target] = slot + 1;
  }
  return { starts, sources };
}
