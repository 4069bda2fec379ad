import { allSecretOptions as secretOptions, connectors } from '@weir/connectors/connector-registry.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { ClusterIdentity } from '@weir/control-bus/cluster-identity.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { connectNatsBus } from '@weir/control-bus/nats-bus.ts';
import { WorkerMembers } from '@weir/control-bus/worker-members.ts';
import { startApiServer } from '@weir/coordinator/api/api-server.ts';
import { SchemaServiceCatalog } from '@weir/coordinator/compile/schema-service-catalog.ts';
import { sqlCompiler } from '@weir/coordinator/compile/sql-compiler.ts';
import { underVariableRules } from '@weir/coordinator/compile/variable-rules.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import { createCoordinator } from '@weir/coordinator/create-coordinator.ts';
import { observePipelines, prometheusMetrics } from '@weir/coordinator/prometheus-metrics.ts';
import { patientDirectory } from '@weir/coordinator/workers/patient-directory.ts';
import { grpcWorkerClients } from '@weir/coordinator/workers/grpc-worker-clients.ts';
import type { NatsSettings } from '@weir/security/nats-access.ts';
import { processSecurity } from '@weir/security/process-security.ts';
import type { SecureTransport } from '@weir/security/secure-transport.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { checkStore } from '@weir/object-store/check-store.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { openStore } from '@weir/object-store/open-store.ts';
import { systemFailpoints } from '@weir/system/system-failpoints.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { startAdminServer, type AdminServer } from '@weir/telemetry/admin-server.ts';
import { observeBus } from '@weir/telemetry/bus-metric.ts';
import { createLogger, type Logger } from '@weir/telemetry/logger.ts';
import { createMetrics, type Registry } from '@weir/telemetry/metrics.ts';
import { startTracing } from '@weir/telemetry/tracing.ts';
import { readListenAddress } from '@weir/wire/grpc-server.ts';

export interface ControllerConfig {
  readonly cluster: string;
  readonly nats: NatsSettings;
  readonly storeUrl: string;
  /** `host:port` of schema-service, several by comma. */
  readonly schemaService: string;
  /** `host:port` of the gRPC API; port 0 takes a free one. */
  readonly listen: string;
  /** `host:port` of the admin server. */
  readonly admin: string;
  /** Both may be reached from other machines, without TLS. */
  readonly insecure: boolean;
  readonly logLevel?: string;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
  /** See `systemFailpoints`. */
  readonly failpoints?: string;
  /** The cluster turns out to be another one than its store or its NATS say: the process ends with this error. */
  readonly onRefused: (error: unknown) => void;
}

export interface RunningController {
  readonly address: string;
  readonly adminAddress: string;
  stop(): Promise<void>;
}

const version = '0.1.0';
/** Running calls have this long when the controller ends. */
const closeGraceMs = 1000;
/** Of two controllers that don't belong together the one that came later is refused. */
const newcomerMs = 15_000;
/** Longer than it takes to find out that this is another NATS than the cluster's. */
const patienceMs = 7_000;

/**
 * Starts a controller process: control bus, store, coordinator, gRPC with health and reflection, admin port.
 * @throws WeirError when NATS or the store can't be reached, or an address is taken
 */
export async function startController(config: ControllerConfig): Promise<RunningController> {
  const ports = systemPorts();
  const failpoints = systemFailpoints(config.failpoints);
  const writer = ports.rng.id(12);
  const log = createLogger({ service: 'controller', level: config.logLevel, secretOptions });
  const tracing = await startTracing({
    name: 'controller',
    instance: writer,
    cluster: config.cluster,
    environment: process.env,
  });
  const security = processSecurity(config, ports.timers, log);
  const { transport } = security;
  const store = await openStore(config.storeUrl, ports.clock.nowMs());
  await checkStore(store, ports.rng);
  const bus = await connectBus(config, transport, ports, log);
  const identity = clusterIdentity(config, { bus, store, ports, log, writer });
  await identity.start();
  const members = new WorkerMembers(bus, ports, config.cluster);
  const workerClients = grpcWorkerClients(ports.clock, transport.channel);
  const schemaService = new SchemaServiceCatalog(config.schemaService, ports.clock, transport.channel);
  const metrics = createMetrics('controller');
  const coordinator = createCoordinator({
    clusterName: config.cluster,
    writer,
    ports,
    failpoints,
    store,
    bus,
    workers: patientDirectory(members, ports.clock, patienceMs),
    workerClients,
    connectors,
    compiler: sqlCompiler(underVariableRules(schemaService, config.access.variables)),
    access: config.access,
    log,
    metrics: prometheusMetrics(metrics),
  });
  observePipelines(metrics, coordinator);
  observeBus(metrics, bus);
  const api = await startApiServer(coordinator, {
    listen: config.listen,
    version,
    security: transport.server,
  });
  const admin = await startAdmin(config.admin, metrics, coordinator);
  log.info({ address: api.address, admin: admin.address, cluster: config.cluster }, 'controller listens');
  // After the line that tells the addresses, which is to be the first of the log.
  await coordinator.start();
  return {
    address: api.address,
    adminAddress: admin.address,
    async stop() {
      security.close();
      api.setServing(false);
      await coordinator.close();
      await identity.close().catch((error: unknown) => log.warn({ error: describeError(error) }, 'store'));
      members.close();
      await bus.flush();
      await api.close(ports.timers, closeGraceMs);
      workerClients.close();
      schemaService.close();
      await Promise.all([admin.stop(), bus.close(), store.close()]);
      await tracing.stop();
      log.info({}, 'controller stopped');
    },
  };
}

function connectBus(
  config: ControllerConfig,
  transport: SecureTransport,
  ports: Ports,
  log: Logger,
): Promise<ControlBus> {
  return connectNatsBus({
    access: transport.nats(config.nats),
    clientName: `weir-controller-${config.cluster}`,
    clock: ports.clock,
    onError: (error, subject) => log.warn({ subject, error: describeError(error) }, 'control bus'),
  });
}

function startAdmin(address: string, metrics: Registry, coordinator: Coordinator): Promise<AdminServer> {
  return startAdminServer({
    ...readListenAddress(address),
    metrics,
    // Not for NATS: what pipelines there are and how they fare is asked most while it is away, and the store tells it.
    notReady: () => (coordinator.trouble === null ? '' : `the catalog can't be read: ${coordinator.trouble}`),
  });
}

/** One name, one store, one NATS: a controller to which that doesn't apply ends. */
function clusterIdentity(
  config: ControllerConfig,
  parts: { bus: ControlBus; store: ObjectStore; ports: Ports; log: Logger; writer: string },
): ClusterIdentity {
  const { bus, store, ports, log, writer } = parts;
  const startedAtMs = ports.clock.monotonicMs();
  const refusals = new Set(['WEIR-6006', 'WEIR-6007', 'WEIR-6008']);
  return new ClusterIdentity({
    bus,
    store,
    ports,
    cluster: config.cluster,
    controller: writer,
    onProblem: (error) => {
      log.error({ error: describeError(error) }, 'the cluster is not what it should be');
      const refused = error instanceof WeirError && refusals.has(error.code);
      if (refused && ports.clock.monotonicMs() - startedAtMs < newcomerMs) config.onRefused(error);
    },
  });
}
