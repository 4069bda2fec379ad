import { tellsChanges } from '@weir/formats/change-formats.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import { formatTransactionalId, slotCount } from '@weir/epoch-protocol/transactional-id.ts';
import type { Connector, ConnectorMetadata, RecoveryContext, SinkRecovery } from '../connector.ts';
import {
  deadLetterOptions,
  eventTimeOptions,
  formatOptions,
  optionSchema,
} from '../options/option-schema.ts';
import { topicChanges } from '../topic-changes.ts';
import type { TestBroker } from './test-broker.ts';
import { TestSink } from './test-sink.ts';
import { TestSource } from './test-source.ts';
import type { TestTables } from './test-tables.ts';

const metadata: Readonly<Record<string, ConnectorMetadata>> = {
  offset: { type: { kind: 'integer', bits: 64, signed: true }, nullable: false, writable: false },
  partition: { type: { kind: 'integer', bits: 32, signed: true }, nullable: false, writable: false },
};

/**
 * The connector of tests: tables in memory, read in partitions, step by step, and written exactly once in transactions.
 * @param tablesOf the tables of a pipeline by its name
 */
export function testConnector(name: string, tablesOf: (pipeline: string) => TestTables): Connector {
  return {
    name,
    title: 'Tables of a test',
    tableOptions: optionSchema({
      type: { description: 'what the table is used for', enum: ['source', 'sink'] },
      ...formatOptions,
      ...deadLetterOptions,
      ...eventTimeOptions,
    }),
    canRead: true,
    canWrite: true,
    metadata,
    emits: topicChanges,
    accepts: ({ format }, primaryKey) =>
      tellsChanges(format) ? 'retract' : primaryKey.length > 0 ? 'upsert' : 'append',
    sharedProgress({ options: a }, { options: b }) {
      return a['group'] !== undefined && a['group'] === b['group'] ? `the group '${a['group']}'` : undefined;
    },
    resolveStart: async (_node, context) => tablesOf(context.pipeline).resolveStart(),
    createSource(node, context) {
      const tables = tablesOf(context.pipeline);
      const source = new TestSource(node, context, tables.input(node.table));
      tables.sources.push(source);
      return source;
    },
    createSink(node, context) {
      const tables = tablesOf(context.pipeline);
      const sink = new TestSink(node, context, tables);
      tables.sinks.push(sink);
      return sink;
    },
    createRecovery: (node, context) => new TestRecovery(node, context, tablesOf(context.pipeline).broker),
  };
}

class TestRecovery implements SinkRecovery {
  readonly #context: RecoveryContext;
  readonly #broker: TestBroker;

  constructor(_node: SinkNode, context: RecoveryContext, broker: TestBroker) {
    this.#context = context;
    this.#broker = broker;
  }

  get trouble(): string | undefined {
    return this.#broker.away ?? undefined;
  }

  endTransaction: SinkRecovery['endTransaction'] = async (handle) => this.#broker.endTxn(handle);

  askLog: SinkRecovery['askLog'] = async (handle) => this.#broker.log(handle);

  cleanUp: SinkRecovery['cleanUp'] = async (generations) => {
    const { clusterName: cluster, pipeline, pipelineId, operator } = this.#context;
    const scope = { cluster, pipeline, pipelineId };
    this.#broker.cleanUps.push(generations.map(({ generation }) => generation));
    for (const { generation: g, parallelism } of generations) {
      for (let subtask = 0; subtask < parallelism; subtask += 1) {
        for (let slot = 0; slot < slotCount; slot += 1) {
          this.#broker.initProducerId(formatTransactionalId({ scope, g, sink: operator, subtask, slot }));
        }
      }
    }
  };

  ongoingGenerations: SinkRecovery['ongoingGenerations'] = async () =>
    this.#broker.ongoing(this.#context.operator);

  transactionTimeoutMs: SinkRecovery['transactionTimeoutMs'] = async () => this.#broker.transactionTimeoutMs;

  clusterIdentity: SinkRecovery['clusterIdentity'] = async () => {
    if (this.#broker.refusal !== null) throw this.#broker.refusal;
    return this.#broker.identity;
  };

  async close(): Promise<void> {}
}
