import { describe, expect, it } from 'vitest';
import { ChangedSlots } from './changed-slots.ts';

describe('what a snapshot has to write', () => {
  const cases: [string, number, number[], { from: number; to: number }, number][] = [
    ['nothing', 100, [], { from: 0, to: 0 }, 100],
    ['what is marked, once and ascending', 100, [99, 0, 31, 32, 33, 63, 64, 31], { from: 0, to: 0 }, 100],
    ['a sweep over marked slots', 200, [5, 40, 63, 64, 65, 199], { from: 40, to: 65 }, 200],
    ['a sweep that ends within a word', 96, [10, 33, 34, 50, 95], { from: 33, to: 34 }, 96],
    ['a sweep of all', 70, [1, 69], { from: 0, to: 70 }, 70],
    ['new slots, which need no mark', 64, [3, 64, 70], { from: 0, to: 0 }, 72],
    ['all of a store that is in no piece yet', 0, [0, 2], { from: 0, to: 0 }, 3],
  ];

  it.each(cases)('%s', (_name, clean, marked, swept, live) => {
    const one = new ChangedSlots();
    const all = new ChangedSlots();
    for (const changed of [one, all]) changed.allClean(clean);
    for (const slot of marked) one.mark(slot);
    all.markAll(Int32Array.from(marked), marked.length);
    const below = new Set(marked.filter((slot) => slot < clean));
    const expected = Array.from({ length: live }, (_, slot) => slot).filter(
      (slot) => below.has(slot) || slot >= clean || (slot >= swept.from && slot < swept.to),
    );
    for (const changed of [one, all]) {
      expect(changed.count).toBe(below.size);
      expect([...changed.toWrite(swept, live)]).toEqual(expected);
      changed.allClean(live);
      expect([...changed.toWrite({ from: 0, to: 0 }, live)]).toEqual([]);
    }
  });

  it('goes on to count when the store has grown', () => {
    const changed = new ChangedSlots();
    changed.allClean(10);
    changed.mark(9);
    changed.allClean(5000);
    changed.mark(4999);
    changed.mark(9);
    expect([...changed.toWrite({ from: 0, to: 0 }, 5001)]).toEqual([9, 4999, 5000]);
  });
});
