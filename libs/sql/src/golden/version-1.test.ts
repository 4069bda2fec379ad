import { readFileSync } from 'node:fs';
import { present } from '@weir/kernel/assert.ts';
import { checkPlan } from '@weir/plan/check-plan.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import { describe, expect, test } from 'vitest';
import { compileSql } from '../compile-sql.ts';
import { explainPlan } from '../explain/explain-plan.ts';
import { testCatalog } from '../testing/test-catalog.ts';

/*
 * version-1/plans.json: texts and the plans that commit 8839beb made of them. Never written anew: state and transactional ids of
 * pipelines that are out there hang on the ids in them.
 */
interface Kept {
  readonly name: string;
  readonly sql: string;
  readonly plan: Pick<PhysicalPlan, 'stages' | 'exchanges'>;
}

const kept = JSON.parse(
  readFileSync(new URL('version-1/plans.json', import.meta.url), 'utf8'),
) as readonly Kept[];

function idsOf({ stages, exchanges }: Kept['plan']) {
  return {
    stages: stages.map(({ id, operators }) => ({ id, operators: operators.map((operator) => operator.id) })),
    exchanges: exchanges.map(({ id }) => id),
  };
}

describe('a text compiles to the ids that it had in version 1', () => {
  test.each(kept.map((each) => [each.name, each] as const))('%s', async (_, { sql, plan }) => {
    const compiled = present((await compileSql(sql, { connectors: testCatalog })).plan, 'a plan');
    expect(idsOf(compiled)).toEqual(idsOf(plan));
  });
});

describe('a plan of version 1 is read: the same operators, all edges append-only', () => {
  test.each(kept.map((each) => [each.name, each] as const))('%s', async (_, { sql, plan }) => {
    const read = readPlan(plan);
    checkPlan(read);
    expect(idsOf(read)).toEqual(idsOf(plan));
    const compiled = present((await compileSql(sql, { connectors: testCatalog })).plan, 'a plan');
    expect(explainPlan(read)).toBe(explainPlan(compiled));
  });
});

test('a plan of a version that is not known is refused', () => {
  expect(() => readPlan({ formatVersion: 3 })).toThrow(/format version 3, this Weir reads 1 and 2/);
  expect(() => readPlan(null)).toThrow(/format version/);
});
