import { subscribe } from 'node:diagnostics_channel';
import type { ServerHttp2Stream } from 'node:http2';
import { credentials, ServerCredentials, status } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { CallOrigin, Caller, ServerSecurity } from '@weir/wire/caller.ts';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';
import { methodRoles } from './method-roles.ts';
import { natsAccess, type NatsAccess, type NatsSettings } from './nats-access.ts';
import { bodyLimits, RequestBodies } from './request-bodies.ts';

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
      identify: anybody,
    },
    channel: credentials.createInsecure(),
    nats: natsAccess,
  };
}

/** Roles are enforced later; a method that has none is nobody's. */
function anybody({ path, peer }: CallOrigin): Caller {
  if (Object.hasOwn(methodRoles, path.slice(1))) return { kind: 'anonymous', name: 'anonymous', peer };
  throw new GrpcStatusError(status.PERMISSION_DENIED, 'WEIR-8006', `nobody may call ${path}: no role has it`);
}

let bounded = false;

/** Bounds all requests to this process from now on. gRPC's servers are the only ones here that speak HTTP/2. */
function boundRequestBodies(): void {
  if (bounded) return;
  bounded = true;
  const bodies = new RequestBodies(bodyLimits, () => performance.now());
  subscribe('http2.server.stream.created', (message) =>
    bodies.watch((message as { stream: ServerHttp2Stream }).stream),
  );
}
