import type { WishedRestore } from '@weir/epoch-protocol/generation-start.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { GenerationPlan } from '../checkpoint/generation-plan.ts';

/** How the pipeline shall end, null when it shall run. */
export function stopWish(record: PipelineRecord): 'checkpoint' | 'immediate' | null {
  switch (record.desired.kind) {
    case 'stopped':
      return record.desired.mode;
    case 'deleted':
      return 'immediate';
    case 'created':
    case 'running':
      return null;
  }
}

/** The epoch that the current start is to go back to, whether it has already or not. */
export function restoreWish({ restore, starts }: PipelineRecord): WishedRestore | null {
  return restore?.starts === starts ? { from: restore.from, start: starts } : null;
}

/** Somebody has asked for a restart which this generation doesn't fulfil. */
export function restartWished(record: PipelineRecord, generation: GenerationPlan): boolean {
  return record.restarts > generation.restarts || record.starts > generation.starts;
}
