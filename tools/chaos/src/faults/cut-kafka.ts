import { present } from '@weir/kernel/assert.ts';
import { cutConnections } from './cut-connections.ts';
import type { Fault } from './fault.ts';

/** Weir's processes lose their connections to Kafka, which is well. */
export const cutKafka: Fault = {
  name: 'cut-kafka',
  weight: 1,
  downMs: [300, 5000],
  isPossible: ({ kafkaProxy }) => kafkaProxy !== undefined,
  plan: (rng, { kafkaProxy }) => cutConnections(rng, 'Kafka', present(kafkaProxy, 'a proxy before Kafka')),
};
