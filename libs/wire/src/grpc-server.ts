import { Server } from '@grpc/grpc-js';
import type {
  ServerCredentials,
  ServerInterceptor,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { WeirError } from '@weir/kernel/errors.ts';
import { formatHostPort, parseHostPort, type HostPort } from '@weir/kernel/host-port.ts';
import type { Timers } from '@weir/kernel/ports.ts';
import type { CallLimits } from './call-limits.ts';
import { callerInterceptor, type ServerSecurity } from './caller.ts';

export interface GrpcServerConfig {
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly services: readonly GrpcService[];
  /** Files below proto/ that reflection describes: `weir/v1/pipeline.proto`. None: no reflection. */
  readonly reflection: readonly string[];
  /** Folder of the .proto files, when it isn't the repository's. */
  readonly protoFolder?: string;
  readonly security: ServerSecurity;
  readonly limits: CallLimits;
  /** Beside the one that identifies callers, which is the first. */
  readonly interceptors?: readonly ServerInterceptor[];
}

export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

export interface GrpcServer {
  /** `host:port` that it listens on, with the real port. */
  readonly address: string;
  readonly port: number;
  /** For the standard health service; the server starts as serving. */
  setServing(serving: boolean): void;
  /** Takes no new calls, lets running ones end for `graceMs`, then ends them. */
  close(timers: Timers, graceMs: number): Promise<void>;
}

/** Starts a server with health and reflection. @throws WeirError WEIR-8003 when the address can't be bound */
export async function startGrpcServer(config: GrpcServerConfig): Promise<GrpcServer> {
  const { security, limits, interceptors = [] } = config;
  const server = new Server({
    'grpc.max_receive_message_length': limits.receiveBytes,
    'grpc.max_send_message_length': limits.sendBytes,
    'grpc.max_concurrent_streams': limits.callsPerConnection,
    // A client whose machine has vanished leaves its connection open: its calls end soon after all the same.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    interceptors: [callerInterceptor(security), ...interceptors],
  });
  for (const service of config.services) server.addService(service.definition, service.implementation);
  const health = new HealthImplementation({ '': 'SERVING' });
  health.addToServer(server);
  if (config.reflection.length > 0) {
    reflectionOf(config.protoFolder ?? repositoryProtoFolder(), config.reflection).addToServer(server);
  }
  const wanted = readListenAddress(config.listen);
  // An empty host is all addresses, IPv4's as ever.
  const host = wanted.host === '' ? '0.0.0.0' : wanted.host;
  const port = await bind(server, formatHostPort(host, wanted.port), security.credentials);
  return {
    address: formatHostPort(host, port),
    port,
    setServing: (serving) => health.setStatus('', serving ? 'SERVING' : 'NOT_SERVING'),
    close: (timers, graceMs) => {
      health.setStatus('', 'NOT_SERVING');
      return closeWithin(server, timers, graceMs);
    },
  };
}

function reflectionOf(folder: string, files: readonly string[]): ReflectionService {
  return new ReflectionService(
    loadSync([...files], {
      includeDirs: [folder],
      keepCase: true,
      longs: String,
      defaults: true,
      oneofs: true,
    }),
  );
}

function repositoryProtoFolder(): string {
  return decodeURIComponent(new URL('../../../proto', import.meta.url).pathname);
}

/** @throws WeirError WEIR-8003 for text that is no address to listen on */
export function readListenAddress(listen: string): HostPort {
  const address = parseHostPort(listen);
  if (address !== undefined) return address;
  throw new WeirError('WEIR-8003', `'${listen}' is not an address to listen on`, {
    hint: 'write host:port, for example 127.0.0.1:0 (port 0 takes a free one), or [::1]:0',
  });
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) {
        reject(
          new WeirError('WEIR-8003', `can't listen on ${address}`, {
            cause: error,
            hint: 'another process may hold the port: take another one, or 0 for a free one',
          }),
        );
      } else resolve(port);
    });
  });
}

function closeWithin(server: Server, timers: Timers, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = timers.after(graceMs, () => server.forceShutdown());
    server.tryShutdown(() => {
      timer.cancel();
      server.forceShutdown();
      resolve();
    });
  });
}
