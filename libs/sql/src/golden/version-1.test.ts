import { readFileSync } from 'node:fs';
import { present } from '@weir/kernel/assert.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { describe, expect, test } from 'vitest';
import { compileSql } from '../compile-sql.ts';
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
