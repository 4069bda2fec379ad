import { expect, test } from 'vitest';
import type { SourceInput } from '../record-path/source-input.ts';
import { CommittedPositions } from './committed-positions.ts';

/** A source whose consumer group answers when it is let. */
function slowSource() {
  const told: unknown[] = [];
  const answers: (() => void)[] = [];
  const source = {
    committed: (splits: unknown) => {
      told.push(splits);
      return new Promise<void>((resolve) => answers.push(resolve));
    },
  };
  const input = { source } as unknown as SourceInput;
  const at = (next: number) => new Map([[input, { 't/0': { next } }]]);
  const answer = async () => {
    answers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { told, at, answer };
}

test('fault 1.1.11: it is settled only once the newest committed positions have been told', async () => {
  const { told, at, answer } = slowSource();
  const positions = new CommittedPositions();
  for (const epoch of [1, 2, 3, 4]) positions.note(epoch, at(epoch * 10));
  positions.committed(1);
  positions.committed(2);
  positions.committed(3); // while 1 is being told: 2 is passed over, and nothing goes back
  positions.committed(3);
  let settled = false;
  void positions.settled().then(() => (settled = true));
  await answer();
  expect([told, settled]).toEqual([[{ 't/0': { next: 10 } }, { 't/0': { next: 30 } }], false]);
  await answer();
  expect([told.length, settled]).toEqual([2, true]);
});

test('an epoch that is not committed is not told, and one without news is no news', async () => {
  const { told, at } = slowSource();
  const positions = new CommittedPositions();
  positions.note(5, at(50));
  positions.committed(4);
  positions.committed(0);
  await positions.settled();
  expect(told).toEqual([]);
});
