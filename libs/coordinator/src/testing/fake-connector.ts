import type { Connector } from '@weir/connectors/connector.ts';
import { formatTransactionalId, slotCount } from '@weir/epoch-protocol/transactional-id.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import type { FakeBroker } from './fake-broker.ts';

/** A connector whose sinks' transactions are in a FakeBroker. */
export class FakeConnector implements Connector {
  readonly name = 'fake';
  readonly title = 'for tests';
  readonly tableOptions = {};
  readonly canRead = true;
  readonly canWrite = true;
  readonly #broker: FakeBroker;
  /** Thrown by resolveStart while set. */
  missing: WeirError | null = null;

  constructor(broker: FakeBroker) {
    this.#broker = broker;
  }

  /** Until this settles resolveStart has no answer. */
  silence: Promise<void> | null = null;

  async resolveStart() {
    await this.silence;
    if (this.missing !== null) throw this.missing;
    return { 'in/0': { offset: '100' } };
  }

  createRecovery: NonNullable<Connector['createRecovery']> = (_node, context) => {
    const broker = this.#broker;
    const scope = {
      cluster: context.clusterName,
      pipeline: context.pipeline,
      pipelineId: context.pipelineId,
    };
    return {
      endTransaction: async (handle) => broker.endTxn(handle),
      askLog: async (handle) => broker.log(handle),
      get trouble() {
        return broker.away ?? undefined;
      },
      async cleanUp(generations) {
        broker.cleanUps.push(generations.map((each) => each.generation));
        for (const { generation: g, parallelism } of generations) {
          for (let subtask = 0; subtask < parallelism; subtask += 1) {
            for (let slot = 0; slot < slotCount; slot += 1) {
              broker.initProducerId(
                formatTransactionalId({ scope, g, sink: context.operator, subtask, slot }),
              );
            }
          }
        }
      },
      ongoingGenerations: async () => broker.ongoing(),
      transactionTimeoutMs: async () => broker.transactionTimeoutMs,
      async clusterIdentity() {
        if (broker.refusal !== null) throw broker.refusal;
        return broker.identity;
      },
      close: async () => {},
    };
  };
}
