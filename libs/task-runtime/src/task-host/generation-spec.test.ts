import { readFileSync } from 'node:fs';
import { createOperator } from '@weir/operators/create-operator.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { subtasksOf } from '@weir/plan/physical-plan.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import type { StartTasksRequest } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { expect, test } from 'vitest';
import { OperatorChain } from '../record-path/operator-chain.ts';
import { exchangePlan, filterPlan } from '../testing/test-plans.ts';
import { readStartRequest } from './generation-spec.ts';

/** Plans of every kind of node and expression, as commit 8839beb wrote them. */
const saved = JSON.parse(
  readFileSync(new URL('../../../sql/src/golden/version-1/plans.json', import.meta.url), 'utf8'),
) as { plan: unknown }[];
const plans: readonly unknown[] = [filterPlan, exchangePlan, ...saved.map(({ plan }) => plan)];

function requestOf(planJson: string, changes: Partial<StartTasksRequest> = {}): StartTasksRequest {
  const subtasks = subtasksOf(filterPlan, 1);
  return {
    scope: { cluster: 'c', pipeline: 'p', pipelineId: 'i', generation: 1, incarnation: 'w' },
    planJson,
    parallelism: 1,
    keyGroups: 16,
    subtasks,
    placement: subtasks.map((subtask) => ({ subtask, incarnation: 'w', address: '127.0.0.1:1' })),
    baseJson: '',
    firstEpoch: 1,
    checkpointIntervalMs: 100,
    fetchBudgetBytes: 0n,
    ...changes,
  };
}

/** Generates the code of every operator of an accepted request, as a task does. */
function generate(request: StartTasksRequest): void {
  const { plan } = readStartRequest(request);
  const schemas = new Map(plan.exchanges.map((exchange) => [exchange.id, exchange]));
  for (const stage of plan.stages) new OperatorChain(stage, schemas, createOperator);
}

test('what a controller sends is read, and its operators are made', () => {
  for (const plan of plans) generate(requestOf(JSON.stringify(plan)));
});

const snapshot = { operator: 'o', stage: 's', subtask: 0, splits: {}, pieces: [] };

test.each<[string, Partial<StartTasksRequest>, string]>([
  ['no JSON', { planJson: '{' }, 'plan_json is no JSON'],
  ['a plan nested without end', { planJson: '['.repeat(50_000) + ']'.repeat(50_000) }, 'levels deep'],
  [
    'a key __proto__',
    { planJson: JSON.stringify(filterPlan).replace('"kind"', '"__proto__"') },
    "'__proto__'",
  ],
  ['a version of the future', { planJson: '{"formatVersion":3}' }, 'format version 3'],
  ['no plan', { planJson: '[]' }, 'format version'],
  ['snapshots that are none', { baseJson: '[{"operator":1}]' }, 'no list of snapshots'],
  ['snapshots of another type', { baseJson: '{}' }, 'no list of snapshots'],
  [
    'a snapshot with a negative length',
    { baseJson: JSON.stringify([{ ...snapshot, pieces: [{ bytes: -1 }] }]) },
    'no list of snapshots',
  ],
  [
    'splits with a key __proto__',
    { baseJson: JSON.stringify([snapshot]).replace('"splits":{}', '"splits":{"__proto__":{"a":{}}}') },
    "'__proto__'",
  ],
  ['parallelism without end', { parallelism: 4_000_000_000 }, 'parallelism 4000000000'],
  ['no parallelism', { parallelism: 0 }, 'parallelism 0'],
  ['key groups without end', { keyGroups: 4_000_000_000 }, '4000000000 key groups'],
  ['a subtask that is none', { subtasks: [{ stage: 's1', index: 7 }] }, 'no subtask s1/7'],
])('fault 1.2.1: StartTasks with %s is refused', (_, changes, why) => {
  expect(() => readStartRequest({ ...requestOf(JSON.stringify(filterPlan)), ...changes })).toThrow(
    expect.objectContaining({ code: 'WEIR-7240', message: expect.stringContaining(why) as string }),
  );
});

const injected = '0]; globalThis.harm = true; //';
const badValues: readonly unknown[] = [
  injected,
  `"); globalThis.harm = true; ("`,
  '${globalThis.harm = true}',
  '1',
  -1,
  0.5,
  1e300,
  1_000_000,
  null,
  true,
  {},
  [],
  [0, injected],
  { toString: injected },
  { constructor: { prototype: injected } },
];

/** All places of a value, as the objects that hold them and their names there. */
function placesOf(value: unknown, places: [Record<string, unknown>, string][] = []): typeof places {
  if (typeof value !== 'object' || value === null) return places;
  for (const key of Object.keys(value)) {
    places.push([value as Record<string, unknown>, key]);
    placesOf((value as Record<string, unknown>)[key], places);
  }
  return places;
}

/** Numbers in [0, 1) that a seed gives (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('fault 1.2.1: a plan whose JSON was changed anywhere is refused, or code is generated from it that is right', () => {
  const seed = Date.now() % 2 ** 31;
  const random = randomOf(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  let refused = 0;
  const versions = plans.flatMap((plan) => [plan, readPlan(JSON.parse(JSON.stringify(plan)))]);
  for (let round = 0; round < 3000; round += 1) {
    const copy: unknown = JSON.parse(JSON.stringify(pick(versions)));
    const places = placesOf(copy);
    const [holder, key] = pick(places);
    if (random() < 0.1) delete holder[key];
    else if (random() < 0.2) holder[key] = JSON.parse(JSON.stringify(pick(places)[0]));
    else holder[key] = pick(badValues);
    let error: unknown = null;
    try {
      generate(requestOf(JSON.stringify(copy)));
    } catch (thrown) {
      error = thrown;
    }
    if (error !== null) refused += 1;
    // Never the guard of generated code (WEIR-0004), nor an error that nobody wrote. How many operands a function has, and of which types,
    // is known where its code is made: WEIR-0001 says so there.
    const said = error instanceof WeirError ? error.code : String(error);
    expect([seed, round, key, said]).toEqual([
      seed,
      round,
      key,
      expect.stringMatching(/^(null|WEIR-(?!0004))/),
    ]);
    expect('harm' in globalThis).toBe(false);
  }
  expect(refused).toBeGreaterThan(1000);
});
