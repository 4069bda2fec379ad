import { isName } from '@weir/kernel/is-name.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { SinkSpec } from './ledger-entries.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';

/** A sink subtask has this many transactional ids in a generation; epoch e uses slot e mod 3. */
export const slotCount = 3;

/** Names that keep one pipeline's ids, keys and subjects apart from those of any other cluster, or an earlier pipeline of its name. */
export interface PipelineScope {
  readonly cluster: string;
  readonly pipeline: string;
  readonly pipelineId: string;
}

export interface TransactionalId {
  readonly scope: PipelineScope;
  readonly g: number;
  readonly sink: string;
  readonly subtask: number;
  readonly slot: number;
}

const sinkPattern = /^[A-Za-z0-9_-]+$/;

/** `weir.<cluster>.<pipeline>.<pipeline id>.<generation>.<sink>.<subtask>.<slot>` */
export function formatTransactionalId(id: TransactionalId, rules: ProtocolRules = allRules): string {
  const { cluster, pipeline, pipelineId } = id.scope;
  assert(
    isName(cluster) && isName(pipeline) && isName(pipelineId),
    `names in a transactional id: ${cluster}, ${pipeline}, ${pipelineId}`,
  );
  assert(sinkPattern.test(id.sink), `the sink id '${id.sink}' is of letters, digits, _ and -`);
  assert(id.slot >= 0 && id.slot < slotCount, 'the slot is 0, 1 or 2');
  const generation = rules.idsScopedByGeneration ? id.g : 0;
  return `${transactionalIdPrefix(id.scope)}${generation}.${id.sink}.${id.subtask}.${id.slot}`;
}

/** Prefix of all ids of a pipeline, for ListTransactions. */
export function transactionalIdPrefix(scope: PipelineScope): string {
  return `weir.${scope.cluster}.${scope.pipeline}.${scope.pipelineId}.`;
}

/** Undefined when the text isn't an id of ours: such transactions are somebody else's. */
export function parseTransactionalId(text: string): TransactionalId | undefined {
  const match =
    /^weir\.([a-z0-9-]+)\.([a-z0-9-]+)\.([a-z0-9-]+)\.(\d+)\.([A-Za-z0-9_-]+)\.(\d+)\.([012])$/.exec(text);
  if (!match) return undefined;
  const [, cluster = '', pipeline = '', pipelineId = '', g, sink = '', subtask, slot] = match;
  return {
    scope: { cluster, pipeline, pipelineId },
    g: Number(g),
    sink,
    subtask: Number(subtask),
    slot: Number(slot),
  };
}

export function slotOf(e: number): number {
  return e % slotCount;
}

/** Every transactional id that a generation's tasks may have used, by sink. */
export function transactionalIdsOfGeneration(
  scope: PipelineScope,
  g: number,
  sinks: readonly SinkSpec[],
): string[] {
  return sinks
    .filter((sink) => sink.kind === 'kafka')
    .flatMap((sink) => transactionalIdsOfSink(scope, g, sink));
}

/** Every transactional id that a sink of a generation may have used: parallelism x 3. */
export function transactionalIdsOfSink(scope: PipelineScope, g: number, sink: SinkSpec): string[] {
  const ids: string[] = [];
  for (let subtask = 0; subtask < sink.parallelism; subtask += 1) {
    for (let slot = 0; slot < slotCount; slot += 1) {
      ids.push(formatTransactionalId({ scope, g, sink: sink.operator, subtask, slot }));
    }
  }
  return ids;
}
