import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerOptions, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Timers } from '@weir/kernel/ports.ts';

export interface GrpcServerConfig {
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly services: readonly GrpcService[];
  /** Files below proto/ that reflection describes: `weir/v1/pipeline.proto`. None: no reflection. */
  readonly reflection: readonly string[];
  /** Folder of the .proto files, when it isn't the repository's. */
  readonly protoFolder?: string;
  readonly credentials?: ServerCredentials;
  readonly options?: ServerOptions;
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

/** Messages may be as large as a frame with one large record. */
export const maxMessageBytes = 128 * 1024 * 1024;

const defaultServerOptions: ServerOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': maxMessageBytes,
};

/** Starts a server with health and reflection. @throws WeirError WEIR-8003 when the address can't be bound */
export async function startGrpcServer(config: GrpcServerConfig): Promise<GrpcServer> {
  const server = new Server({ ...defaultServerOptions, ...config.options });
  for (const service of config.services) server.addService(service.definition, service.implementation);
  const health = new HealthImplementation({ '': 'SERVING' });
  health.addToServer(server);
  if (config.reflection.length > 0) {
    reflectionOf(config.protoFolder ?? repositoryProtoFolder(), config.reflection).addToServer(server);
  }
  const { host, bindAddress } = splitAddress(config.listen);
  const port = await bind(server, bindAddress, config.credentials ?? ServerCredentials.createInsecure());
  return {
    address: `${host}:${port}`,
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

function splitAddress(listen: string): { host: string; bindAddress: string } {
  const match = /^(.*):(\d+)$/.exec(listen);
  if (!match) {
    throw new WeirError('WEIR-8003', `'${listen}' is not an address to listen on`, {
      hint: 'write host:port, for example 127.0.0.1:0 (port 0 takes a free one)',
    });
  }
  return { host: match[1] === '' ? '0.0.0.0' : (match[1] ?? ''), bindAddress: listen };
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
