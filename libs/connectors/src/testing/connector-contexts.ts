import { systemPorts } from '@weir/system/system-ports.ts';
import { noAccess } from '../process-access.ts';
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
  const { subtask: _, parallelism: __, fetchBudgetBytes: ___, ...rest } = subtaskContext();
  return { ...rest, operator: 'sink1', ...overrides };
}
