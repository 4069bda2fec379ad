import { expect, test } from 'vitest';
import { assertTransition, legalTransitions, type JobState } from './job-transitions.ts';

const states = Object.keys(legalTransitions) as JobState[];

test('a state is left for states that exist only, and every state but created can be reached', () => {
  const reached = new Set(Object.values(legalTransitions).flat());
  expect([...reached].filter((state) => !states.includes(state))).toEqual([]);
  expect(states.filter((state) => !reached.has(state))).toEqual(['created']);
});

test.each<[JobState, JobState]>([
  ['created', 'running'],
  ['finished', 'running'],
  ['halted', 'running'],
  ['stopped', 'running'],
])('from %s to %s is refused', (from, to) => {
  expect(() => assertTransition(from, to)).toThrow(`a job goes from ${from} to`);
});
