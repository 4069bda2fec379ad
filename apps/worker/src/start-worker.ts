import { hostname } from 'node:os';
import { allSecretOptions as secretOptions } from '@weir/connectors/connector-registry.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { UsageError } from '@weir/configuration/settings.ts';
import { connectNatsBus } from '@weir/control-bus/nats-bus.ts';
import type { NatsSettings } from '@weir/security/nats-access.ts';
import { processSecurity } from '@weir/security/process-security.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { advertisedAddress } from '@weir/kernel/host-port.ts';
import { checkStore } from '@weir/object-store/check-store.ts';
import { openStore } from '@weir/object-store/open-store.ts';
import { systemFailpoints } from '@weir/system/system-failpoints.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { grpcExchangeClients } from '@weir/task-runtime/exchange/exchange-pull.ts';
import { standardComponents } from '@weir/task-runtime/task-host/standard-components.ts';
import { createWorkerHost } from '@weir/task-runtime/task-host/worker-host.ts';
import { startAdminServer } from '@weir/telemetry/admin-server.ts';
import { observeBus } from '@weir/telemetry/bus-metric.ts';
import { tracingServerInterceptor } from '@weir/telemetry/grpc-tracing.ts';
import { createLogger } from '@weir/telemetry/logger.ts';
import { createMetrics } from '@weir/telemetry/metrics.ts';
import { startTracing } from '@weir/telemetry/tracing.ts';
import { internalLimits } from '@weir/wire/call-limits.ts';
import { readListenAddress, startGrpcServer } from '@weir/wire/grpc-server.ts';

export interface WorkerConfig {
  readonly cluster: string;
  readonly nats: NatsSettings;
  readonly storeUrl: string;
  /** `host:port` of the gRPC server; port 0 takes a free one. */
  readonly listen: string;
  /** `host:port` of the admin server. */
  readonly admin: string;
  /** Both may be reached from other machines, without TLS. */
  readonly insecure: boolean;
  /** Address at which other processes reach the gRPC server (`host` or `host:port`); when left out, what it listens on, or the host's name if that is all addresses. */
  readonly advertise?: string;
  readonly slots: number;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
  readonly logLevel?: string;
  /** See `systemFailpoints`. */
  readonly failpoints?: string;
}

export interface RunningWorker {
  readonly address: string;
  readonly adminAddress: string;
  readonly incarnation: string;
  stop(): Promise<void>;
}

/** Running calls have this long when the worker ends. */
const closeGraceMs = 1000;

/**
 * Starts a worker process: control bus, store, gRPC with health and reflection, admin port, heartbeats.
 * @throws WeirError when NATS or the store can't be reached, or an address is taken
 */
export async function startWorker(config: WorkerConfig): Promise<RunningWorker> {
  const ports = systemPorts();
  const failpoints = systemFailpoints(config.failpoints);
  const log = createLogger({ service: 'worker', level: config.logLevel, secretOptions });
  const security = processSecurity(config, ports.timers, log);
  const { transport } = security;
  const store = await openStore(config.storeUrl, ports.clock.nowMs());
  await checkStore(store, ports.rng);
  const bus = await connectNatsBus({
    access: transport.nats(config.nats),
    clientName: `weir-worker-${config.cluster}`,
    clock: ports.clock,
    onError: (error, subject) => log.warn({ subject, error: describeError(error) }, 'control bus'),
  });
  const metrics = createMetrics('worker');
  observeBus(metrics, bus);
  const host = createWorkerHost({
    ports,
    failpoints,
    bus,
    store,
    metrics,
    log,
    cluster: config.cluster,
    slots: config.slots,
    access: config.access,
    components: standardComponents(grpcExchangeClients(transport.channel)),
  });
  const tracing = await startTracing({
    name: 'worker',
    instance: host.incarnation,
    cluster: config.cluster,
    environment: process.env,
  });
  const grpc = await startGrpcServer({
    listen: config.listen,
    services: host.services,
    reflection: ['weir/internal/v1/worker.proto', 'weir/internal/v1/exchange.proto'],
    security: transport.server,
    limits: internalLimits,
    interceptors: [tracingServerInterceptor],
  });
  const admin = await startAdminServer({
    ...readListenAddress(config.admin),
    metrics,
    notReady: () => (bus.connected ? '' : `waiting for NATS at ${bus.url}`),
  });
  const address = advertised(config.advertise, config.listen, grpc.port);
  const { incarnation } = host;
  log.info({ address, admin: admin.address, incarnation, slots: config.slots }, 'worker listens');
  host.announce(address, admin.address);
  return {
    address,
    adminAddress: admin.address,
    incarnation,
    async stop() {
      security.close();
      grpc.setServing(false);
      await host.drain();
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
