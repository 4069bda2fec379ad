import { present } from '@weir/kernel/assert.ts';
import type { Fault } from './fault.ts';

/** NATS dies and comes back with nothing of what it knew. */
export const restartNats: Fault = {
  name: 'nats',
  weight: 1,
  downMs: [0, 4000],
  isPossible: ({ nats }) => nats !== undefined,
  plan(_rng, { nats }) {
    const server = present(nats, 'a NATS of our own');
    return {
      what: 'kill NATS, start it empty',
      strike: async () => {
        await server.kill();
      },
      heal: () => server.restart({ empty: true }),
    };
  },
};
