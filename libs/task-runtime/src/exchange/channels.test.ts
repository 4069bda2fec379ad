import { expect, test } from 'vitest';
import type { ChannelElement } from './channel-element.ts';
import { channelWindowBytes, InboundChannel } from './inbound-channel.ts';
import { connectLocally } from './local-exchange.ts';
import { OutboundChannel, outboundLimitBytes } from './outbound-channel.ts';

const id = { exchange: 'x', from: 0, to: 1 };
const frame = (bytes: number): ChannelElement => ({ kind: 'frame', bytes: new Uint8Array(bytes) });
const barrier: ChannelElement = { kind: 'barrier', epoch: 1, final: false };

test('frames leave within the credit, the last one may overdraw it; barriers need none but stay behind their frames', () => {
  const channel = new OutboundChannel(id);
  for (const element of [barrier, frame(10), frame(500), barrier, frame(1), barrier]) channel.put(element);
  const taken = (): unknown[] => {
    const all = [];
    for (let next = channel.take(); next !== undefined; next = channel.take()) {
      all.push([
        next.sequence,
        next.element.kind === 'frame' ? next.element.bytes.length : next.element.kind,
      ]);
    }
    return all;
  };
  expect(taken()).toEqual([[1, 'barrier']]);
  channel.grant(11);
  expect(taken()).toEqual([
    [2, 10],
    [3, 500],
    [4, 'barrier'],
  ]);
  channel.grant(499);
  expect(taken()).toEqual([]);
  channel.grant(1);
  expect(taken()).toEqual([
    [5, 1],
    [6, 'barrier'],
  ]);
});

test('fault 1.2.7: credit is never above the window, whatever a receiver grants', () => {
  const channel = new OutboundChannel(id);
  for (let number = 0; number < 100; number += 1) channel.put(frame(channelWindowBytes / 4));
  for (const bytes of [2 ** 40, Infinity, -5, channelWindowBytes]) channel.grant(bytes);
  let taken = 0;
  while (channel.take() !== undefined) taken += 1;
  expect(taken).toBe(4);
});

test('a full channel asks its subtask to stop, and calls it when there is room again', () => {
  const channel = new OutboundChannel(id);
  let calls = 0;
  const notify = (): void => void (calls += 1);
  channel.put(frame(outboundLimitBytes - 1));
  expect(channel.hasRoom(notify)).toBe(true);
  channel.put(frame(1));
  expect(channel.hasRoom(notify)).toBe(false);
  expect(calls).toBe(0);
  channel.grant(1);
  channel.take();
  expect(calls).toBe(1);
  expect(channel.hasRoom(notify)).toBe(true);
});

test('a gap or a repeat on a channel is an error', () => {
  const channel = new InboundChannel(id, () => {});
  channel.arrive(1, barrier);
  expect(() => channel.arrive(3, barrier)).toThrow(/element 3 came instead of 2/);
  const other = new InboundChannel(id, () => {});
  other.arrive(1, barrier);
  expect(() => other.arrive(1, barrier)).toThrow(/element 1 came instead of 2/);
});

test('a reader that stands still is sent at most a window; what it reads is credited', () => {
  const outbound = new OutboundChannel(id);
  const inbound = new InboundChannel(id, () => {});
  connectLocally(outbound, inbound, (error) => {
    throw error;
  });
  const size = 1000;
  const frames = Math.ceil(channelWindowBytes / size) * 3;
  for (let count = 0; count < frames; count += 1) outbound.put(frame(size));
  let waiting = 0;
  const read = (limit: number): number => {
    let count = 0;
    while (count < limit && inbound.peek() !== undefined) {
      inbound.shift();
      count += 1;
    }
    return count;
  };
  expect(outbound.hasRoom(() => (waiting += 1))).toBe(false);
  // Without reading nothing more comes: the window and the one frame that overdraws it.
  const first = Math.ceil(channelWindowBytes / size);
  const quarter = Math.ceil(channelWindowBytes / 4 / size);
  expect(read(quarter - 1) + first).toBeLessThan(frames);
  expect(outbound.take()).toBeUndefined();
  expect(read(Infinity) + quarter - 1).toBe(frames);
  expect(waiting).toBe(1);
});
