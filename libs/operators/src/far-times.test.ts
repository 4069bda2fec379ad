import { timestampType } from '@weir/columnar/sql-type.ts';
import { describe, expect, it } from 'vitest';
import { aggregate, hop, second, tumble, windowHarness } from './testing/window-fixture.ts';
import { callOf, constant, evaluateConstant } from './testing/evaluate-constant.ts';
import { watermarkMicros } from './watermark-micros.ts';
import { WindowSlices } from './window-slices.ts';

const year9999 = 253_402_300_799_999_999n;
const year1600 = -11_676_096_000_000_000n;

describe('fault 1.1.2: event times beyond 2^53 microseconds', () => {
  it('a window of the year 9999 has its exact start and end', () => {
    const harness = windowHarness({ window: tumble(3600), aggregates: [aggregate('count', null)] });
    harness.rows([
      [year1600, 1n, 1n, null, null],
      [2n ** 53n, 1n, 1n, null, null],
      [year9999, 1n, 1n, null, null],
    ]);
    harness.watermark(Infinity);
    expect(harness.takeRows()).toEqual([
      [1n, 1n, year1600, year1600 + 3_600_000_000n],
      [1n, 1n, 9_007_196_400_000_000n, 9_007_200_000_000_000n],
      [1n, 1n, year9999 + 1n - 3_600_000_000n, year9999 + 1n],
    ]);
  });

  it('a window fires when the watermark reaches its end, not before', () => {
    const harness = windowHarness({ window: tumble(1), aggregates: [aggregate('count', null)] });
    harness.rows([[year9999, 1n, 1n, null, null]]);
    harness.watermark(watermarkMicros(year9999, 0));
    expect(harness.takeRows()).toEqual([]);
    harness.watermark(Number(year9999 + 1n));
    expect(harness.takeRows()).toHaveLength(1);
  });

  it.each([
    hop(7, 2),
    hop(10, 5),
    tumble(1),
    { kind: 'hop', sizeMicros: 2001, slideMicros: 1000, offsetMicros: 7 },
  ] as const)('slices of $kind agree with exact arithmetic', (window) => {
    const slices = new WindowSlices(window);
    for (const base of [2n ** 53n, -(2n ** 53n), year1600, year9999, -62_135_596_800_000_000n]) {
      for (let step = -3n; step <= 3n; step += 1n) {
        const time = base + (step * BigInt(second)) / 2n + step;
        const slice = slices.sliceOf(time);
        const [first, last] = [slices.firstWindow(slice), slices.lastWindow(slice)];
        expect(slices.start(last) <= time && slices.start(last + 1) > time).toBe(true);
        expect(slices.end(first) > time && slices.end(first - 1) <= time).toBe(true);
      }
    }
  });

  it('a time that has no number of its window is refused', () => {
    expect(() =>
      new WindowSlices({ kind: 'tumble', sizeMicros: 1, offsetMicros: 0 }).sliceOf(year9999),
    ).toThrow('too far away');
  });

  it('a watermark is never above the time that it stands for', () => {
    expect(watermarkMicros(1000, 400)).toBe(600);
    for (let offset = -40n; offset < 40n; offset += 1n) {
      for (const base of [2n ** 53n, -(2n ** 53n), year1600, year9999]) {
        const watermark = watermarkMicros(base + offset, 5);
        expect(BigInt(watermark) <= base + offset - 5n).toBe(true);
        expect(base + offset - 5n - BigInt(watermark) < 32n).toBe(true);
      }
    }
  });
});

describe('fault 1.1.2: months that lead out of 64 bits are an error, as days are', () => {
  const months = { kind: 'interval', unit: 'months' } as const;
  const moved = (time: bigint, by: bigint, name: 'add' | 'sub') => () =>
    evaluateConstant(callOf(name, timestampType, [constant(time, timestampType), constant(by, months)]));

  it.each([
    [0n, 300_000n * 12n, 'add'],
    [0n, 300_000n * 12n, 'sub'],
    [2n ** 62n, 300_000n * 12n, 'add'],
    [-(2n ** 62n), 300_000n * 12n, 'sub'],
  ] as const)('%s and %s months (%s)', (time, by, name) => {
    expect(moved(time, by, name)).toThrow(expect.objectContaining({ code: 'WEIR-2301' }) as Error);
  });

  it('what stays inside is exact', () => {
    expect(moved(year9999, 12n, 'sub')()).toBe(253_370_764_799_999_999n);
  });
});
