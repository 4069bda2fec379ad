import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { appendMode } from './change-mode.ts';
import type { Expression } from './expression.ts';
import type { OperatorInput, OperatorNode, PhysicalPlan, PlannedOperator } from './physical-plan.ts';
import { readPlan } from './read-plan.ts';
import { sinkNode, sourceNode } from './testing/table-node.ts';

const schema: Schema = { fields: [{ name: 'n', type: bigintType, nullable: false }] };
const column: Expression = { kind: 'column', index: 0, type: bigintType, nullable: false };
const table = { table: 't', connector: 'fake', options: {}, schema };
const local = (operator: string): OperatorInput => ({ kind: 'local', operator });
const operator = (id: string, node: OperatorNode, inputs: readonly OperatorInput[]): PlannedOperator => {
  return { id, title: id, node, inputs, output: schema, changes: appendMode, keys: [] };
};

const plan: PhysicalPlan = {
  formatVersion: 2,
  stages: [
    {
      id: 's',
      operators: [
        operator('source', sourceNode(table), []),
        operator('calc', { kind: 'calc', condition: null, projections: [column] }, [local('source')]),
        operator('sink', sinkNode(table), [local('calc')]),
      ],
    },
  ],
  exchanges: [],
  settings: {},
  formats: {},
};

/** The plan's JSON with the value at a path replaced. */
function changed(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(plan)) as Record<string, unknown>;
  const names = path.split('/');
  const last = names.pop() ?? '';
  let at: Record<string, unknown> = copy;
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return copy;
}

const calc = 'stages/0/operators/1/node';
const deep = (levels: number): unknown => {
  let value: Expression = column;
  for (let level = 0; level < levels; level += 1)
    value = { kind: 'cast', argument: value, safe: false, type: bigintType, nullable: false };
  return value;
};

test('a plan is read as it is, through JSON', () => {
  const again: unknown = JSON.parse(JSON.stringify(plan));
  expect(readPlan(again)).toEqual(plan);
  expect(readPlan(changed(`${calc}/projections`, [deep(100)]))).toBeDefined();
});

test.each([
  ['an index as a text', `${calc}/projections/0/index`, '0]; globalThis.harm = 1; //', 'must be integer'],
  ['a negative index', `${calc}/projections/0/index`, -1, 'must be >= 0'],
  ['a fraction', `${calc}/projections/0/index`, 0.5, 'must be integer'],
  ['an index that is a list', `${calc}/projections/0/index`, [0], 'must be integer'],
  ['bits as a text', `${calc}/projections/0/type/bits`, '64', 'must be equal to one of the allowed values'],
  ['an unknown type', `${calc}/projections/0/type`, { kind: 'bigint' }, 'is of an unknown kind'],
  ['an unknown expression', `${calc}/projections/0`, { kind: 'code', text: 'x' }, 'is of an unknown kind'],
  ['an unknown node', calc, { kind: 'script' }, 'is of an unknown kind'],
  ['a property too many', `${calc}/code`, 'x', "additional properties: 'code'"],
  ['a property too few', `${calc}/projections/0`, { kind: 'column', index: 0, type: bigintType }, 'nullable'],
  ['no list', `${calc}/projections`, { 0: column, length: 1 }, 'must be array'],
  [
    'a huge list',
    `${calc}/projections`,
    Array.from({ length: 20_001 }, () => column),
    'must NOT have more than',
  ],
  [
    'a window without a length',
    calc,
    { kind: 'window_assign', window: { kind: 'tumble', sizeMicros: 0, offsetMicros: 0 }, eventTime: 0 },
    'must be >= 1',
  ],
  ['an option that is no text', 'stages/0/operators/0/node/options', { topic: { x: 1 } }, 'must be string'],
  [
    'a function as an object',
    `${calc}/projections/0`,
    { kind: 'call', function: {}, arguments: [], type: bigintType, nullable: true },
    'must be string',
  ],
  ['stages of a wrong type', 'stages', 'x', 'must be array'],
  ['settings of a wrong type', 'settings/parallelism', '2', 'must be integer'],
])('fault 1.2.1: %s is refused, with its place', (_, path, value, why) => {
  expect(() => readPlan(changed(path, value))).toThrow(
    expect.objectContaining({ code: 'WEIR-2315', message: expect.stringContaining(why) as string }),
  );
  const place = path.split('/').slice(0, 1).join('/');
  expect(() => readPlan(changed(path, value))).toThrow(`/${place}`);
});

test('a plan of version 1 has a shape of its own', () => {
  const { formats: _, ...rest } = plan;
  expect(() => readPlan({ ...rest, formatVersion: 1 })).toThrow(/additional properties/);
  expect(() => readPlan({ formatVersion: 1, stages: [], exchanges: [] })).toThrow(/settings/);
  expect(readPlan({ formatVersion: 1, stages: [], exchanges: [], settings: {} })).toMatchObject({
    formatVersion: 2,
  });
});
