import { resolved } from '@weir/connectors/connections/resolved-table.ts';
import type { GenerationProposal } from '@weir/epoch-protocol/generation-start.ts';
import type { GenerationBody, SinkSpec } from '@weir/epoch-protocol/ledger-entries.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { PhysicalPlan, PlannedOperator } from '@weir/plan/physical-plan.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import { connectorContext, type CoordinatorContext } from '../coordinator-context.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { Connector } from '@weir/connectors/connector.ts';

/** What `Generation.plan` holds: all that its tasks are started with, and which wishes of the catalog it fulfils. */
export interface GenerationPlan {
  readonly plan: PhysicalPlan;
  readonly keyGroups: number;
  readonly checkpointIntervalMs: number;
  /** `starts` and `restarts` of the record when it began. */
  readonly starts: number;
  readonly restarts: number;
  /** Generations so far that began because something failed. */
  readonly failures: number;
}

/** An older Weir may have written the entry. @throws WeirError WEIR-2313 when a newer one has */
export function generationPlanOf(generation: GenerationBody): GenerationPlan {
  const saved = generation.plan as GenerationPlan;
  return { ...saved, plan: readPlan(saved.plan) };
}

/** What recovery needs of a sink, in `SinkSpec.connection`. */
export interface SinkConnection {
  readonly node: SinkNode;
}

export interface PlannedSink {
  readonly operator: PlannedOperator;
  readonly node: SinkNode;
  readonly stage: string;
}

export function sinksOf(plan: PhysicalPlan): PlannedSink[] {
  return plan.stages
    .flatMap((stage) =>
      stage.operators.map((operator) => ({ stage: stage.id, operator, node: operator.node })),
    )
    .filter((each): each is typeof each & { node: SinkNode } => each.node.kind === 'sink');
}

export interface PlannedSource {
  readonly operator: PlannedOperator;
  readonly node: SourceNode;
  readonly stage: string;
}

export function sourcesOf(plan: PhysicalPlan): PlannedSource[] {
  return plan.stages
    .flatMap((stage) =>
      stage.operators.map((operator) => ({ stage: stage.id, operator, node: operator.node })),
    )
    .filter((each): each is typeof each & { node: SourceNode } => each.node.kind === 'source');
}

/** @throws WeirError WEIR-7104 */
export function connectorNamed(context: CoordinatorContext, name: string): Connector {
  const connector = context.connectors.get(name);
  if (connector !== undefined) return connector;
  throw new WeirError('WEIR-7104', `this controller has no connector '${name}'`, {
    hint: `it knows ${[...context.connectors.keys()].join(', ')}; run the Weir version that created the pipeline`,
  });
}

/** What the next generation would say. Asks the sinks' clusters who they are. */
export async function proposeGeneration(
  context: CoordinatorContext,
  scope: PipelineScope,
  record: PipelineRecord,
  failures: number,
): Promise<GenerationProposal> {
  const plan: GenerationPlan = {
    plan: record.plan,
    keyGroups: record.keyGroups,
    checkpointIntervalMs: record.checkpointIntervalMs,
    starts: record.starts,
    restarts: record.restarts,
    failures,
  };
  const sinks = await Promise.all(sinksOf(record.plan).map((sink) => sinkSpec(context, scope, record, sink)));
  return { plan, parallelism: record.parallelism, sinks };
}

async function sinkSpec(
  context: CoordinatorContext,
  scope: PipelineScope,
  record: PipelineRecord,
  sink: PlannedSink,
): Promise<SinkSpec> {
  const connector = connectorNamed(context, sink.node.connector);
  const connection: SinkConnection = { node: sink.node };
  const spec = { operator: sink.operator.id, parallelism: record.parallelism, connection };
  if (connector.createRecovery === undefined) return { ...spec, kind: 'other' };
  const around = { ...connectorContext(context, scope), operator: sink.operator.id };
  const recovery = connector.createRecovery(await resolved(sink.node, around), around);
  try {
    const kafkaClusterId = await recovery.clusterIdentity();
    const transactionTimeoutMs = await recovery.transactionTimeoutMs();
    return {
      ...spec,
      kind: 'kafka',
      kafkaClusterId,
      ...(transactionTimeoutMs === undefined ? {} : { transactionTimeoutMs }),
    };
  } finally {
    await recovery.close();
  }
}
