import { describe, expect, it } from 'vitest';
import { canReach, Edges } from './backward-reachability.ts';
import { VisitedStates } from './visited-states.ts';

describe('visited states', () => {
  it('numbers states in the order in which they are seen, and knows them again', () => {
    const visited = new VisitedStates();
    const rows = new Uint32Array(3 * 200_000);
    for (let index = 0; index < 200_000; index += 1) rows.set([index % 7, index, index % 11], index * 3);
    let wrong = 0;
    for (let index = 0; index < 200_000; index += 1) {
      if (visited.find(rows, index * 3, 3) !== index || !visited.fresh) wrong += 1;
    }
    expect(wrong).toBe(0);
    for (const index of [0, 1, 99_999, 199_999]) {
      expect([visited.find(rows, index * 3, 3), visited.fresh]).toEqual([index, false]);
    }
    expect(visited.size).toBe(200_000);
  });

  it('tells apart what differs in one place, or in order', () => {
    const visited = new VisitedStates();
    const numbers = [
      [1, 2, 3],
      [1, 3, 2],
      [2, 1, 3],
      [1, 2, 4],
      [0, 0, 0],
      [0, 0, 1],
    ].map((row) => visited.find(new Uint32Array(row), 0, 3));
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('backward reachability', () => {
  const edges = new Edges();
  for (const [from, to] of [[0, 1], [1, 2], [0, 3], [3, 4], [4, 3]] as const) edges.add(from, to); // prettier-ignore

  it('finds the first state from which no goal can be reached', () => {
    expect(canReach(edges, new Uint8Array([0, 0, 1, 0, 0]))).toBe(3);
  });

  it('finds none when all can', () => {
    expect(canReach(edges, new Uint8Array([0, 0, 1, 0, 1]))).toBeNull();
  });
});
