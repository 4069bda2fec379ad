import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { Coordinator } from '../coordinator.ts';
import { WakeUp } from '../job/wake-up.ts';
import { pipelineView } from './pipeline-view.ts';
import { recordNamed } from './pipeline-wishes.ts';

const leastGapMs = 100;
/** What no notification tells (another controller's silence, an entry that was removed) is seen this soon. */
const lookEveryMs = 1000;

/** The pipeline now, and again whenever something changes, until it is removed (NOT_FOUND) or nobody watches. */
export async function watchPipeline(
  coordinator: Coordinator,
  name: string,
  send: (pipeline: Pipeline) => void,
  signal: AbortSignal,
): Promise<void> {
  const { timers } = coordinator.context.ports;
  const wakeUp = new WakeUp(timers);
  let last = '';
  while (!signal.aborted) {
    const driver = coordinator.driver(name);
    const unlisten = driver?.onChange(() => wakeUp.notify());
    try {
      const record = await recordNamed(coordinator, name);
      const pipeline = await pipelineView(coordinator, record);
      const text = JSON.stringify(pipeline, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      if (text !== last) send(pipeline);
      last = text;
      await wakeUp.wait(lookEveryMs, signal);
    } finally {
      unlisten?.();
    }
    if (!signal.aborted) await timers.sleep(leastGapMs);
  }
}
