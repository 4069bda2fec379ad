import { present } from '@weir/kernel/assert.ts';
import type { Fault } from './fault.ts';

const leastDelayMs = 100;
const mostDelayMs = 800;

/** Every request to Kafka, and every answer, is under way for long: what was given up arrives later. */
export const delayKafka: Fault = {
  name: 'delay-kafka',
  weight: 1,
  downMs: [1000, 6000],
  isPossible: ({ kafkaProxy }) => kafkaProxy !== undefined,
  plan(rng, { kafkaProxy }) {
    const proxy = present(kafkaProxy, 'a proxy before Kafka');
    const latency = leastDelayMs + rng.below(mostDelayMs - leastDelayMs);
    const jitter = rng.below(latency / 2);
    return {
      what: `delay connections to Kafka (${latency} ± ${jitter} ms each way)`,
      strike: () => proxy.disturb({ type: 'latency', latency, jitter }),
      heal: () => proxy.mend(),
    };
  },
};
