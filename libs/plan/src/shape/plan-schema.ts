import type { ChangeMode } from '../change-mode.ts';
import { calcSchema } from '../nodes/calc-schema.ts';
import { regularJoinSchema } from '../nodes/regular-join-schema.ts';
import { groupAggregateSchema } from '../nodes/group-aggregate-schema.ts';
import { materializeSchema } from '../nodes/materialize-schema.ts';
import { normalizeSchema } from '../nodes/normalize-schema.ts';
import { overSchema } from '../nodes/over-schema.ts';
import { sinkSchema } from '../nodes/sink-schema.ts';
import { sourceSchema } from '../nodes/source-schema.ts';
import { timeBoundedJoinSchema } from '../nodes/time-bounded-join-schema.ts';
import { topNSchema } from '../nodes/top-n-schema.ts';
import { unionSchema } from '../nodes/union-schema.ts';
import { unnestSchema } from '../nodes/unnest-schema.ts';
import { watermarkSchema } from '../nodes/watermark-schema.ts';
import { windowAggregateSchema } from '../nodes/window-aggregate-schema.ts';
import { windowAssignSchema } from '../nodes/window-assign-schema.ts';
import type {
  Exchange,
  OperatorInput,
  OperatorNode,
  PhysicalPlan,
  PlannedOperator,
  PlanSettings,
  Stage,
} from '../physical-plan.ts';
import { expressionDefinition } from './expression-schema.ts';
import {
  byKind,
  count,
  index,
  indexes,
  listOf,
  name,
  shapeOf,
  only,
  orNull,
  ref,
  text,
  texts,
  type ShapeSchema,
} from './shape-schema.ts';
import { pinnedFormatsSchema } from './pinned-formats-schema.ts';
import { typeDefinitions } from './sql-type-schema.ts';

type InputOf<K extends OperatorInput['kind']> = Extract<OperatorInput, { readonly kind: K }>;
type ChangesOf<K extends ChangeMode['kind']> = Extract<ChangeMode, { readonly kind: K }>;
type PartitioningOf<K> = Extract<Exchange['partitioning'], { readonly kind: K }>;

const nodes: { readonly [K in OperatorNode['kind']]: ShapeSchema } = {
  source: sourceSchema,
  calc: calcSchema,
  watermark: watermarkSchema,
  window_assign: windowAssignSchema,
  window_aggregate: windowAggregateSchema,
  group_aggregate: groupAggregateSchema,
  normalize: normalizeSchema,
  materialize: materializeSchema,
  time_bounded_join: timeBoundedJoinSchema,
  regular_join: regularJoinSchema,
  over: overSchema,
  top_n: topNSchema,
  unnest: unnestSchema,
  union: unionSchema,
  sink: sinkSchema,
};

const changes = byKind([
  shapeOf<ChangesOf<'append'>>({ kind: only('append') }),
  shapeOf<ChangesOf<'upsert'>>({ kind: only('upsert'), key: indexes }),
  shapeOf<ChangesOf<'retract'>>({ kind: only('retract'), key: orNull(indexes) }),
]);

const inputs = listOf(
  byKind([
    shapeOf<InputOf<'local'>>(
      { kind: only('local'), operator: name, output: only('rows', 'rejected', 'late') },
      ['output'],
    ),
    shapeOf<InputOf<'exchange'>>({ kind: only('exchange'), exchange: name }),
  ]),
);

const partitioning = byKind([
  shapeOf<PartitioningOf<'hash'>>({ kind: only('hash'), columns: indexes }),
  shapeOf<PartitioningOf<'forward'>>({ kind: only('forward') }),
]);

const operator = { id: name, title: text, inputs, output: ref('schema') };
const exchange = {
  id: name,
  from: shapeOf<Exchange['from']>({ stage: name, operator: name }),
  to: shapeOf<Exchange['to']>({ stage: name, operator: name, input: index }),
  partitioning,
  schema: ref('schema'),
};
const edge = { changes, keys: listOf(indexes) };
const settings = shapeOf<PlanSettings>(
  { parallelism: count, checkpointIntervalMs: count, keyGroups: count, updatingTtlMs: count },
  ['parallelism', 'checkpointIntervalMs', 'keyGroups', 'updatingTtlMs'],
);

/** What `$ref`s of all these schemas mean. */
const $defs: ShapeSchema = { ...typeDefinitions, expression: expressionDefinition };

export const planSchema: ShapeSchema = {
  $defs,
  ...shapeOf<PhysicalPlan>({
    formatVersion: only(2),
    stages: listOf(
      shapeOf<Stage>({
        id: name,
        operators: listOf(
          shapeOf<PlannedOperator>({ ...operator, ...edge, node: byKind(Object.values(nodes)) }),
        ),
      }),
    ),
    exchanges: listOf(shapeOf<Exchange>({ ...exchange, ...edge })),
    settings,
    formats: { type: 'object', additionalProperties: pinnedFormatsSchema },
  }),
};

/** Sources and sinks of version 1 had their options in one bag. */
const table1 = {
  table: name,
  connector: name,
  options: texts,
  schema: ref('schema'),
  metadata: listOf(orNull(text)),
};
const nodes1 = {
  ...nodes,
  source: shapeOf<typeof table1 & { kind: 'source' }>({ kind: only('source'), ...table1 }),
  sink: shapeOf<typeof table1 & { kind: 'sink' }>({ kind: only('sink'), ...table1 }),
};

export const sinkNodeSchema: ShapeSchema = { $defs, anyOf: [nodes.sink, nodes1.sink] };

/** Version 1 had neither changes nor keys, and no pinned schemas. */
export const planSchema1: ShapeSchema = {
  $defs,
  ...shapeOf<Omit<PhysicalPlan, 'formats'>>({
    formatVersion: only(1),
    stages: listOf(
      shapeOf<Stage>({
        id: name,
        operators: listOf(
          shapeOf<Omit<PlannedOperator, 'changes' | 'keys'>>({
            ...operator,
            node: byKind(Object.values(nodes1)),
          }),
        ),
      }),
    ),
    exchanges: listOf(shapeOf<Omit<Exchange, 'changes' | 'keys'>>(exchange)),
    settings,
  }),
};

export const sqlTypeSchema: ShapeSchema = { $defs: typeDefinitions, ...ref('type') };
