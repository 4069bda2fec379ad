import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { appendMode, type ChangeMode } from './change-mode.ts';
import { checkPlan } from './check-plan.ts';
import type { OperatorInput, OperatorNode, PhysicalPlan, PlannedOperator } from './physical-plan.ts';
import { rejectedSchema } from './rejected-schema.ts';
import { sinkNode, sourceNode } from './testing/table-node.ts';

const schema: Schema = {
  fields: ['id', 'n'].map((name) => ({ name, type: bigintType, nullable: false })),
};
const table = { table: 't', connector: 'fake', options: {}, schema };
const upsert: ChangeMode = { kind: 'upsert', key: [0] };
const retract: ChangeMode = { kind: 'retract', key: [0] };
const column = (index: number) => ({ kind: 'column', index, type: bigintType, nullable: false }) as const;
const both = [column(0), column(1)];
const always = { kind: 'literal', value: true, type: { kind: 'boolean' }, nullable: false } as const;
const window = { kind: 'tumble', sizeMicros: 1000, offsetMicros: 0 } as const;
const local = (operator: string): OperatorInput => ({ kind: 'local', operator });

function operator(
  id: string,
  node: OperatorNode,
  inputs: readonly OperatorInput[],
  changes: ChangeMode = appendMode,
): PlannedOperator {
  const keys = changes.kind === 'append' || changes.key === null ? [] : [changes.key];
  return { id, title: id, node, inputs, output: schema, changes, keys };
}

/** A source of these changes -> a node -> a sink that takes anything. */
function chain(
  from: ChangeMode,
  node: OperatorNode,
  gives: ChangeMode,
  sink: Partial<ReturnType<typeof sinkNode>> = { changes: 'any' },
): PhysicalPlan {
  return {
    formatVersion: 2,
    stages: [
      {
        id: 's',
        operators: [
          operator('source', { ...sourceNode(table), changes: from.kind, primaryKey: [0] }, [], from),
          operator('node', node, [local('source')], gives),
          operator('sink', { ...sinkNode(table), ...sink }, [local('node')], gives),
        ],
      },
    ],
    exchanges: [],
    settings: {},
    formats: {},
  };
}

const pass: OperatorNode = { kind: 'calc', condition: null, projections: both };
const filter: OperatorNode = { kind: 'calc', condition: always, projections: both };

test.each([
  ['inserts', chain(appendMode, filter, appendMode)],
  ['an upsert that is passed on', chain(upsert, pass, upsert)],
  ['a filter over old and new rows', chain(retract, filter, retract)],
  ['an upsert into its table', chain(upsert, pass, upsert, { changes: 'upsert', primaryKey: [0] })],
])('%s', (_, plan) => {
  expect(() => checkPlan(plan)).not.toThrow();
});

const source = operator('source', sourceNode(table), []);
const deadLetters = (from: string, output = rejectedSchema): PlannedOperator => ({
  ...operator('dead', sinkNode({ ...table, schema: output }), [
    { kind: 'local', operator: from, output: 'rejected' },
  ]),
  output,
});
const oneStage = (...operators: PlannedOperator[]): PhysicalPlan => ({
  ...chain(appendMode, pass, appendMode),
  stages: [{ id: 's', operators }],
});

test('D1: a sink of what a source rejects', () => {
  expect(() => checkPlan(oneStage(source, deadLetters('source')))).not.toThrow();
});

test.each<[string, PhysicalPlan, RegExp]>([
  [
    'rejected records of what is no source',
    oneStage(source, operator('node', pass, [local('source')]), deadLetters('node')),
    /it reads the output 'rejected', which its input does not make/,
  ],
  [
    'rejected records in other columns',
    oneStage(source, deadLetters('source', schema)),
    /its columns are not its input's/,
  ],
  ['a mode that does not follow', chain(retract, pass, appendMode), /takes retract and can't give append/],
  ['a filter over an upsert', chain(upsert, filter, upsert), /it filters an upsert/],
  [
    'a key that the projection does not keep',
    chain(retract, { kind: 'calc', condition: null, projections: [column(1), column(1)] }, retract),
    /its keys are not made of/,
  ],
  ['a union of upserts', chain(upsert, { kind: 'union' }, upsert), /mix the keys/],
  ['a union that keeps a key', chain(retract, { kind: 'union' }, retract), /it gives retract/],
  [
    'updates into a window',
    chain(retract, { kind: 'window_aggregate', window, eventTime: 0, keys: [], aggregates: [] }, appendMode),
    /takes inserts only/,
  ],
  [
    'updates into a table of inserts',
    chain(retract, pass, retract, { changes: 'append' }),
    /'sink' \(sink\): its table takes append, it is given retract/,
  ],
  [
    'an upsert by another key than the table has',
    chain(upsert, pass, upsert, { changes: 'upsert', primaryKey: [1] }),
    /not the primary key/,
  ],
  [
    'an expression over a column that is not there',
    chain(appendMode, { ...pass, condition: column(7) } as OperatorNode, appendMode),
    /no column 7/,
  ],
  [
    'an index that is no number',
    chain(
      appendMode,
      { ...pass, condition: column('0;process.exit()' as unknown as number) } as OperatorNode,
      appendMode,
    ),
    /no column 0;process/,
  ],
  [
    'an input that stands behind',
    oneStage(operator('node', pass, [local('source')]), source),
    /does not stand before/,
  ],
  ['two operators of one id', oneStage(source, source), /two of its id/],
  [
    'an exchange that is not there',
    oneStage(source, operator('node', pass, [{ kind: 'exchange', exchange: 'x' }])),
    /no exchange x/,
  ],
  [
    'an output that nobody makes',
    oneStage(source, operator('node', pass, [{ kind: 'local', operator: 'source', output: 'late' }])),
    /the output 'late'/,
  ],
  ['a key beyond the columns', oneStage({ ...source, keys: [[5]] }), /no column 5/],
  [
    'a format of nobody',
    { ...chain(appendMode, pass, appendMode), formats: { node: { value: null, key: null } } },
    /no source or sink/,
  ],
])('%s is told with its operator', (_, plan, message) => {
  expect(() => checkPlan(plan)).toThrow(message);
});

test('an exchange must not lose the order of an upsert', () => {
  const plan = chain(upsert, pass, upsert);
  const [source, node, sink] = plan.stages[0]?.operators ?? [];
  if (source === undefined || node === undefined || sink === undefined) throw new Error('no operators');
  const parted = (columns: readonly number[]): PhysicalPlan => ({
    ...plan,
    stages: [
      { id: 'a', operators: [source] },
      { id: 'b', operators: [{ ...node, inputs: [{ kind: 'exchange', exchange: 'x' }] }, sink] },
    ],
    exchanges: [
      {
        id: 'x',
        from: { stage: 'a', operator: 'source' },
        to: { stage: 'b', operator: 'node', input: 0 },
        partitioning: { kind: 'hash', columns },
        schema,
        changes: upsert,
        keys: [[0]],
      },
    ],
  });
  expect(() => checkPlan(parted([0]))).not.toThrow();
  expect(() => checkPlan(parted([]))).not.toThrow();
  expect(() => checkPlan(parted([1]))).toThrow(/the order of changes would be lost/);
});
