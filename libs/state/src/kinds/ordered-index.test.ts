import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { describe, expect, it } from 'vitest';
import { OrderedIndex } from './ordered-index.ts';

interface Entry {
  readonly group: number;
  readonly key: number;
  readonly slot: number;
  /** What the record says where keys are equal. */
  readonly tie: number;
}

const inOrder = (a: Entry, b: Entry): number => a.group - b.group || a.key - b.key || a.tie - b.tie;

describe('ordered index against a sorted list', () => {
  it.each([1, 2, 3, 4, 5, 6])('seed %i', (seed) => {
    const random = new RandomRows(seed);
    const groups = random.pick([1, 5, 400]);
    const keys = random.pick([3, 50, 1e9]);
    const bySlot = new Map<number, Entry>();
    const index = new OrderedIndex((a, b) => bySlot.get(a)!.tie - bySlot.get(b)!.tie);
    const free: number[] = [];
    let slots = 0;
    const newEntry = (): Entry => {
      const slot = free.pop() ?? slots++;
      const ascending = seed % 3 === 0;
      const key = ascending ? slots : random.below(keys) - keys / 2;
      return { group: random.below(groups), key, slot, tie: random.next() };
    };
    const check = (): void => {
      const sorted = [...bySlot.values()].toSorted(inOrder);
      expect(index.count).toBe(sorted.length);
      for (let group = 0; group < groups; group += 1) {
        const mine = sorted.filter((entry) => entry.group === group).map(({ slot }) => slot);
        const found: number[] = [];
        index.forEach(group, (slot) => found.push(slot) > 0);
        expect(found).toEqual(mine);
        expect([index.first(group), index.last(group)]).toEqual([mine[0] ?? -1, mine.at(-1) ?? -1]);
      }
      for (let times = 0; times < 50 && sorted.length > 0; times += 1) {
        const at = random.below(sorted.length);
        const { group, key, slot } = sorted[at]!;
        const beside = (by: number): number => {
          const other = sorted[at + by];
          return other?.group === group ? other.slot : -1;
        };
        expect(index.after(group, key, slot)).toBe(beside(1));
        expect(index.before(group, key, slot)).toBe(beside(-1));
      }
    };
    for (let step = 0; step < 20_000; step += 1) {
      // It grows, then shrinks to nothing.
      if (random.next() < (step < 12_000 ? 0.75 : 0.05)) {
        const entry = newEntry();
        bySlot.set(entry.slot, entry);
        index.insert(entry.group, entry.key, entry.slot);
      } else if (bySlot.size > 0) {
        const some = [...bySlot.keys()].slice(0, 40);
        const entry = bySlot.get(random.pick(some))!;
        index.remove(entry.group, entry.key, entry.slot);
        bySlot.delete(entry.slot);
        free.push(entry.slot);
      }
      if (step % 4000 === 0) check();
    }
    check();
    const sorted = [...bySlot.values()].toSorted(inOrder);
    const built = new OrderedIndex((a, b) => bySlot.get(a)!.tie - bySlot.get(b)!.tie);
    built.build(
      Int32Array.from(sorted, ({ group }) => group),
      Float64Array.from(sorted, ({ key }) => key),
      Int32Array.from(sorted, ({ slot }) => slot),
    );
    for (const { group, key, slot } of sorted) built.remove(group, key, slot);
    expect(built.count).toBe(0);
  });
});
