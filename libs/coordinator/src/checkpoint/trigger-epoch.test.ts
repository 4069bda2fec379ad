import { expect, test } from 'vitest';
import { EpochTrigger, idleIntervalMs } from './trigger-epoch.ts';

test('the first epoch of a generation comes early, the others at the interval', () => {
  const trigger = new EpochTrigger(1000, 0);
  expect(trigger.dueMs()).toBe(200);
  trigger.injected(200);
  trigger.collected(false);
  expect(trigger.dueMs()).toBe(1200);
});

test('a short interval is kept from the beginning', () => {
  expect(new EpochTrigger(20, 0).dueMs()).toBe(20);
});

test.each([
  { name: 'a little late: the beat is kept', atMs: 230, nextMs: 300 },
  { name: 'very late: what was missed is not made up for', atMs: 900, nextMs: 1000 },
  { name: 'early, for a stop: counted from then', atMs: 120, nextMs: 220 },
])('$name', ({ atMs, nextMs }) => {
  const trigger = new EpochTrigger(100, 0);
  trigger.injected(100);
  trigger.collected(false);
  expect(trigger.dueMs()).toBe(200);
  trigger.injected(atMs);
  trigger.collected(false);
  expect(trigger.dueMs()).toBe(nextMs);
});

test('when nothing changes there is an epoch every 10 s, until something does', () => {
  const trigger = new EpochTrigger(100, 0);
  trigger.injected(100);
  trigger.collected(true);
  expect(trigger.dueMs()).toBe(100 + idleIntervalMs);
  trigger.activity();
  expect(trigger.dueMs()).toBe(200);
});
