import { formatDurationMs } from '@weir/kernel/durations.ts';
import { pipelineState } from './pipeline-state.ts';
import type { OperatorStatus, Pipeline, Problem } from '@weir/wire/gen/weir/v1/pipeline.ts';

/** `weir status --json`: what scripts read; field names are an interface. */
export function pipelineJson(pipeline: Pipeline): Record<string, unknown> {
  return {
    name: pipeline.name,
    id: pipeline.id,
    state: pipelineState(pipeline),
    generation: pipeline.generation,
    epoch: pipeline.epoch,
    committedEpoch: pipeline.committedEpoch,
    committedAtMs: Number(pipeline.committedAtMs),
    parallelism: pipeline.parallelism,
    checkpointInterval: pipeline.checkpointInterval,
    restarts: pipeline.restarts,
    operators: pipeline.operators.map(operatorJson),
    ...(pipeline.problem === undefined ? {} : { error: pipeline.problem }),
    ...(pipeline.warnings.length === 0 ? {} : { warnings: pipeline.warnings }),
  };
}

function operatorJson(operator: OperatorStatus): Record<string, unknown> {
  return {
    id: operator.id,
    title: operator.title,
    kind: operator.kind,
    stage: operator.stage,
    subtasks: operator.subtasks,
    recordsIn: Number(operator.recordsIn),
    recordsOut: Number(operator.recordsOut),
    bytes: Number(operator.bytes),
    lateRows: Number(operator.lateRows),
    badRecords: Number(operator.badRecords),
    nullValues: Number(operator.nullValues),
    lag: Number(operator.lag),
    stateBytes: Number(operator.stateBytes),
    ...(operator.watermarkMicros === undefined ? {} : { watermark: watermarkText(operator.watermarkMicros) }),
  };
}

function watermarkText(micros: bigint): string {
  const ms = Number(micros / 1000n);
  return Math.abs(ms) > 8.64e15 ? 'end' : new Date(ms).toISOString();
}

/** A pipeline for people. */
export function pipelineLines(pipeline: Pipeline, nowMs: number): string[] {
  const committed =
    pipeline.committedAtMs === 0n
      ? 'none yet'
      : `${formatDurationMs(Math.max(0, nowMs - Number(pipeline.committedAtMs)))} ago`;
  const lines = [
    `${pipeline.name}  ${pipelineState(pipeline)}`,
    `  generation ${pipeline.generation}, epoch ${pipeline.epoch}, committed ${pipeline.committedEpoch} (${committed})`,
    `  parallelism ${pipeline.parallelism}, checkpoint interval ${pipeline.checkpointInterval}, restarts ${pipeline.restarts}`,
  ];
  if (pipeline.problem !== undefined) lines.push(...problemLines(pipeline));
  for (const warning of pipeline.warnings) lines.push(...adviceLines('warning', warning));
  for (const operator of pipeline.operators) lines.push(operatorLine(operator));
  return lines;
}

export function problemLines(pipeline: Pipeline): string[] {
  const { problem } = pipeline;
  return problem === undefined ? [] : adviceLines(problem.transient ? 'waits' : 'error', problem);
}

function adviceLines(what: string, { code, message, hint }: Problem): string[] {
  return [`  ${what}: ${code} ${message}`, ...(hint === '' ? [] : [`  hint: ${hint}`])];
}

function operatorLine(operator: OperatorStatus): string {
  const parts = [`in ${operator.recordsIn}`, `out ${operator.recordsOut}`];
  if (operator.lag > 0n) parts.push(`lag ${operator.lag}`);
  if (operator.lateRows > 0n) parts.push(`late ${operator.lateRows}`);
  if (operator.badRecords > 0n) parts.push(`bad ${operator.badRecords}`);
  if (operator.nullValues > 0n) parts.push(`tombstones ${operator.nullValues}`);
  if (operator.stateBytes > 0n) parts.push(`state ${operator.stateBytes} B`);
  if (operator.watermarkMicros !== undefined)
    parts.push(`watermark ${watermarkText(operator.watermarkMicros)}`);
  return `  ${operator.title} x${operator.subtasks}: ${parts.join(', ')}`;
}
