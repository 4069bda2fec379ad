import { expect, test } from 'vitest';
import { AtMost } from './at-most.ts';

test('no more than the limit run at once, in their order, and one that fails makes room', async () => {
  const limit = new AtMost(3);
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  const work = async (index: number): Promise<number> => {
    begun.push(index);
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    running -= 1;
    if (index % 4 === 1) throw new Error(`no ${index}`);
    return index;
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => limit.run(() => work(index))),
  );
  expect(most).toBe(3);
  expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  expect(await limit.run(() => work(100))).toBe(100);
});
