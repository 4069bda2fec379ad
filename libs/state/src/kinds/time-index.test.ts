import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { describe, expect, it } from 'vitest';
import { TimeIndex } from './time-index.ts';

describe('time index against a map', () => {
  it.each([1, 2, 3, 4])(
    'what is due comes out, once and in order, whatever moved or went; seed %i',
    (seed) => {
      const random = new RandomRows(seed);
      const index = new TimeIndex();
      const dueAt = new Map<number, number>();
      let now = 0;
      for (let step = 0; step < 20_000; step += 1) {
        const slot = random.below(2000);
        const draw = random.next();
        if (draw < 0.5) {
          // A new record, or one that moves: later as sessions do, earlier too.
          const time = now + 1 + random.below(1000);
          dueAt.set(slot, time);
          index.add(slot, time);
        } else if (draw < 0.6) {
          dueAt.delete(slot);
          index.remove(slot);
        } else if (draw < 0.65) {
          now += random.below(300);
          const expected = [...dueAt].filter(([, time]) => time <= now).map(([due]) => due);
          const out: number[] = [];
          for (;;) {
            const due = index.pop(now, (asked) => dueAt.get(asked) ?? NaN);
            if (due < 0) break;
            out.push(due);
            dueAt.delete(due);
          }
          expect(out.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
          expect(index.earliest).toBeGreaterThan(now);
        }
      }
      while (index.pop(Infinity, (asked) => dueAt.get(asked) ?? NaN) >= 0);
      expect([index.size, index.earliest]).toEqual([0, Infinity]);
    },
  );

  it('gives what is due in the order of the times', () => {
    const index = new TimeIndex();
    const random = new RandomRows(7);
    const times = Array.from({ length: 5000 }, () => random.next());
    times.forEach((time, slot) => index.add(slot, time));
    const out: number[] = [];
    for (
      let slot = index.pop(1, (asked) => times[asked]!);
      slot >= 0;
      slot = index.pop(1, (a) => times[a]!)
    ) {
      out.push(times[slot]!);
    }
    expect(out).toEqual(times.toSorted((a, b) => a - b));
  });
});
