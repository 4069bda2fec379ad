import { expect, test } from 'vitest';
import { PartitionReading } from './partition-reading.ts';

test('a partition is read to its end only as long as its broker goes on to say so', () => {
  const reading = new PartitionReading('t', 0, 7, undefined, 1024);
  expect(reading.position(0).caughtUp).toBe(false); // nothing heard yet
  reading.highWatermark = 7;
  reading.succeeded(1_000);
  expect(reading.position(1_600).caughtUp).toBe(true);
  // A broker that stands still: no answer and no error. Records may have come that nobody has seen.
  expect(reading.position(6_000).caughtUp).toBe(false);
  reading.succeeded(6_100);
  expect(reading.position(6_200).caughtUp).toBe(true);
  reading.failed(6_300, 100, 'NOT_LEADER_OR_FOLLOWER');
  expect(reading.position(6_300).caughtUp).toBe(false);
});
