import { systemPorts } from '@weir/system/system-ports.ts';
import { noAccess } from '../process-access.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import type { RecoveryContext, SinkContext, SubtaskContext } from '../connector.ts';

/** Contexts for tests: real clock, no variables, a quiet log. */
export function subtaskContext(overrides: Partial<SubtaskContext> = {}): SubtaskContext {
  return {
    ports: systemPorts(),
    access: noAccess,
    clusterName: 'test',
    pipeline: 'p',
    pipelineId: 'id1',
    log: { info: () => {}, warn: () => {} },
    subtask: 0,
    parallelism: 1,
    fetchBudgetBytes: 8 << 20,
    formats: nothingPinned,
    writerSchemas: () => {
      throw new Error('this test has no registry');
    },
    ...overrides,
  };
}

export function sinkContext(overrides: Partial<SinkContext> = {}): SinkContext {
  return {
    ...subtaskContext(overrides),
    generation: 1,
    operator: 'sink1',
    changes: 'append',
    checkpointIntervalMs: 1000,
    ...overrides,
  };
}

export function recoveryContext(overrides: Partial<RecoveryContext> = {}): RecoveryContext {
  const { ports, access, clusterName, pipeline, pipelineId, log } = subtaskContext();
  return { ports, access, clusterName, pipeline, pipelineId, log, operator: 'sink1', ...overrides };
}
