import type { ChangeMode } from '../change-mode.ts';
import { calcSchema } from '../nodes/calc-schema.ts';
import { sinkSchema } from '../nodes/sink-schema.ts';
import { sourceSchema } from '../nodes/source-schema.ts';
import { unionSchema } from '../nodes/union-schema.ts';
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
  objectOf,
  only,
  orNull,
  ref,
  text,
  texts,
  type JsonSchema,
} from './json-schema.ts';
import { pinnedFormatsSchema } from './pinned-formats-schema.ts';
import { typeDefinitions } from './sql-type-schema.ts';

type InputOf<K extends OperatorInput['kind']> = Extract<OperatorInput, { readonly kind: K }>;
type ChangesOf<K extends ChangeMode['kind']> = Extract<ChangeMode, { readonly kind: K }>;
type PartitioningOf<K> = Extract<Exchange['partitioning'], { readonly kind: K }>;

const nodes: { readonly [K in OperatorNode['kind']]: JsonSchema } = {
  source: sourceSchema,
  calc: calcSchema,
  watermark: watermarkSchema,
  window_assign: windowAssignSchema,
  window_aggregate: windowAggregateSchema,
  union: unionSchema,
  sink: sinkSchema,
};

const changes = byKind([
  objectOf<ChangesOf<'append'>>({ kind: only('append') }),
  objectOf<ChangesOf<'upsert'>>({ kind: only('upsert'), key: indexes }),
  objectOf<ChangesOf<'retract'>>({ kind: only('retract'), key: orNull(indexes) }),
]);

const inputs = listOf(
  byKind([
    objectOf<InputOf<'local'>>(
      { kind: only('local'), operator: name, output: only('rows', 'rejected', 'late') },
      ['output'],
    ),
    objectOf<InputOf<'exchange'>>({ kind: only('exchange'), exchange: name }),
  ]),
);

const partitioning = byKind([
  objectOf<PartitioningOf<'hash'>>({ kind: only('hash'), columns: indexes }),
  objectOf<PartitioningOf<'forward'>>({ kind: only('forward') }),
]);

const operator = { id: name, title: text, inputs, output: ref('schema') };
const exchange = {
  id: name,
  from: objectOf<Exchange['from']>({ stage: name, operator: name }),
  to: objectOf<Exchange['to']>({ stage: name, operator: name, input: index }),
  partitioning,
  schema: ref('schema'),
};
const edge = { changes, keys: listOf(indexes) };
const settings = objectOf<PlanSettings>(
  { parallelism: count, checkpointIntervalMs: count, keyGroups: count },
  ['parallelism', 'checkpointIntervalMs', 'keyGroups'],
);

/** What `$ref`s of all these schemas mean. */
const $defs: JsonSchema = { ...typeDefinitions, expression: expressionDefinition };

export const planSchema: JsonSchema = {
  $defs,
  ...objectOf<PhysicalPlan>({
    formatVersion: only(2),
    stages: listOf(
      objectOf<Stage>({
        id: name,
        operators: listOf(
          objectOf<PlannedOperator>({ ...operator, ...edge, node: byKind(Object.values(nodes)) }),
        ),
      }),
    ),
    exchanges: listOf(objectOf<Exchange>({ ...exchange, ...edge })),
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
  source: objectOf<typeof table1 & { kind: 'source' }>({ kind: only('source'), ...table1 }),
  sink: objectOf<typeof table1 & { kind: 'sink' }>({ kind: only('sink'), ...table1 }),
};

export const sinkNodeSchema: JsonSchema = { $defs, anyOf: [nodes.sink, nodes1.sink] };

/** Version 1 had neither changes nor keys, and no pinned schemas. */
export const planSchema1: JsonSchema = {
  $defs,
  ...objectOf<Omit<PhysicalPlan, 'formats'>>({
    formatVersion: only(1),
    stages: listOf(
      objectOf<Stage>({
        id: name,
        operators: listOf(
          objectOf<Omit<PlannedOperator, 'changes' | 'keys'>>({
            ...operator,
            node: byKind(Object.values(nodes1)),
          }),
        ),
      }),
    ),
    exchanges: listOf(objectOf<Omit<Exchange, 'changes' | 'keys'>>(exchange)),
    settings,
  }),
};

export const sqlTypeSchema: JsonSchema = { $defs: typeDefinitions, ...ref('type') };
