import { rowKind } from '@weir/columnar/batch.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import type { SourceChanges } from '@weir/plan/change-mode.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';
import type { Change, History } from './run-plan.ts';

/** What happens to a table in some batches, as its changes tell it, and the rows that stand in the end. */
export function randomHistory(
  random: SeededRandom,
  changes: SourceChanges,
): { readonly history: History; readonly final: readonly PlainRow[] } {
  const standing = new Map<bigint, PlainRow>();
  const history = Array.from({ length: random.integer(1, 5) }, () =>
    Array.from({ length: random.integer(1, 6) }, () => nextChanges(random, changes, standing)).flat(),
  );
  return { history: history.filter((batch) => batch.length > 0), final: [...standing.values()] };
}

function nextChanges(
  random: SeededRandom,
  changes: SourceChanges,
  standing: Map<bigint, PlainRow>,
): readonly Change[] {
  const known = [...standing.keys()];
  const row = (id: bigint): PlainRow => [id, BigInt(random.integer(0, 3)), BigInt(random.integer(0, 7))];
  if (known.length === 0 || changes === 'append' || random.chance(0.4)) {
    const id = BigInt(standing.size === 0 ? 0 : Number(known.reduce((a, b) => (a > b ? a : b))) + 1);
    const added = row(id);
    standing.set(id, added);
    return [[rowKind.insert, added]];
  }
  const id = random.pick(known);
  const before = standing.get(id) ?? row(id);
  if (random.chance(0.3)) {
    standing.delete(id);
    // Of a delete in an upsert only the key counts.
    return [[rowKind.delete, changes === 'upsert' ? [id, 99n, 99n] : before]];
  }
  const after = row(id);
  standing.set(id, after);
  if (changes === 'upsert') return [[random.pick([rowKind.insert, rowKind.updateAfter]), after]];
  return [
    [rowKind.updateBefore, before],
    [rowKind.updateAfter, after],
  ];
}
