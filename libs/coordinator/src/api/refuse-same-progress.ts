import { AtMost } from '@weir/kernel/at-most.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import { isUnreadable } from '../catalog/record-codec.ts';
import { sourcesOf } from '../checkpoint/generation-plan.ts';
import type { Coordinator } from '../coordinator.ts';
import { wrongArgument } from './api-errors.ts';

const readsAtOnce = 32;

/**
 * Refuses a pipeline that would share the progress of a table (a consumer group) with another pipeline, or twice in itself: one of them
 * removed would lose its place to the other. Asked before it is put into the catalog and again after: of two that come at once, each is
 * in the catalog before it looks for the other, so that at least one sees it.
 * @throws GrpcStatusError INVALID_ARGUMENT
 */
export async function refuseSharedProgress(
  coordinator: Coordinator,
  pipeline: Pick<PipelineRecord, 'name' | 'plan'>,
): Promise<void> {
  const own = sharable(coordinator, pipeline.plan);
  if (own.length === 0) return;
  for (const [place, node] of own.entries()) {
    refuse(coordinator, [node], own.slice(place + 1), `tables of '${pipeline.name}'`);
  }
  const { catalog } = coordinator.context;
  const reads = new AtMost(readsAtOnce);
  const names = (await catalog.names()).filter((name) => name !== pipeline.name);
  const read = async (name: string): Promise<PipelineRecord | undefined> => {
    try {
      return await catalog.get(name);
    } catch (error) {
      if (isUnreadable(error)) return undefined;
      throw error;
    }
  };
  const others = await Promise.all(names.map((name) => reads.run(() => read(name))));
  for (const other of others) {
    if (other === undefined || other.desired.kind === 'deleted') continue;
    refuse(coordinator, own, sharable(coordinator, other.plan), `the pipeline '${other.name}'`);
  }
}

/** Sources whose connector has progress that could be shared. */
function sharable(coordinator: Coordinator, plan: PhysicalPlan): SourceNode[] {
  const { connectors } = coordinator.context;
  return sourcesOf(plan)
    .map(({ node }) => node)
    .filter((node) => connectors.get(node.connector)?.sharedProgress?.(node, node) !== undefined);
}

function refuse(
  coordinator: Coordinator,
  own: readonly SourceNode[],
  others: readonly SourceNode[],
  where: string,
): void {
  for (const node of own) {
    const shared = coordinator.context.connectors.get(node.connector)?.sharedProgress;
    for (const other of others) {
      if (other.connector !== node.connector) continue;
      const what = shared?.(node, other);
      if (what === undefined) continue;
      throw wrongArgument(
        `table ${node.table} names ${what}, which table ${other.table} of ${where} has: each of them would read all of it, and tell the group its own progress`,
        "name another group in 'source.group_id', or leave it out; sharing the partitions of a topic between pipelines is not in this version",
      );
    }
  }
}
