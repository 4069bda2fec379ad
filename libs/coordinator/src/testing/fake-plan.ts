import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import { appendMode } from '@weir/plan/change-mode.ts';
import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';

const schema: Schema = { fields: [{ name: 'n', type: bigintType, nullable: false }] };

/** Reads the table `numbers`, writes the table `results`: two stages with an exchange between them. */
export const fakePlan: PhysicalPlan = {
  formatVersion: 2,
  settings: {},
  formats: {},
  stages: [
    {
      id: 's0',
      operators: [
        {
          id: 'src',
          title: 'numbers',
          inputs: [],
          output: schema,
          changes: appendMode,
          keys: [],
          node: sourceNode({ table: 'numbers', connector: 'fake', options: {}, schema }),
        },
      ],
    },
    {
      id: 's1',
      operators: [
        {
          id: 'snk',
          title: 'results',
          inputs: [{ kind: 'exchange', exchange: 'x' }],
          output: schema,
          changes: appendMode,
          keys: [],
          node: sinkNode({ table: 'results', connector: 'fake', options: {}, schema }),
        },
      ],
    },
  ],
  exchanges: [
    {
      id: 'x',
      from: { stage: 's0', operator: 'src' },
      to: { stage: 's1', operator: 'snk', input: 0 },
      partitioning: { kind: 'hash', columns: [0] },
      schema,
      changes: appendMode,
      keys: [],
    },
  ],
};
