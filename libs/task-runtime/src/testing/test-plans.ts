import { bigintType, textType, timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import { appendMode } from '@weir/plan/change-mode.ts';
import { deadLetterTable, rejectedSchema } from '@weir/plan/rejected-schema.ts';
import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { OperatorInput, OperatorNode, PhysicalPlan, PlannedOperator } from '@weir/plan/physical-plan.ts';

/** Rows of the fake table: key, time (microseconds), note. */
export const rowSchema: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: false },
    { name: 'at', type: timestampType, nullable: false },
    { name: 'note', type: textType, nullable: false },
  ],
  eventTime: 1,
};

const options = { 'json.timestamp_format': 'unix_micros' };
const table = { table: 't', connector: 'fake', options, schema: rowSchema };
const columns = rowSchema.fields.map(({ type }, index): Expression => {
  return { kind: 'column', index, type, nullable: false };
});

const local = (operator: string): OperatorInput => ({ kind: 'local', operator });

function operator(id: string, node: OperatorNode, inputs: readonly OperatorInput[]): PlannedOperator {
  return { id, title: id, node, inputs, output: rowSchema, changes: appendMode, keys: [] };
}

const source = operator('source', sourceNode(table), []);
/** Keeps rows with key >= 0. */
const filter = operator(
  'filter',
  {
    kind: 'calc',
    condition: {
      kind: 'call',
      function: 'ge',
      arguments: [
        columns[0] as Expression,
        { kind: 'literal', value: '0', type: bigintType, nullable: false },
      ],
      type: { kind: 'boolean' },
      nullable: false,
    },
    projections: columns,
  },
  [local('source')],
);
const watermark = (idleTimeMs: number) =>
  operator(
    'watermark',
    { kind: 'watermark', eventTime: 1, expression: columns[1] as Expression, delayMicros: 0, idleTimeMs },
    [local('source')],
  );

/** source -> filter -> sink, in one stage. */
export const filterPlan: PhysicalPlan = {
  formatVersion: 2,
  stages: [
    {
      id: 's1',
      operators: [source, filter, operator('sink', sinkNode(table), [local('filter')])],
    },
  ],
  exchanges: [],
  settings: {},
  formats: {},
};

/** filterPlan, of whose source the rejected records have a sink of their own. */
export const deadLetterPlan: PhysicalPlan = {
  ...filterPlan,
  stages: filterPlan.stages.map(({ id, operators }) => ({
    id,
    operators: [
      ...operators,
      {
        ...operator('dead', sinkNode({ ...table, table: deadLetterTable('t'), schema: rejectedSchema }), [
          { kind: 'local', operator: 'source', output: 'rejected' },
        ]),
        output: rejectedSchema,
      },
    ],
  })),
};

/** source -> watermark =hash by key=> union -> sink, in two stages. */
export const exchangePlan: PhysicalPlan = {
  formatVersion: 2,
  stages: [
    { id: 's1', operators: [source, watermark(50)] },
    {
      id: 's2',
      operators: [
        operator('union', { kind: 'union' }, [{ kind: 'exchange', exchange: 'x1' }]),
        operator('sink', sinkNode(table), [local('union')]),
      ],
    },
  ],
  exchanges: [
    {
      id: 'x1',
      from: { stage: 's1', operator: 'watermark' },
      to: { stage: 's2', operator: 'union', input: 0 },
      partitioning: { kind: 'hash', columns: [0] },
      schema: rowSchema,
      changes: appendMode,
      keys: [],
    },
  ],
  settings: {},
  formats: {},
};

const countSchema: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: false },
    { name: 'count', type: bigintType, nullable: false },
    { name: 'window_start', type: timestampType, nullable: false },
    { name: 'window_end', type: timestampType, nullable: false },
  ],
};
const countTable = { ...table, schema: countSchema };

/**
 * source -> watermark =hash by key=> count by key in windows of 1 s -> sink. No partition becomes idle: on a busy machine those of one subtask did
 * before its first rows came, and were late behind another's.
 */
export const countPlan: PhysicalPlan = {
  ...exchangePlan,
  stages: [
    { id: 's1', operators: [source, watermark(3_600_000)] },
    {
      id: 's2',
      operators: [
        {
          ...operator(
            'count',
            {
              kind: 'window_aggregate',
              window: { kind: 'tumble', sizeMicros: 1_000_000, offsetMicros: 0 },
              eventTime: 1,
              keys: [0],
              aggregates: [
                { function: 'count', argument: null, filter: null, type: bigintType, argumentType: null },
              ],
            },
            [{ kind: 'exchange', exchange: 'x1' }],
          ),
          output: countSchema,
        },
        { ...operator('sink', sinkNode(countTable), [local('count')]), output: countSchema },
      ],
    },
  ],
  exchanges: exchangePlan.exchanges.map((exchange) => {
    return { ...exchange, to: { stage: 's2', operator: 'count', input: 0 } };
  }),
};
