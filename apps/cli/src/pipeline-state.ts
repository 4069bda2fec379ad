import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';

/** States as `weir` prints them, by their number in the API. */
const states = [
  'unknown',
  'created',
  'starting',
  'running',
  'recovering',
  'stopping',
  'stopped',
  'finished',
  'failed',
  'halted',
] as const;

export type StateName = (typeof states)[number];

export function pipelineState(pipeline: Pipeline): StateName {
  const number: number = pipeline.state;
  return states[number] ?? 'unknown';
}
