import { WeirError } from '@weir/kernel/errors.ts';
import { appendMode } from './change-mode.ts';
import type { SinkNode } from './nodes/sink.ts';
import type { SourceNode } from './nodes/source.ts';
import type { Exchange, OperatorNode, PhysicalPlan, PlannedOperator } from './physical-plan.ts';
import { shapeCheck, type ShapeCheck } from './shape/check-shape.ts';
import { planSchema, planSchema1, sinkNodeSchema } from './shape/plan-schema.ts';
import { ownConnection, type TableSpec } from './table-spec.ts';

/** Nodes that version 1 wrote otherwise: sources and sinks had their options in one bag, and no keys. */
type TableNodeV1 = Pick<TableSpec, 'table' | 'connector' | 'options' | 'schema' | 'metadata'> & {
  readonly kind: 'source' | 'sink';
};
type NodeV1 = Exclude<OperatorNode, SourceNode | SinkNode> | TableNodeV1;

interface PlanV1 {
  readonly formatVersion: 1;
  readonly stages: readonly {
    readonly id: string;
    readonly operators: readonly (Omit<PlannedOperator, 'node' | 'changes' | 'keys'> & {
      readonly node: NodeV1;
    })[];
  }[];
  readonly exchanges: readonly Omit<Exchange, 'changes' | 'keys'>[];
  readonly settings: PhysicalPlan['settings'];
}

/**
 * A plan out of the catalog, the ledger or a request, of this version or an older one, as one of this version. Ids stay as they are.
 * Its shape is as the schemas in shape/ say; whether its parts fit together check-plan.ts says.
 * @throws WeirError WEIR-2313 when a newer Weir wrote it, WEIR-2315 when it is no plan
 */
export function readPlan(value: unknown): PhysicalPlan {
  const version: unknown =
    typeof value === 'object' && value !== null && 'formatVersion' in value ? value.formatVersion : undefined;
  if (version === 2) return checked<PhysicalPlan>(shape2, value, 'the plan');
  if (version === 1) return fromVersion1(checked<PlanV1>(shape1, value, 'the plan'));
  throw new WeirError(
    'WEIR-2313',
    `the plan has format version ${JSON.stringify(version)}, this Weir reads 1 and 2`,
    { hint: 'a newer Weir has written it: run that version' },
  );
}

/** The node of a sink that a ledger entry holds beside its plan. @throws WeirError WEIR-2315 when it is none */
export function readSinkNode(value: unknown): SinkNode {
  const node = checked<SinkNode | (TableNodeV1 & { readonly kind: 'sink' })>(sinkShape, value, 'the sink');
  return 'specVersion' in node ? node : (tableNode(node) as SinkNode);
}

const shape1 = shapeCheck(planSchema1);
const shape2 = shapeCheck(planSchema);
const sinkShape = shapeCheck(sinkNodeSchema);

function checked<T>(check: ShapeCheck, value: unknown, what: string): T {
  const problem = check(value);
  if (problem === null) return value as T;
  throw new WeirError('WEIR-2315', `${what} can't be read: ${problem}`, {
    hint: 'another version of Weir may have written it, or it was damaged',
  });
}

/** Version 1 knew no updates: all of its edges are append-only, no keys were known. */
function fromVersion1(plan: PlanV1): PhysicalPlan {
  const edge = { changes: appendMode, keys: [] };
  return {
    ...plan,
    formatVersion: 2,
    stages: plan.stages.map(({ id, operators }) => ({
      id,
      operators: operators.map((operator) => ({ ...operator, node: nodeOf(operator.node), ...edge })),
    })),
    exchanges: plan.exchanges.map((exchange) => ({ ...exchange, ...edge })),
    formats: {},
  };
}

function nodeOf(node: NodeV1): OperatorNode {
  return isTable(node) ? tableNode(node) : node;
}

function isTable(node: NodeV1): node is TableNodeV1 {
  return node.kind === 'source' || node.kind === 'sink';
}

function tableNode(node: TableNodeV1): SourceNode | SinkNode {
  const spec = {
    ...node,
    specVersion: 1,
    connection: ownConnection,
    format: null,
    secrets: [],
    primaryKey: [],
    changes: 'append',
  } as const;
  return spec.kind === 'source' ? { ...spec, kind: 'source' } : { ...spec, kind: 'sink' };
}
