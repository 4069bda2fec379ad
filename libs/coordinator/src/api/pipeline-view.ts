import { formatDurationMs } from '@weir/kernel/durations.ts';
import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import {
  committedEpoch,
  currentGeneration,
  generationNumber,
  unresolvedTorn,
} from '@weir/epoch-protocol/ledger-state.ts';
import { Pipeline, PipelineState, type OperatorStatus } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { currentFailure, type PipelineRecord } from '../catalog/pipeline-record.ts';
import { decidedAtMs } from '../checkpoint/epoch-facts.ts';
import { generationPlanOf } from '../checkpoint/generation-plan.ts';
import { secretNames } from '../connections/put-profile.ts';
import type { Coordinator } from '../coordinator.ts';
import { shownSql } from './shown-sql.ts';
import { describeTorn } from '../job/halted.ts';
import { freshStatus, type JobStatus, type OperatorTotals } from '../job/job-status.ts';
import type { JobState } from '../job/job-transitions.ts';
import { stateOf } from '../job/ledger-status.ts';
import { problemOf } from '../problem.ts';

const states: Record<JobState, PipelineState> = {
  created: PipelineState.PIPELINE_STATE_CREATED,
  starting: PipelineState.PIPELINE_STATE_STARTING,
  running: PipelineState.PIPELINE_STATE_RUNNING,
  recovering: PipelineState.PIPELINE_STATE_RECOVERING,
  stopping: PipelineState.PIPELINE_STATE_STOPPING,
  stopped: PipelineState.PIPELINE_STATE_STOPPED,
  finished: PipelineState.PIPELINE_STATE_FINISHED,
  failed: PipelineState.PIPELINE_STATE_FAILED,
  halted: PipelineState.PIPELINE_STATE_HALTED,
};

/** What any controller can say of a pipeline: what its driver tells, else what catalog and ledger tell by themselves. */
export async function statusOf(coordinator: Coordinator, record: PipelineRecord): Promise<JobStatus> {
  const driver = coordinator.driver(record.name);
  if (driver === undefined || driver.record.id !== record.id)
    return { ...freshStatus, state: unseen(record) };
  return driver.status ?? ledgerStatus(record, await driver.ledgerState());
}

/** Between its creation and the first look at it. */
function unseen(record: PipelineRecord): JobState {
  return record.desired.kind === 'running' ? 'starting' : 'created';
}

function ledgerStatus(record: PipelineRecord, ledger: LedgerState): JobStatus {
  const committed = committedEpoch(ledger);
  const current = currentGeneration(ledger);
  const torn = unresolvedTorn(ledger);
  return {
    ...freshStatus,
    state: stateOf(record, ledger),
    generation: generationNumber(ledger),
    epoch: ledger.epochs.findLast((epoch) => epoch.status !== 'abandoned')?.body.e ?? 0,
    committedEpoch: committed?.body.e ?? 0,
    committedAtMs: committed === null ? 0 : decidedAtMs(committed),
    restarts: current === null ? 0 : generationPlanOf(current.body).failures,
    problem: torn === null ? currentFailure(record) : describeTorn(record.name, torn),
  };
}

export async function pipelineView(coordinator: Coordinator, record: PipelineRecord): Promise<Pipeline> {
  const sql = shownSql(record, (connector) => secretNames(coordinator.context, connector));
  return viewWith(record, await statusOf(coordinator, record), sql);
}

function viewWith(record: PipelineRecord, status: JobStatus, sql: string): Pipeline {
  const { problem } = status;
  return {
    name: record.name,
    id: record.id,
    state: states[status.state],
    sql,
    parallelism: record.parallelism,
    checkpointInterval: formatDurationMs(record.checkpointIntervalMs),
    generation: status.generation,
    epoch: status.epoch,
    committedEpoch: status.committedEpoch,
    committedAtMs: BigInt(Math.round(status.committedAtMs)),
    restarts: status.restarts,
    operators: status.operators.map(operatorView),
    problem: problem === null ? undefined : { ...problem },
    warnings: status.operators.flatMap(({ warnings = [] }) => warnings.map((warning) => ({ ...warning }))),
  };
}

/** Of a pipeline whose catalog entry can't be read: nothing is known but its name. */
export function unreadableView(name: string, error: unknown): Pipeline {
  return Pipeline.create({ name, problem: problemOf(error) });
}

function operatorView(totals: OperatorTotals): OperatorStatus {
  const { id, title, kind, stage, subtasks, watermarkMicros } = totals;
  return {
    id,
    title,
    kind,
    stage,
    subtasks,
    recordsIn: BigInt(totals.recordsIn),
    recordsOut: BigInt(totals.recordsOut),
    bytes: BigInt(totals.bytes),
    lateRows: BigInt(totals.lateRows),
    badRecords: BigInt(totals.badRecords),
    nullValues: BigInt(totals.nullValues ?? 0),
    lag: BigInt(totals.lag),
    stateBytes: BigInt(totals.stateBytes),
    watermarkMicros: watermarkMicros === null ? undefined : BigInt(watermarkMicros),
  };
}
