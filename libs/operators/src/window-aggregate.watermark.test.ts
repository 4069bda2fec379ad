import { describe, expect, it } from 'vitest';
import { aggregate, hop, second, tumble, windowHarness } from './testing/window-fixture.ts';

const at = (seconds: number): bigint => BigInt(Math.round(seconds * second));
const count = [aggregate('count', null)];

describe('window aggregate, watermarks', () => {
  it('fires a window when the watermark reaches its end, and passes the watermark on after its rows', () => {
    const harness = windowHarness({ window: tumble(10), aggregates: count });
    harness.rows([[at(1), 1n, 1n, null, null]]);
    harness.watermark(10 * second - 1);
    expect(harness.emitted).toEqual([{ kind: 'watermark', micros: 10 * second - 1 }]);
    harness.emitted.length = 0;
    harness.watermark(10 * second);
    expect(harness.emitted).toEqual([
      { kind: 'rows', rows: [[1n, 1n, at(0), at(10)]] },
      { kind: 'watermark', micros: 10 * second },
    ]);
  });

  it('drops and counts rows of windows that are past', () => {
    const harness = windowHarness({ window: tumble(10), aggregates: count });
    harness.watermark(10 * second);
    harness.rows([
      [at(9.999999), 1n, 1n, null, null],
      [at(10), 1n, 1n, null, null],
    ]);
    harness.watermark(Infinity);
    expect(harness.takeRows()).toEqual([[1n, 1n, at(10), at(20)]]);
    expect(harness.counters.get('late_rows')).toBe(1);
  });

  it('lets a row into the windows of a hop that are still open', () => {
    const harness = windowHarness({ window: hop(10, 5), aggregates: count });
    harness.watermark(10 * second);
    harness.rows([[at(7), 1n, 1n, null, null]]);
    harness.watermark(Infinity);
    expect(harness.takeRows()).toEqual([[1n, 1n, at(5), at(15)]]);
    expect(harness.counters.get('late_rows')).toBeUndefined();
  });

  it('counts rows without an event time', () => {
    const harness = windowHarness({ window: tumble(10), aggregates: count });
    harness.rows([[null, 1n, 1n, null, null]]);
    harness.watermark(Infinity);
    expect(harness.takeRows()).toEqual([]);
    expect(harness.counters.get('rows_without_event_time')).toBe(1);
  });

  it('ignores a watermark that goes back', () => {
    const harness = windowHarness({ window: tumble(10), aggregates: count });
    harness.watermark(20 * second);
    harness.watermark(10 * second);
    expect(harness.takeWatermarks()).toEqual([20 * second]);
  });
});
