import { expect, test } from 'vitest';
import { PullFramesResponse } from './gen/weir/internal/v1/exchange.ts';
import { decodeChannelMessage, encodeChannelMessage, type ChannelMessage } from './exchange-stream.ts';

const channel = { exchange: 'x1', fromSubtask: 2, toSubtask: 0 };
const cases: Record<string, ChannelMessage> = {
  frame: { channel, sequence: 5_000_000_000, element: { kind: 'frame', bytes: new Uint8Array([1, 2, 255]) } },
  'empty frame': { channel, sequence: 1, element: { kind: 'frame', bytes: new Uint8Array(0) } },
  watermark: { channel, sequence: 2, element: { kind: 'watermark', micros: 1_700_000_000_123_456 } },
  'watermark before 1970': { channel, sequence: 2, element: { kind: 'watermark', micros: -7 } },
  end: { channel, sequence: 3, element: { kind: 'watermark', micros: Infinity } },
  barrier: { channel, sequence: 4, element: { kind: 'barrier', epoch: 17, final: true } },
  idle: { channel, sequence: 5, element: { kind: 'idle', idle: true } },
  'active again': { channel, sequence: 6, element: { kind: 'idle', idle: false } },
};

test.each(Object.entries(cases))('%s: the generated code reads it, and so do we', (_name, message) => {
  const bytes = encodeChannelMessage(message);
  const decoded = decodeChannelMessage(bytes);
  expect(decoded.channel).toEqual(message.channel);
  expect(decoded.sequence).toBe(message.sequence);
  if (message.element.kind === 'frame') {
    expect(decoded.element).toMatchObject({ kind: 'frame' });
    expect([...(decoded.element as { bytes: Uint8Array }).bytes]).toEqual([...message.element.bytes]);
  } else expect(decoded.element).toEqual(message.element);
  const generated = PullFramesResponse.decode(bytes);
  expect(generated.channel).toEqual(message.channel);
  expect(generated.sequence).toBe(BigInt(message.sequence));
  // And what the generated code writes is read by ours.
  const again = decodeChannelMessage(PullFramesResponse.encode(generated).finish());
  expect([...encodeChannelMessage(again)]).toEqual([...bytes]);
});
