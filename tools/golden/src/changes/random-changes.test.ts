import { checkPlan } from '@weir/plan/check-plan.ts';
import { rowKind } from '@weir/columnar/batch.ts';
import type { LogicalNode, LogicalSink, ScanNode } from '@weir/sql/logical/nodes.ts';
import { planStages } from '@weir/sql/physical/plan-stages.ts';
import { nodesInOrder } from '@weir/sql/rewrite/graph.ts';
import { expect, test } from 'vitest';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { appendOnly, randomGraph } from './random-graph.ts';
import { randomHistory } from './random-history.ts';
import { PlanRun } from './run-plan.ts';

const runs = 1500;
const isScan = (node: LogicalNode): node is ScanNode => node.kind === 'scan';

/** The plan, or null where it was refused. */
function planOf(sinks: readonly LogicalSink[]) {
  const refusals: string[] = [];
  const plan = planStages(sinks, {}, ({ code }) => void refusals.push(code));
  if (refusals.length === 0) checkPlan(plan);
  return { plan: refusals.length === 0 ? plan : null, refusals };
}

/** A table that is written by its key holds one of the rows of each: which one is not said where there are several. */
function oneOfEachKey(
  key: readonly number[],
  all: readonly string[] = [],
  held: readonly string[] = [],
): string[] {
  const keyOf = (row: string): string => key.map((column) => row.split('|')[column]).join('|');
  const chosen = new Map(all.map((row) => [keyOf(row), row]));
  for (const row of held) if (all.includes(row)) chosen.set(keyOf(row), row);
  return [...chosen.values()].toSorted();
}

/*
 * What random graphs over tables that are updated leave in their sinks is what the same graphs make of the rows that stand in the end;
 * and on the way every edge keeps to what the plan says of it (edge-check.ts).
 */
test('updates through a graph come to what it makes of the rows that are left', () => {
  const told = new Map<string, number>();
  let accepted = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const random = new SeededRandom(seed);
    const sinks = randomGraph(random);
    const { plan, refusals } = planOf(sinks);
    for (const code of refusals) told.set(code, (told.get(code) ?? 0) + 1);
    if (plan === null) continue;
    accepted += 1;
    const updated = new PlanRun(plan);
    const grown = new PlanRun(planOf(appendOnly(sinks)).plan ?? plan);
    const scans = nodesInOrder(sinks).filter(isScan);
    const histories = scans.map((scan) => ({ scan, ...randomHistory(random, scan.changes) }));
    for (const { scan, final } of histories)
      if (final.length > 0)
        grown.read(
          scan.access.table,
          final.map((row) => [rowKind.insert, row]),
        );
    const waiting = histories.map(({ scan, history }) => ({
      table: scan.access.table,
      batches: [...history],
    }));
    while (waiting.some(({ batches }) => batches.length > 0)) {
      const { table, batches } = random.pick(waiting);
      const next = batches.shift();
      if (next !== undefined) updated.read(table, next);
    }
    const rows = updated.rowsOf();
    const expected = grown.rowsOf();
    for (const [title, key] of updated.keys)
      expected.set(title, oneOfEachKey(key, expected.get(title), rows.get(title)));
    expect({ seed, rows }).toEqual({ seed, rows: expected });
  }
  // Both happen, so that neither is only said to be right.
  expect(accepted).toBeGreaterThan(runs / 5);
  expect([...told.keys()].toSorted()).toEqual(['WEIR-1601']);
});
