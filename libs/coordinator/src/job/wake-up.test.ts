import { expect, test } from 'vitest';
import { systemPorts } from '@weir/system/system-ports.ts';
import { WakeUp } from './wake-up.ts';

const never = new AbortController().signal;

test('a loop over something overdue lets timers run, and so hears what it waits for', async () => {
  const { timers } = systemPorts();
  const wakeUp = new WakeUp(timers);
  let heard = false;
  timers.after(1, () => (heard = true));
  for (let turns = 0; !heard; turns += 1) {
    if (turns > 1_000_000) throw new Error('the event loop was starved');
    await wakeUp.wait(0, never);
  }
  expect(heard).toBe(true);
});

test('a notification between two waits is not missed', async () => {
  const wakeUp = new WakeUp(systemPorts().timers);
  wakeUp.notify();
  await wakeUp.wait(60_000, never);
  setTimeout(() => wakeUp.notify(), 1);
  await wakeUp.wait(60_000, never);
});
