import { expect, test } from 'vitest';
import { murmur2, partitionOfKey } from './murmur2.ts';

/** From the test of org.apache.kafka.common.utils.Utils. */
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s is as in Java', (text, hash) => {
  const bytes = Buffer.from(`--${text}--`);
  expect(murmur2(bytes, 2, bytes.length - 2)).toBe(hash);
});

test('the partition is never negative', () => {
  const bytes = Buffer.from('21');
  expect(partitionOfKey(bytes, 0, bytes.length, 7)).toBe((-973932308 & 0x7fffffff) % 7);
});
