import { credentials, ServerCredentials } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { ServerSecurity } from '@weir/wire/caller.ts';
import { natsAccess, type NatsAccess, type NatsSettings } from './nats-access.ts';
import { boundRequestBodies } from './request-bodies.ts';

/**
 * The credentials of every gRPC and NATS client and server of a process: made here and nowhere else (a test sees to it), so that
 * whoever connects or serves needs to know nothing of them.
 */
export interface SecureTransport {
  /** True where others on the network can neither read nor change what is said. */
  readonly encrypted: boolean;
  readonly server: ServerSecurity;
  readonly channel: ChannelCredentials;
  nats(settings: NatsSettings): NatsAccess;
}

/** Nothing is encrypted and anybody who reaches a port may call. What unfinished calls hold is bounded. */
export function plainTransport(): SecureTransport {
  boundRequestBodies();
  return {
    encrypted: false,
    server: {
      credentials: ServerCredentials.createInsecure(),
      identify: ({ peer }) => ({ kind: 'anonymous', name: 'anonymous', peer }),
    },
    channel: credentials.createInsecure(),
    nats: natsAccess,
  };
}
