import { currentGeneration } from '@weir/epoch-protocol/ledger-state.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { tableOfDeadLetters } from '@weir/plan/rejected-schema.ts';
import type { TailPipelineResponse } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import { sinksOf } from '../checkpoint/generation-plan.ts';
import type { Coordinator } from '../coordinator.ts';
import { addressOf } from '../schedule/place-subtasks.ts';
import { wrongArgument } from './api-errors.ts';
import { recordNamed } from './pipeline-wishes.ts';

const lookEveryMs = 500;

/** Rows that a pipeline's sinks commit, from all its workers, over all its generations, until nobody looks or it is removed. */
export async function tailPipeline(
  coordinator: Coordinator,
  what: { readonly name: string; readonly table: string },
  send: (rows: TailPipelineResponse) => void,
  signal: AbortSignal,
): Promise<void> {
  const { timers } = coordinator.context.ports;
  const sink = sinkOf(await recordNamed(coordinator, what.name), what.table);
  const onRows = (rows: TailPipelineResponse): void => {
    if (isMeant(rows.table, what.table)) send(rows);
  };
  while (!signal.aborted) {
    const record = await recordNamed(coordinator, what.name);
    await tailGeneration(coordinator, record, sink, onRows, signal);
    if (!signal.aborted) await timers.sleep(lookEveryMs);
  }
}

/** Operator id of the only sink that is meant, or empty for several. */
function sinkOf(record: PipelineRecord, table: string): string {
  const sinks = sinksOf(record.plan);
  const meant = sinks.filter((sink) => isMeant(sink.node.table, table));
  if (meant.length === 0) {
    const tables = [...new Set(sinks.map((sink) => sink.node.table))].join(', ');
    throw wrongArgument(`the pipeline '${record.name}' writes no table '${table}'`, `it writes ${tables}`);
  }
  return meant.length === 1 ? (meant[0]?.operator.id ?? '') : '';
}

/** Dead letters are shown to who names them. */
function isMeant(table: string, wanted: string): boolean {
  return wanted === '' ? tableOfDeadLetters(table) === undefined : table === wanted;
}

/** Ends when all its streams have, or a newer generation is there. */
async function tailGeneration(
  coordinator: Coordinator,
  record: PipelineRecord,
  sink: string,
  onRows: (rows: TailPipelineResponse) => void,
  signal: AbortSignal,
): Promise<void> {
  const { context } = coordinator;
  const driver = coordinator.driver(record.name);
  const generation = driver && currentGeneration(await driver.ledgerState());
  const placed = generation?.placed;
  if (driver === undefined || !generation || !placed) return;
  const over = new AbortController();
  const end = (): void => over.abort();
  signal.addEventListener('abort', end, { once: true });
  const check = context.ports.timers.every(lookEveryMs, () => {
    const { status } = driver;
    if (status !== null && status.generation !== generation.body.g) end();
  });
  const addresses = new Map(placed.subtasks.map((subtask) => [subtask.incarnation, addressOf(subtask)]));
  const { cluster, pipeline, pipelineId } = {
    cluster: context.clusterName,
    pipeline: record.name,
    pipelineId: record.id,
  };
  try {
    await Promise.all(
      [...addresses].map(async ([incarnation, address]) => {
        if (address === undefined) return;
        const scope = { cluster, pipeline, pipelineId, generation: generation.body.g, incarnation };
        await context.workerClients
          .at(address)
          .tailOutput(scope, sink, onRows, over.signal)
          .catch((error: unknown) =>
            context.log.info({ pipeline, error: describeError(error) }, 'a tail has ended'),
          );
      }),
    );
  } finally {
    check.cancel();
    signal.removeEventListener('abort', end);
    end();
  }
}
