import { sinkOf, sourceOf } from '@weir/connectors/connections/resolved-table.ts';
import type { SinkContext, SubtaskContext } from '@weir/connectors/connector.ts';
import type { Sink } from '@weir/connectors/sink.ts';
import type { Source } from '@weir/connectors/source.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Stage } from '@weir/plan/physical-plan.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import type { GenerationSpec } from './generation-spec.ts';
import type { TaskEnvironment } from './task-environment.ts';

/** The sources and sinks of one subtask, by operator id, not opened yet. */
export interface SubtaskConnectors {
  readonly sources: ReadonlyMap<string, Source>;
  readonly sinks: ReadonlyMap<string, Sink>;
}

/** @throws WeirError WEIR-7241 when a connector can't do what the plan asks of it */
export function createConnectors(
  spec: GenerationSpec,
  stage: Stage,
  subtask: number,
  environment: TaskEnvironment,
): SubtaskConnectors {
  const sources = new Map<string, Source>();
  const sinks = new Map<string, Sink>();
  const common: Omit<SubtaskContext, 'formats'> = {
    ports: environment.ports,
    access: environment.access,
    clusterName: spec.scope.cluster,
    pipeline: spec.scope.pipeline,
    pipelineId: spec.scope.pipelineId,
    log: environment.log,
    subtask,
    parallelism: spec.parallelism,
    fetchBudgetBytes: spec.fetchBudgetBytes,
    writerSchemas: environment.writerSchemas,
  };
  for (const { id, node, changes } of stage.operators) {
    const context: SubtaskContext = { ...common, formats: spec.plan.formats[id] ?? nothingPinned };
    if (node.kind === 'source') {
      const source = sourceOf(environment.connector(node.connector), node, context);
      if (source === undefined) throw cannot(node.connector, 'read', node.table);
      sources.set(id, source);
    } else if (node.kind === 'sink') {
      const sinkContext: SinkContext = {
        ...context,
        generation: spec.generation,
        operator: id,
        changes: changes.kind,
        checkpointIntervalMs: spec.checkpointIntervalMs,
      };
      const sink = sinkOf(environment.connector(node.connector), node, sinkContext);
      if (sink === undefined) throw cannot(node.connector, 'written', node.table);
      sinks.set(id, sink);
    }
  }
  return { sources, sinks };
}

function cannot(connector: string, what: string, table: string): WeirError {
  return new WeirError('WEIR-7241', `table ${table}: the connector '${connector}' can't be ${what}`, {
    hint: 'take another connector for this table',
  });
}
