import { resolved } from '@weir/connectors/connections/resolved-table.ts';
import type { SinkRecovery } from '@weir/connectors/connector.ts';
import type { GenerationRecord } from '@weir/epoch-protocol/ledger-state.ts';
import type { SinkSpec } from '@weir/epoch-protocol/ledger-entries.ts';
import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';
import type { SubtaskKafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { readSinkNode } from '@weir/plan/read-plan.ts';
import { connectorContext, type CoordinatorContext } from '../coordinator-context.ts';
import { connectorNamed, type SinkConnection } from './generation-plan.ts';

/** An answer, and why it has to be asked again where it does. */
export interface Asked<T> {
  readonly answer: T;
  readonly again: string | null;
}

/** The connections with which recovery asks and cleans up, without any worker; made when needed, closed together. */
export class RecoverySinks {
  readonly #context: CoordinatorContext;
  readonly #scope: PipelineScope;
  readonly #open = new Map<string, Promise<SinkRecovery>>();

  constructor(context: CoordinatorContext, scope: PipelineScope) {
    this.#context = context;
    this.#scope = scope;
  }

  /** EndTxn(commit) with the saved ids. `sinks` are those of the epoch's own generation. */
  async endTransaction(sinks: readonly SinkSpec[], handle: SubtaskKafkaHandle): Promise<Asked<EndTxnAnswer>> {
    const recovery = await this.#of(specOf(sinks, handle));
    const answer = await recovery.endTransaction(handle.handle);
    return { answer, again: answer === 'ask-again' ? (recovery.trouble ?? 'no answer') : null };
  }

  async askLog(sinks: readonly SinkSpec[], handle: SubtaskKafkaHandle): Promise<Asked<LogAnswer>> {
    const recovery = await this.#of(specOf(sinks, handle));
    const answer = await recovery.askLog(handle.handle);
    const again = "an open transaction holds back the log's stable end";
    return { answer, again: answer === 'undecided' ? again : null };
  }

  /** InitProducerId on every transactional id of these generations. */
  async cleanUp(generations: readonly GenerationRecord[]): Promise<void> {
    const groups = new Map<
      string,
      { spec: SinkSpec; generations: { generation: number; parallelism: number }[] }
    >();
    for (const { body } of generations) {
      for (const spec of body.sinks.filter((sink) => sink.kind === 'kafka')) {
        const group = groups.get(keyOf(spec)) ?? { spec, generations: [] };
        group.generations.push({ generation: body.g, parallelism: spec.parallelism });
        groups.set(keyOf(spec), group);
      }
    }
    await Promise.all(
      [...groups.values()].map(async (group) => (await this.#of(group.spec)).cleanUp(group.generations)),
    );
  }

  /** Those of the generations that still have a transaction open at the brokers. */
  async ongoing(generations: readonly GenerationRecord[]): Promise<GenerationRecord[]> {
    const specs = new Map(
      generations
        .flatMap(({ body }) => body.sinks)
        .filter((spec) => spec.kind === 'kafka')
        .map((spec) => [keyOf(spec), spec]),
    );
    const numbers = await Promise.all(
      [...specs.values()].map(async (spec) => (await this.#of(spec)).ongoingGenerations()),
    );
    const open = new Set(numbers.flat());
    return generations.filter(({ body }) => open.has(body.g));
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(async (recovery) => (await recovery).close()));
  }

  #of(spec: SinkSpec): Promise<SinkRecovery> {
    const key = keyOf(spec);
    let recovery = this.#open.get(key);
    if (recovery === undefined) {
      recovery = this.#connect(spec);
      this.#open.set(key, recovery);
      recovery.catch(() => this.#open.delete(key));
    }
    return recovery;
  }

  async #connect(spec: SinkSpec): Promise<SinkRecovery> {
    const node = readSinkNode((spec.connection as SinkConnection).node);
    const connector = connectorNamed(this.#context, node.connector);
    const around = { ...connectorContext(this.#context, this.#scope), operator: spec.operator };
    const recovery = present(
      connector.createRecovery?.(await resolved(node, around), around),
      `recovery of the connector ${node.connector}`,
    );
    try {
      await this.#checkIdentity(spec, node.table, recovery);
      return recovery;
    } catch (error) {
      await recovery.close();
      throw error;
    }
  }

  /** Another Kafka under the same address knows nothing of our transactions: what it says is no verdict. */
  async #checkIdentity(spec: SinkSpec, table: string, recovery: SinkRecovery): Promise<void> {
    const identity = await recovery.clusterIdentity();
    if (spec.kafkaClusterId === undefined || identity === spec.kafkaClusterId) return;
    throw new WeirError(
      'WEIR-7105',
      `table '${table}' was written to the Kafka cluster ${spec.kafkaClusterId}, but its brokers now say that they are ${identity}`,
      {
        disposition: 'retry',
        hint: 'point the address back at the former cluster: only it can say whether the last epoch is committed',
      },
    );
  }
}

function specOf(sinks: readonly SinkSpec[], handle: SubtaskKafkaHandle): SinkSpec {
  const spec = sinks.find((sink) => sink.operator === handle.operator);
  return present(spec, `the sink ${handle.operator} in its generation`);
}

const keyOf = (spec: SinkSpec): string =>
  JSON.stringify([spec.operator, spec.kafkaClusterId, spec.connection]);
