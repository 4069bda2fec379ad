import { present } from '@weir/kernel/assert.ts';
import type { Fault } from './fault.ts';

/** The broker dies or is stopped in order, and comes back with what it had acknowledged. */
export const restartKafka: Fault = {
  name: 'restart-kafka',
  weight: 1,
  downMs: [0, 3000],
  isPossible: ({ kafka }) => kafka !== undefined,
  plan(rng, { kafka }) {
    const broker = present(kafka, 'a Kafka of our own');
    const dies = rng.below(2) === 0;
    return {
      what: `${dies ? 'kill' : 'stop'} Kafka, start it again`,
      strike: () => (dies ? broker.kill() : broker.stop()),
      heal: () => broker.restart(),
    };
  },
};
