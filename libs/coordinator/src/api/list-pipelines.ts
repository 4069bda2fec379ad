import { AtMost } from '@weir/kernel/at-most.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { isUnreadable } from '../catalog/record-codec.ts';
import type { Coordinator } from '../coordinator.ts';
import { pipelineView, unreadableView } from './pipeline-view.ts';

const readsAtOnce = 32;

/** All that there are, in the order of their names. One whose entry can't be read is listed with that as its problem: it hides no other. */
export async function listPipelines(coordinator: Coordinator): Promise<Pipeline[]> {
  const { catalog } = coordinator.context;
  const view = async (name: string): Promise<Pipeline | undefined> => {
    try {
      const record = await catalog.get(name);
      return record && (await pipelineView(coordinator, record));
    } catch (error) {
      if (isUnreadable(error)) return unreadableView(name, error);
      throw error;
    }
  };
  const reads = new AtMost(readsAtOnce);
  const names = await catalog.names();
  const found = await Promise.all(names.map((name) => reads.run(() => view(name))));
  return found.filter((pipeline) => pipeline !== undefined);
}
