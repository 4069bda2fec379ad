import { expect, test } from 'vitest';
import type { Clock, Timers } from '@weir/kernel/ports.ts';
import type { InputGate } from './input-gate.ts';
import type { OperatorChain } from './operator-chain.ts';
import type { SourceInput } from './source-input.ts';
import { SubtaskLoop } from './subtask-loop.ts';
import { Turns } from './turns.ts';
import { Wakeup } from './wakeup.ts';

const yieldOnce = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a subtask that waits for room sleeps although its source has rows at hand, and goes on when there is room', async () => {
  let room = false;
  let looks = 0;
  let rows = 0;
  let notifyRoom = (): void => {};
  const chain = {
    hasPending: false,
    changes: 0,
    hasRoom(notify: () => void) {
      looks += 1;
      notifyRoom = notify;
      return room;
    },
  } as unknown as OperatorChain;
  const source = {
    step() {
      rows += 1;
      room = rows % 3 !== 0; // the third batch fills the sink
      return true;
    },
    arm: (notify: () => void) => notify(),
    heldBack: () => {},
    nextIdleAt: () => Infinity,
  } as unknown as SourceInput;
  const gate = {
    epoch: 1,
    sourcesBlocked: false,
    takePassed: () => null,
    step: () => false,
  } as unknown as InputGate;
  const clock: Clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const timers = { yield: yieldOnce, after: () => ({ cancel: () => {} }) } as unknown as Timers;
  const closing = new AbortController();
  const loop = new SubtaskLoop({
    chain,
    gate,
    sources: [source],
    sends: [],
    turns: new Turns(timers),
    wakeup: new Wakeup(),
    clock,
    timers,
    closing: closing.signal,
    onBarrier: () => {},
    onActivity: () => {},
    fail: (error) => {
      throw error;
    },
  });
  const running = loop.run();
  for (let turn = 0; turn < 50; turn += 1) await yieldOnce();
  expect(rows).toBe(0);
  expect(looks).toBeLessThan(3);

  room = true;
  notifyRoom();
  for (let turn = 0; turn < 50; turn += 1) await yieldOnce();
  expect(rows).toBe(3);

  closing.abort();
  await running;
});
