import type { TcpProxy } from '@weir/tool-stack/tcp-proxy.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';
import type { PlannedFault } from './fault.ts';

/** How connections can be cut, for as long as it lasts. */
const ways: readonly { readonly how: string; cut(proxy: TcpProxy): Promise<void> }[] = [
  { how: 'closed and refused', cut: (proxy) => proxy.refuse() },
  { how: 'reset', cut: (proxy) => proxy.disturb({ type: 'reset_peer', timeout: 0 }) },
  // Open for those on both ends: only their own deadlines help.
  { how: 'silent', cut: (proxy) => proxy.disturb({ type: 'timeout', timeout: 0 }) },
  // What is asked is done, and nobody hears of it.
  {
    how: 'without answers',
    cut: (proxy) => proxy.disturb({ type: 'timeout', timeout: 0 }, ['downstream']),
  },
];

/** Cuts Weir's processes off from a server, in one of several ways; others reach it. */
export function cutConnections(rng: SeededRandom, server: string, proxy: TcpProxy): PlannedFault {
  const { how, cut } = rng.pick(ways);
  return {
    what: `cut connections to ${server} (${how})`,
    strike: () => cut(proxy),
    heal: () => proxy.mend(),
  };
}
