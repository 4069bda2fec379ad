import type { EpochBody, OperatorSnapshot } from '@weir/epoch-protocol/ledger-entries.ts';
import { resolved } from '@weir/connectors/connections/resolved-table.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { connectorContext, type CoordinatorContext } from '../coordinator-context.ts';
import { connectorNamed, sinksOf, sourcesOf } from './generation-plan.ts';

/** Epoch 0: the start positions of all sources as numbers (`latest` too), before any task starts. The base when there is no other. */
export async function resolveEpochZero(
  context: CoordinatorContext,
  scope: PipelineScope,
  plan: PhysicalPlan,
): Promise<EpochBody> {
  const snapshots = await Promise.all(
    sourcesOf(plan).map(async (source): Promise<OperatorSnapshot> => {
      const connector = connectorNamed(context, source.node.connector);
      const around = connectorContext(context, scope);
      const splits = await connector.resolveStart?.(await resolved(source.node, around), around);
      return {
        operator: source.operator.id,
        stage: source.stage,
        subtask: 0,
        pieces: [],
        splits: splits ?? {},
      };
    }),
  );
  return {
    kind: 'Epoch',
    g: 0,
    e: 0,
    parent: null,
    snapshots,
    handles: [],
    committedThrough: 0,
  };
}

/** Before every start: the sinks' topics are there and their settings fit. */
export async function checkSinks(
  context: CoordinatorContext,
  scope: PipelineScope,
  plan: PhysicalPlan,
): Promise<void> {
  await Promise.all(
    sinksOf(plan).map(async ({ node }) => {
      const around = connectorContext(context, scope);
      await connectorNamed(context, node.connector).checkSink?.(await resolved(node, around), around);
    }),
  );
}
