import { ServerInterceptingCall } from '@grpc/grpc-js';
import type {
  Metadata,
  ServerCredentials,
  ServerInterceptingCallInterface,
  ServerInterceptor,
} from '@grpc/grpc-js';
import { present } from '@weir/kernel/assert.ts';
import { toServiceError } from './grpc-error.ts';

/** Who makes a call, as far as the server knows. */
export interface Caller {
  /** `anonymous`: anybody who reaches the port. */
  readonly kind: 'anonymous';
  /** For logs. */
  readonly name: string;
  /** Address that the call comes from, `host:port`. */
  readonly peer: string;
}

/** What a call shows of its sender. */
export interface CallOrigin {
  /** `/weir.v1.PipelineService/GetPipeline` */
  readonly path: string;
  readonly peer: string;
  /** Headers, a token's among them. */
  readonly metadata: Metadata;
  /** The certificate that it came with, over TLS. */
  readonly auth: ReturnType<ServerInterceptingCallInterface['getAuthContext']>;
}

/** How a server is reached and how it finds out who calls: made by libs/security and nowhere else. */
export interface ServerSecurity {
  readonly credentials: ServerCredentials;
  /** @throws WeirError for a caller that isn't let in */
  identify(origin: CallOrigin): Caller;
}

/** By the metadata object of the call, which interceptors hand on to the handler as it is. */
const callers = new WeakMap<Metadata, Caller>();

/** Identifies whoever calls before a handler begins; those who aren't let in get the error's status. */
export function callerInterceptor(security: ServerSecurity): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, forward) {
            try {
              const origin = {
                path: method.path,
                peer: call.getPeer(),
                metadata,
                auth: call.getAuthContext(),
              };
              noteCaller(metadata, security.identify(origin));
            } catch (error) {
              const { code = 16, details = '', metadata: trailers = null } = toServiceError(error);
              call.sendStatus({ code, details, metadata: trailers });
              return;
            }
            forward(metadata);
          },
        });
      },
    });
}

/** For a server that isn't gRPC's own: a simulator's. */
export function noteCaller(metadata: Metadata, caller: Caller): void {
  callers.set(metadata, caller);
}

export function callerOf(metadata: Metadata): Caller {
  return present(callers.get(metadata), 'the caller of this call');
}
