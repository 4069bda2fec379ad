import { describe, expect, test } from 'vitest';
import { MergedStreams } from './merged-streams.ts';

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/** Small numbers that anybody can draw again. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('fault 1.1.1: the order in which streams become idle or end makes no difference', () => {
  const streams = [0, 1, 2, 3];

  test.each([0, 1, 2, 3])('data in stream %i only', (busy) => {
    for (const order of permutations(streams)) {
      const merged = new MergedStreams(4);
      merged.advance(busy, 100);
      let delivered = -Infinity;
      for (const stream of order) {
        merged.setIdle(stream, true);
        delivered = Math.max(delivered, merged.watermark);
      }
      expect({ delivered, idle: merged.idle }, String(order)).toEqual({ delivered: 100, idle: true });
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('whatever each said before, seed %i', (seed) => {
    const next = random(seed);
    const watermarks = streams.map(() => (next() < 0.3 ? -Infinity : Math.floor(next() * 100)));
    const ends = streams.map((stream) => stream > 0 && next() < 0.4);
    const outcomes = new Set<string>();
    for (const order of permutations(streams)) {
      const merged = new MergedStreams(4);
      streams.forEach((stream) => merged.advance(stream, watermarks[stream] ?? 0));
      let delivered = -Infinity;
      for (const stream of order) {
        if (ends[stream] === true) merged.advance(stream, Infinity);
        else merged.setIdle(stream, true);
        delivered = Math.max(delivered, merged.watermark);
      }
      outcomes.add(JSON.stringify([delivered, merged.idle]));
    }
    expect([...outcomes]).toEqual([JSON.stringify([Math.max(...watermarks), true])]);
  });
});

test('the least of those that are active counts, however far idle ones came', () => {
  const merged = new MergedStreams(3);
  [50, 10, 70].forEach((micros, stream) => merged.advance(stream, micros));
  expect(merged.watermark).toBe(10);
  merged.setIdle(1, true);
  expect([merged.watermark, merged.idle]).toEqual([50, false]);
  merged.setIdle(0, true);
  expect(merged.watermark).toBe(70);
});

test('all ended is the end, and not idle', () => {
  const merged = new MergedStreams(2);
  merged.advance(0, Infinity);
  merged.setIdle(1, true);
  expect([merged.watermark, merged.idle]).toEqual([-Infinity, true]);
  merged.setIdle(1, false);
  merged.advance(1, Infinity);
  expect([merged.watermark, merged.idle]).toEqual([Infinity, false]);
});
