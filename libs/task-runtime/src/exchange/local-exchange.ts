import { channelWindowBytes, type InboundChannel } from './inbound-channel.ts';
import type { OutboundChannel } from './outbound-channel.ts';

/** Joins both ends of a channel inside one process. Frames are handed over as they are: they are copies of the rows already. */
export function connectLocally(
  outbound: OutboundChannel,
  inbound: InboundChannel,
  fail: (error: unknown) => void,
): void {
  inbound.connect((bytes) => outbound.grant(bytes));
  outbound.connect(() => {
    try {
      for (let taken = outbound.take(); taken !== undefined; taken = outbound.take()) {
        inbound.arrive(taken.sequence, taken.element);
      }
    } catch (error) {
      fail(error);
    }
  });
  outbound.grant(channelWindowBytes);
}
