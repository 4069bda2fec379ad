import { expect, test } from 'vitest';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Timers } from '@weir/kernel/ports.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { ControlMessage } from '@weir/wire/gen/weir/internal/v1/control.ts';
import { ActivityHints, hintIntervalMs } from './activity-hints.ts';
import { ReportChannel, untilStored, type ControlBody, type PreparedMessage } from './report-channel.ts';

function channelOf(generation: number) {
  const sent: PreparedMessage[] = [];
  const objects = new Map<string, Uint8Array>();
  let ids = 0;
  const channel = new ReportChannel({
    generation,
    incarnation: 'me',
    newMessageId: () => `m${(ids += 1)}`,
    publish: (message) => sent.push(message),
    storeObject: async (epoch, bytes) => {
      objects.set(`k${epoch}`, bytes);
      return `k${epoch}`;
    },
    fetchMessage: async (key) => objects.get(key),
  });
  return { channel, sent, objects };
}

const snapshotted = (length: number): ControlBody => ({
  $case: 'snapshotted',
  value: {
    subtask: { stage: 's', index: 1 },
    snapshotsJson: 'x'.repeat(length),
    handlesJson: '[]',
    ended: false,
    unchanged: false,
    alignMs: 0,
    snapshotMs: 0,
    prepareMs: 0,
    transactionAgeMs: 0,
  },
});

test.each([
  ['small', 1000, 0],
  ['too large for the bus', 300 * 1024, 1],
])('an acknowledgement that is %s arrives whole', async (_name, length, objects) => {
  const { channel, sent, objects: stored } = channelOf(3);
  const message = await channel.prepare(9, snapshotted(length), 'trace');
  channel.send(message);
  expect(sent).toMatchObject([{ topic: 'snapshotted', epoch: 9, traceparent: 'trace' }]);
  expect(message.bytes.length).toBeLessThan(256 * 1024);
  expect(stored.size).toBe(objects);
  const received = await channel.receive(message.bytes);
  expect(received).toMatchObject({ generation: 3, epoch: 9, sender: 'me', formatVersion: 1 });
  expect(received?.body?.$case === 'snapshotted' && received.body.value.snapshotsJson.length).toBe(length);
});

test('messages of other generations, also inside a stored one, and those whose content is gone are ignored', async () => {
  const other = await channelOf(2).channel.prepare(1, snapshotted(10), '');
  const { channel, objects } = channelOf(3);
  expect(await channel.receive(other.bytes)).toBeUndefined();
  const large = await channel.prepare(1, snapshotted(300 * 1024), '');
  objects.set('k1', other.bytes);
  expect(await channel.receive(large.bytes)).toBeUndefined();
  objects.clear();
  expect(await channel.receive(large.bytes)).toBeUndefined();
});

test('topics are the kinds of messages', () => {
  const { channel, sent } = channelOf(1);
  channel.sendNow(0, { $case: 'activity', value: {} }, '');
  channel.sendNow(2, { $case: 'commitAcknowledged', value: { subtask: undefined } }, '');
  expect(sent.map(({ topic }) => topic)).toEqual(['activity', 'commit-acknowledged']);
  expect(ControlMessage.decode(sent[1]?.bytes ?? new Uint8Array()).epoch).toBe(2);
});

test('a store that is away is asked again; one that refuses is not', async () => {
  const { timers } = systemPorts();
  const closing = new AbortController();
  const whys: string[] = [];
  let calls = 0;
  const attempt = async (): Promise<string> => {
    calls += 1;
    if (calls < 3) throw new WeirError('WEIR-5002', 'away', { disposition: 'retry' });
    return 'done';
  };
  expect(await untilStored(attempt, timers, closing.signal, (why) => whys.push(why))).toBe('done');
  expect(whys).toEqual(['WEIR-5002 away', 'WEIR-5002 away']);
  const refuse = () => Promise.reject(new WeirError('WEIR-5002', 'read-only'));
  await expect(untilStored(refuse, timers, closing.signal, () => {})).rejects.toThrow('read-only');
  const away = () => Promise.reject(new WeirError('WEIR-5002', 'away', { disposition: 'retry' }));
  const waiting = untilStored(away, timers, closing.signal, () => closing.abort());
  await expect(waiting).rejects.toMatchObject({ code: 'WEIR-7230' });
});

test('hints go out at once, then at most every 50 ms, and the last change is never forgotten', () => {
  let now = 1000;
  let due: (() => void) | undefined;
  const timers = {
    after: (delayMs: number, callback: () => void) => {
      due = () => {
        now += delayMs;
        due = undefined;
        callback();
      };
      return { cancel: () => (due = undefined) };
    },
  } as unknown as Timers;
  const sent: number[] = [];
  const hints = new ActivityHints({ nowMs: () => now, monotonicMs: () => now }, timers, () => sent.push(now));
  hints.mark();
  now += 10;
  hints.mark();
  hints.mark();
  expect(sent).toEqual([1000]);
  due?.();
  expect(sent).toEqual([1000, 1000 + hintIntervalMs]);
  expect(due).toBeUndefined();
  hints.mark();
  hints.stop();
  expect(due).toBeUndefined();
});
