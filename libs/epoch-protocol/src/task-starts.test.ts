import { expect, it } from 'vitest';
import { allRules } from './protocol-rules.ts';
import { newTaskStarts, startTaken } from './task-starts.ts';

const start = (g: number, index: number, incarnation = 'a') => ({
  g,
  subtask: { stage: 's', index },
  incarnation,
});

it('a subtask is started once in a generation, by the incarnation that is placed (W1, W2)', () => {
  let state = newTaskStarts('a');
  const outcomes = [start(1, 0), start(1, 1), start(1, 0), start(2, 0), start(1, 0), start(2, 1, 'b')].map(
    (each) => {
      const taken = startTaken(state, each);
      state = taken.state;
      return taken.outcome;
    },
  );
  expect(outcomes).toEqual(['start', 'start', 'repeat', 'start', 'repeat', 'refuse']);
  expect(startTaken(state, start(1, 0), { ...allRules, startOnce: false }).outcome).toBe('start');
});
