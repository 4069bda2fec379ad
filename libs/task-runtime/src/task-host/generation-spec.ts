import type { OperatorSnapshot } from '@weir/epoch-protocol/ledger-entries.ts';
import { isSnapshotList } from '@weir/epoch-protocol/snapshot-manifest.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import { checkPlan } from '@weir/plan/check-plan.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import { present } from '@weir/kernel/assert.ts';
import { subtaskKey, type SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { PhysicalPlan, Stage } from '@weir/plan/physical-plan.ts';
import type { WorkerPlace } from '../exchange/channel-wiring.ts';
import type { StartTasksRequest } from '@weir/wire/gen/weir/internal/v1/worker.ts';

/** A StartTasks request as the tasks see it. */
export interface GenerationSpec {
  readonly scope: PipelineScope;
  readonly generation: number;
  readonly plan: PhysicalPlan;
  readonly parallelism: number;
  readonly keyGroups: number;
  readonly subtasks: readonly SubtaskId[];
  /** By subtask key. */
  readonly placement: ReadonlyMap<string, WorkerPlace>;
  readonly base: readonly OperatorSnapshot[];
  readonly firstEpoch: number;
  /** The last decided epoch that brought output. */
  readonly outputEpoch: number;
  readonly checkpointIntervalMs: number;
  readonly fetchBudgetBytes: number;
}

const defaultFetchBudgetBytes = 16 * 1024 * 1024;

/** @throws WeirError WEIR-7240 when the request isn't one that this version understands */
export function readStartRequest(request: StartTasksRequest): GenerationSpec {
  const { scope } = request;
  if (scope === undefined || scope.generation === 0) throw malformed('it has no scope');
  const plan = planOf(parse(request.planJson, 'plan_json'));
  const placement = new Map(
    request.placement.map((placed) => [
      subtaskKey(present(placed.subtask, 'a placed subtask')),
      { incarnation: placed.incarnation, address: placed.address },
    ]),
  );
  checkSizes(request);
  return {
    scope: { cluster: scope.cluster, pipeline: scope.pipeline, pipelineId: scope.pipelineId },
    generation: scope.generation,
    plan,
    parallelism: request.parallelism,
    keyGroups: request.keyGroups,
    subtasks: request.subtasks,
    placement,
    base: readBase(request.baseJson),
    firstEpoch: request.firstEpoch,
    outputEpoch: request.outputEpoch ?? request.firstEpoch - 1,
    checkpointIntervalMs: request.checkpointIntervalMs,
    fetchBudgetBytes:
      request.fetchBudgetBytes === 0n ? defaultFetchBudgetBytes : Number(request.fetchBudgetBytes),
  };
}

const mostSubtasks = 100_000;
const mostKeyGroups = 32_768;

/** Channels, buffers and ranges of key groups are made by these numbers. */
function checkSizes(request: StartTasksRequest): void {
  const { parallelism, keyGroups, placement, subtasks } = request;
  if (parallelism < 1 || placement.length > mostSubtasks || parallelism > placement.length)
    throw malformed(`it has parallelism ${parallelism} and places ${placement.length} subtasks`);
  if (keyGroups < 1 || keyGroups > mostKeyGroups) throw malformed(`it has ${keyGroups} key groups`);
  const outside = subtasks.find(({ index }) => index >= parallelism);
  if (outside !== undefined) throw malformed(`it has no subtask ${subtaskKey(outside)}`);
}

export function stageOf(spec: GenerationSpec, id: string): Stage {
  const stage = spec.plan.stages.find((candidate) => candidate.id === id);
  if (stage === undefined) throw malformed(`the plan has no stage '${id}'`);
  return stage;
}

function planOf(value: unknown): PhysicalPlan {
  try {
    const plan = readPlan(value);
    checkPlan(plan);
    return plan;
  } catch (cause) {
    throw malformed(describeError(cause), cause);
  }
}

function readBase(json: string): readonly OperatorSnapshot[] {
  if (json === '') return [];
  const base = parse(json, 'base_json');
  if (!isSnapshotList(base)) throw malformed('base_json is no list of snapshots');
  return base as readonly OperatorSnapshot[];
}

function parse(json: string, field: string): unknown {
  return readBoundedJson(json, `StartTasks can't be read: ${field}`, 'WEIR-7240');
}

function malformed(why: string, cause?: unknown): WeirError {
  return new WeirError('WEIR-7240', `StartTasks can't be read: ${why}`, {
    hint: 'controller and worker must be of versions that understand each other: upgrade the older one',
    cause,
  });
}
