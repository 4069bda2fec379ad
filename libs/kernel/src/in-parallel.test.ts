import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('all is done, at most so many at once, and results keep the order of the items', async () => {
  let now = 0;
  let most = 0;
  const doubled = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
    now += 1;
    most = Math.max(most, now);
    for (let left = item; left > 0; left -= 1) await turn();
    now -= 1;
    return item * 2;
  });
  expect(doubled).toEqual([10, 2, 8, 4, 6]);
  expect(most).toBe(2);
  expect(await inParallel([], 8, turn)).toEqual([]);
});

test('after a failure nothing more begins, what runs is waited for, and the first error is told', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const all = inParallel([0, 1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('one can not be done');
    for (let left = 5; left > 0; left -= 1) await turn();
    ended.push(item);
  });
  await expect(all).rejects.toThrow('one can not be done');
  expect(begun).toEqual([0, 1]);
  expect(ended).toEqual([0]);
});
