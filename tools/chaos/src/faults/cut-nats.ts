import { present } from '@weir/kernel/assert.ts';
import { cutConnections } from './cut-connections.ts';
import type { Fault } from './fault.ts';

/** Weir's processes lose their connections to NATS, which knows what it knew when they are back. */
export const cutNats: Fault = {
  name: 'cut-nats',
  weight: 1,
  downMs: [300, 5000],
  isPossible: ({ natsProxy }) => natsProxy !== undefined,
  plan: (rng, { natsProxy }) => cutConnections(rng, 'NATS', present(natsProxy, 'a proxy before NATS')),
};
