import { present } from '@weir/kernel/assert.ts';
import type { Fault } from './fault.ts';

/** Kafka answers nobody for a while: requests are under way, and nobody knows what became of them. */
export const pauseKafka: Fault = {
  name: 'kafka-pause',
  weight: 1,
  downMs: [500, 5000],
  isPossible: ({ kafka }) => kafka !== undefined,
  plan(_rng, { kafka }) {
    const broker = present(kafka, 'a Kafka of our own');
    return {
      what: 'pause Kafka',
      strike: async () => broker.pause(),
      heal: async () => broker.resume(),
    };
  },
};
