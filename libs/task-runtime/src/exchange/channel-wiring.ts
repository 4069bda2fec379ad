import { present } from '@weir/kernel/assert.ts';
import { subtaskKey } from '@weir/kernel/subtask-id.ts';
import type { Exchange, PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { channelKey, type ChannelId } from './channel-element.ts';
import { InboundChannel } from './inbound-channel.ts';
import { connectLocally } from './local-exchange.ts';
import { OutboundChannel } from './outbound-channel.ts';

export interface WorkerPlace {
  readonly incarnation: string;
  /** host:port of its gRPC server. */
  readonly address: string;
}

/** What of a generation its channels follow from. */
export interface ChannelPlan {
  readonly plan: Pick<PhysicalPlan, 'exchanges'>;
  readonly parallelism: number;
  /** By subtask key. */
  readonly placement: ReadonlyMap<string, WorkerPlace>;
}

/** Channels to or from one other worker. */
export interface RemotePeer<C> {
  readonly place: WorkerPlace;
  readonly channels: C[];
}

/** The ends of all channels that one worker has in a generation. */
export interface ChannelWiring {
  readonly outbound: ReadonlyMap<string, OutboundChannel>;
  readonly inbound: ReadonlyMap<string, InboundChannel>;
  /** By incarnation of the receiving worker. */
  readonly sendsTo: ReadonlyMap<string, RemotePeer<OutboundChannel>>;
  /** By incarnation of the sending worker. */
  readonly pullsFrom: ReadonlyMap<string, RemotePeer<InboundChannel>>;
}

/**
 * Makes the channels' ends that belong to subtasks of this worker and joins those that have both ends here.
 * @param notify what wakes a subtask (by subtask key) when something arrived for it
 */
export function wireChannels(
  spec: ChannelPlan,
  incarnation: string,
  notify: (subtask: string) => () => void,
  fail: (error: unknown) => void,
): ChannelWiring {
  const outbound = new Map<string, OutboundChannel>();
  const inbound = new Map<string, InboundChannel>();
  const sendsTo = new Map<string, RemotePeer<OutboundChannel>>();
  const pullsFrom = new Map<string, RemotePeer<InboundChannel>>();
  for (const exchange of spec.plan.exchanges) {
    for (const id of channelsOf(exchange, spec.parallelism)) {
      const senderKey = subtaskKey({ stage: exchange.from.stage, index: id.from });
      const receiverKey = subtaskKey({ stage: exchange.to.stage, index: id.to });
      const sender = present(spec.placement.get(senderKey), `the place of ${senderKey}`);
      const receiver = present(spec.placement.get(receiverKey), `the place of ${receiverKey}`);
      const out = sender.incarnation === incarnation ? new OutboundChannel(id) : undefined;
      const into =
        receiver.incarnation === incarnation ? new InboundChannel(id, notify(receiverKey)) : undefined;
      if (out !== undefined) outbound.set(channelKey(id), out);
      if (into !== undefined) inbound.set(channelKey(id), into);
      if (out !== undefined && into !== undefined) connectLocally(out, into, fail);
      else if (out !== undefined) peer(sendsTo, receiver).channels.push(out);
      else if (into !== undefined) peer(pullsFrom, sender).channels.push(into);
    }
  }
  return { outbound, inbound, sendsTo, pullsFrom };
}

/** Every channel of an exchange: all to all for a hash, i to i for forward. */
function channelsOf(exchange: Exchange, parallelism: number): ChannelId[] {
  const channels: ChannelId[] = [];
  for (let from = 0; from < parallelism; from += 1) {
    for (let to = 0; to < parallelism; to += 1) {
      if (exchange.partitioning.kind === 'hash' || from === to)
        channels.push({ exchange: exchange.id, from, to });
    }
  }
  return channels;
}

function peer<C>(peers: Map<string, RemotePeer<C>>, place: WorkerPlace): RemotePeer<C> {
  let found = peers.get(place.incarnation);
  if (found === undefined) {
    found = { place, channels: [] };
    peers.set(place.incarnation, found);
  }
  return found;
}
