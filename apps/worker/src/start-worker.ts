import { hostname } from 'node:os';
import type { RunningProcess } from '@weir/configuration/run-process.ts';
import { UsageError } from '@weir/configuration/settings.ts';
import { advertisedAddress } from '@weir/kernel/host-port.ts';
import { openClusterProcess, type ClusterConfig } from '@weir/process/cluster-process.ts';
import { KnownRegistries } from '@weir/schemas/registry/known-registries.ts';
import { RemoteWriterSchemas } from '@weir/schemas/service/remote-writer-schemas.ts';
import { grpcExchangeClients } from '@weir/task-runtime/exchange/exchange-pull.ts';
import { standardComponents } from '@weir/task-runtime/task-host/standard-components.ts';
import { createWorkerHost } from '@weir/task-runtime/task-host/worker-host.ts';
import { tracingServerInterceptor } from '@weir/telemetry/grpc-tracing.ts';
import { internalLimits } from '@weir/wire/call-limits.ts';
import { readListenAddress, startGrpcServer } from '@weir/wire/grpc-server.ts';
import { SchemaServiceClients } from '@weir/wire/schema-service-clients.ts';

export interface WorkerConfig extends ClusterConfig {
  /** Address at which other processes reach the gRPC server (`host` or `host:port`); when left out, what it listens on, or the host's name if that is all addresses. */
  readonly advertise: string | undefined;
  readonly slots: number;
  /** `host:port` of schema-service, several by comma: it is asked for schemas that records name. */
  readonly schemaService: string;
}

/** Running calls have this long when the worker ends. */
const closeGraceMs = 1000;

/**
 * Starts a worker process: control bus, store, gRPC with health and reflection, admin port, heartbeats.
 * @throws WeirError when NATS refuses us, the store can't be reached, or an address is taken; a NATS that isn't there yet is waited for
 */
export async function startWorker(config: WorkerConfig): Promise<RunningProcess> {
  const base = await openClusterProcess('worker', config);
  const { ports, log, failpoints, metrics, transport, store, bus, access } = base;
  const schemaService = new SchemaServiceClients(config.schemaService, ports.clock, transport.channel);
  const registries = new KnownRegistries(
    ports,
    (registry) => new RemoteWriterSchemas(schemaService, registry),
  );
  const host = createWorkerHost({
    ports,
    failpoints,
    bus,
    store,
    metrics,
    log,
    cluster: config.cluster,
    slots: config.slots,
    access,
    components: standardComponents({
      exchangeClient: grpcExchangeClients(transport.channel),
      writerSchemas: registries.writerSchemas,
    }),
  });
  const tracing = await base.startTracing(host.incarnation);
  const grpc = await startGrpcServer({
    listen: config.listen,
    services: host.services,
    reflection: ['weir/internal/v1/worker.proto', 'weir/internal/v1/exchange.proto'],
    security: transport.server,
    limits: internalLimits,
    interceptors: [tracingServerInterceptor],
  });
  const admin = await base.startAdmin(() => (bus.connected ? '' : `waiting for NATS at ${bus.url}`));
  const address = advertised(config.advertise, config.listen, grpc.port);
  const { incarnation } = host;
  log.info({ address, admin: admin.address, incarnation, slots: config.slots }, 'worker listens');
  host.announce(address, admin.address);
  return {
    addresses: { address, adminAddress: admin.address, incarnation },
    async stop() {
      base.close();
      grpc.setServing(false);
      await host.drain();
      registries.close();
      schemaService.close();
      await bus.flush();
      await grpc.close(ports.timers, closeGraceMs);
      await Promise.all([admin.stop(), bus.close(), store.close()]);
      await tracing.stop();
      log.info({ incarnation }, 'worker stopped');
    },
  };
}

function advertised(advertise: string | undefined, listen: string, port: number): string {
  const { host } = readListenAddress(listen);
  try {
    // Nobody reaches "all addresses": the host's name is the better guess.
    return advertisedAddress(advertise, { host, port }, hostname());
  } catch {
    throw new UsageError(
      `--advertise is '${advertise}', which is no address`,
      'write host, host:port or [IPv6]:port',
    );
  }
}
