import type { Connector, ConnectorMetadata } from '@weir/connectors/connector.ts';
import { eventTimeOptions, formatOptions, optionSchema } from '@weir/connectors/options/option-schema.ts';
import type { World } from './world.ts';
import { WorldSink } from './world-sink.ts';
import { WorldSource } from './world-source.ts';

const metadata: Readonly<Record<string, ConnectorMetadata>> = {
  offset: { type: { kind: 'integer', bits: 64, signed: true }, nullable: false, writable: false },
  partition: { type: { kind: 'integer', bits: 32, signed: true }, nullable: false, writable: false },
};

/**
 * Tables of a `World`, for tests: read in partitions, step by step, and written exactly once in transactions.
 * @param worldOf the world of a pipeline by its name
 */
export function worldConnector(name: string, worldOf: (pipeline: string) => World): Connector {
  return {
    name,
    title: 'Tables of a test',
    tableOptions: optionSchema({
      type: { description: 'what the table is used for', enum: ['source', 'sink'] },
      ...formatOptions,
      ...eventTimeOptions,
    }),
    canRead: true,
    canWrite: true,
    metadata,
    createSource: (node, context) =>
      new WorldSource(node, context, worldOf(context.pipeline).input(node.table)),
    createSink: (node, context) => new WorldSink(node, context, worldOf(context.pipeline).output(node.table)),
    createRecovery(node, context) {
      const output = worldOf(context.pipeline).output(node.table);
      return {
        trouble: undefined,
        endTransaction: async ({ transactionalId }) => output.endTransaction(transactionalId),
        askLog: async ({ transactionalId }) => output.askLog(transactionalId),
        cleanUp: async (generations) =>
          output.abortGenerations(new Set(generations.map(({ generation }) => generation))),
        ongoingGenerations: async () => output.openGenerations,
        transactionTimeoutMs: async () => undefined,
        clusterIdentity: async () => 'a world',
        close: async () => {},
      };
    },
  };
}
