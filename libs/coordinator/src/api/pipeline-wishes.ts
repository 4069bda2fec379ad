import { Resolution, StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { currentFailure, type PipelineRecord } from '../catalog/pipeline-record.ts';
import type { Coordinator } from '../coordinator.ts';
import type { JobState } from '../job/job-transitions.ts';
import { planOfFirstStart, started } from './first-start.ts';
import { noSuchPipeline, wrongArgument, wrongState } from './api-errors.ts';
import { statusOf } from './pipeline-view.ts';

/*
 * Start, stop, restart and delete only change what the catalog says is wished; whichever controller drives the pipeline acts on it.
 */

export async function wishStart(coordinator: Coordinator, name: string): Promise<PipelineRecord> {
  const there = await recordNamed(coordinator, name);
  const { state } = await statusOf(coordinator, there);
  if (state === 'finished') {
    throw wrongState(
      `the pipeline '${name}' has finished: its inputs have ended`,
      `weir start ${name} --from EPOCH runs it again from an epoch of weir checkpoints ${name}`,
    );
  }
  if (state === 'halted') throw haltedError(name);
  const first = await planOfFirstStart(coordinator, there);
  return wish(coordinator, name, (record) => {
    if (record.desired.kind === 'running' && currentFailure(record) === null) return undefined;
    return { ...started(record, record.id === there.id ? first : null), failure: null };
  });
}

export async function wishStop(
  coordinator: Coordinator,
  name: string,
  mode: StopMode,
): Promise<PipelineRecord> {
  const wished = mode === StopMode.STOP_MODE_IMMEDIATE ? 'immediate' : 'checkpoint';
  return wish(coordinator, name, (record) => {
    const { desired } = record;
    // Once at once is wished, a last checkpoint comes too late.
    const done = desired.kind === 'stopped' && (desired.mode === wished || desired.mode === 'immediate');
    return done ? undefined : { ...record, desired: { kind: 'stopped', mode: wished } };
  });
}

export async function wishRestart(coordinator: Coordinator, name: string): Promise<PipelineRecord> {
  const state = await stateNow(coordinator, name);
  if (state === 'halted') throw haltedError(name);
  if (state === 'finished')
    throw wrongState(`the pipeline '${name}' has finished`, 'there is nothing left to run');
  return wish(coordinator, name, (record) => {
    if (record.desired.kind !== 'running') {
      throw wrongState(`the pipeline '${name}' is not running`, `weir start ${name} starts it`);
    }
    if (currentFailure(record) !== null) return { ...record, starts: record.starts + 1, failure: null };
    return { ...record, restarts: record.restarts + 1 };
  });
}

/** Another parallelism; a pipeline that runs begins a new generation with it. */
export async function wishRescale(
  coordinator: Coordinator,
  name: string,
  parallelism: number,
): Promise<PipelineRecord> {
  return wish(coordinator, name, (record) => {
    if (parallelism < 1 || parallelism > record.keyGroups) {
      throw wrongArgument(
        `a parallelism of ${parallelism} is not possible for '${name}'`,
        `from 1 to ${record.keyGroups}, its number of key groups`,
      );
    }
    if (record.parallelism === parallelism) return undefined;
    return { ...record, parallelism, restarts: record.restarts + 1 };
  });
}

/** What a torn epoch shall count as. */
export async function wishResolve(
  coordinator: Coordinator,
  name: string,
  resolution: Resolution,
): Promise<PipelineRecord> {
  if (resolution !== Resolution.RESOLUTION_COMMITTED && resolution !== Resolution.RESOLUTION_ABANDONED) {
    throw wrongArgument('a torn epoch is resolved as committed or as abandoned', 'say which');
  }
  const before = await recordNamed(coordinator, name);
  const status = await statusOf(coordinator, before);
  if (status.state !== 'halted') {
    throw wrongState(
      `the pipeline '${name}' is ${status.state}: it has no torn epoch`,
      `weir status ${name}`,
    );
  }
  const as = resolution === Resolution.RESOLUTION_COMMITTED ? 'committed' : 'abandoned';
  return wish(coordinator, name, (record) => ({ ...record, resolution: { e: status.epoch, as } }));
}

const removable: ReadonlySet<JobState> = new Set(['created', 'stopped', 'finished', 'failed', 'halted']);

export async function wishDelete(coordinator: Coordinator, name: string): Promise<PipelineRecord> {
  const state = await stateNow(coordinator, name);
  if (!removable.has(state)) {
    throw wrongState(`the pipeline '${name}' is ${state}`, `stop it first: weir stop ${name}`);
  }
  return wish(
    coordinator,
    name,
    (record) => (record.desired.kind === 'deleted' ? undefined : { ...record, desired: { kind: 'deleted' } }),
    true,
  );
}

/** The record, or NOT_FOUND. */
export async function recordNamed(coordinator: Coordinator, name: string): Promise<PipelineRecord> {
  const record = await coordinator.context.catalog.get(name);
  if (record === undefined) throw noSuchPipeline(name);
  return record;
}

async function stateNow(coordinator: Coordinator, name: string): Promise<JobState> {
  return (await statusOf(coordinator, await recordNamed(coordinator, name))).state;
}

/** Changes the record; `change` returns undefined to leave it as it is. */
export async function wish(
  coordinator: Coordinator,
  name: string,
  change: (record: PipelineRecord) => PipelineRecord | undefined,
  evenDeleted = false,
): Promise<PipelineRecord> {
  const record = await coordinator.context.catalog.update(name, (before) => {
    if (before.desired.kind === 'deleted' && !evenDeleted) {
      throw wrongState(`the pipeline '${name}' is being removed`, 'wait until it is gone');
    }
    return change(before);
  });
  if (record === undefined) throw noSuchPipeline(name);
  return record;
}

export function haltedError(name: string) {
  return wrongState(
    `the pipeline '${name}' is halted: an epoch is torn`,
    `weir status ${name} says which partitions have it; then weir resolve ${name} --as committed or --as abandoned`,
  );
}
