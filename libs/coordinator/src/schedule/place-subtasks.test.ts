import { expect, test } from 'vitest';
import { fakePlan } from '../testing/fake-plan.ts';
import { placeSubtasks, slotsOf, type WorkerOffer } from './place-subtasks.ts';

const offer = (incarnation: string, freeSlots: number): WorkerOffer => ({
  incarnation,
  address: `${incarnation}:1`,
  freeSlots,
});

test.each<{ name: string; offers: WorkerOffer[]; parallelism: number; slots: Record<string, number> }>([
  {
    name: 'spreads over equal workers',
    offers: [offer('a', 4), offer('b', 4)],
    parallelism: 4,
    slots: { a: 2, b: 2 },
  },
  { name: 'prefers free workers', offers: [offer('a', 1), offer('b', 4)], parallelism: 3, slots: { b: 3 } },
  {
    name: 'fills to the last slot',
    offers: [offer('a', 1), offer('b', 2)],
    parallelism: 3,
    slots: { a: 1, b: 2 },
  },
  {
    name: 'leaves full workers alone',
    offers: [offer('a', 0), offer('b', 1)],
    parallelism: 1,
    slots: { b: 1 },
  },
])('$name', ({ offers, parallelism, slots }) => {
  const placement = placeSubtasks(fakePlan, parallelism, offers);
  if (placement.kind !== 'placed') throw new Error(placement.message);
  expect(Object.fromEntries(slotsOf(placement.subtasks))).toEqual(slots);
  // Two coordinators that see the same workers place alike, in whatever order they see them.
  expect(placeSubtasks(fakePlan, parallelism, offers.toReversed())).toEqual(placement);
});

test('a slot takes one parallel index with all its stages', () => {
  const placement = placeSubtasks(fakePlan, 2, [offer('a', 1), offer('b', 1)]);
  if (placement.kind !== 'placed') throw new Error(placement.message);
  const workerOf = (stage: string, index: number) =>
    placement.subtasks.find((subtask) => subtask.stage === stage && subtask.index === index)?.incarnation;
  expect([workerOf('s0', 0), workerOf('s0', 1)]).toEqual([workerOf('s1', 0), workerOf('s1', 1)]);
});

test.each([
  { offers: [], message: 'it needs 2 slots and there is no worker' },
  { offers: [offer('a', 0)], message: "it needs 2 slots, and none of 1 worker's are free" },
  { offers: [offer('a', 1), offer('b', 0)], message: "it needs 2 slots, and 1 of 2 workers' are free" },
])('too few: $message', ({ offers, message }) => {
  expect(placeSubtasks(fakePlan, 2, offers)).toEqual({ kind: 'too-few', message });
});
