import { expect, test } from 'vitest';
import { AnswerBuffers, AnswerLease } from './answer-buffers.ts';

const mib = 1024 * 1024;

test('memory that was given back is lent again, to an answer that it fits', () => {
  const buffers = new AnswerBuffers(8 * mib);
  const first = buffers.take(2 * mib - 7);
  expect(first.length).toBe(2 * mib - 7);
  buffers.give(first.subarray(100, 200));
  expect(buffers.take(3 * mib).buffer).not.toBe(first.buffer);
  expect(buffers.take(100_000).buffer).not.toBe(first.buffer);
  const again = buffers.take(mib);
  expect(again.buffer).toBe(first.buffer);
  expect(again.length).toBe(mib);
});

test('memory is lent to one at a time', () => {
  const buffers = new AnswerBuffers(8 * mib);
  const first = buffers.take(mib);
  expect(buffers.take(mib).buffer).not.toBe(first.buffer);
  buffers.give(first);
  buffers.give(first);
  const second = buffers.take(mib);
  expect(second.buffer).toBe(first.buffer);
  expect(buffers.take(mib).buffer).not.toBe(first.buffer);
});

test('no more than the limit is kept, and nothing that came from elsewhere', () => {
  const buffers = new AnswerBuffers(mib);
  const large = buffers.take(2 * mib);
  buffers.give(large);
  expect(buffers.take(2 * mib).buffer).not.toBe(large.buffer);
  const foreign = Buffer.alloc(mib);
  buffers.give(foreign);
  expect(buffers.take(mib).buffer).not.toBe(foreign.buffer);
});

test('an answer is given back when its last holder lets go', () => {
  const buffers = new AnswerBuffers(8 * mib);
  const answer = buffers.take(mib);
  const lease = new AnswerLease(buffers, answer);
  const holders = [lease.hold(), lease.hold()];
  lease.release();
  holders[0]?.release();
  expect(buffers.take(mib).buffer).not.toBe(answer.buffer);
  holders[1]?.release();
  expect(buffers.take(mib).buffer).toBe(answer.buffer);
});
