import type { RunningProcess } from '@weir/configuration/run-process.ts';
import { connectors } from '@weir/connectors/connector-registry.ts';
import { ClusterIdentity } from '@weir/control-bus/cluster-identity.ts';
import { WorkerMembers } from '@weir/control-bus/worker-members.ts';
import { startApiServer } from '@weir/coordinator/api/api-server.ts';
import { withSavedConnections } from '@weir/coordinator/compile/saved-connections.ts';
import { schemaServiceRegistrar } from '@weir/coordinator/registration/schema-service-registrar.ts';
import { SchemaServiceCatalog } from '@weir/coordinator/compile/schema-service-catalog.ts';
import { sqlCompiler } from '@weir/coordinator/compile/sql-compiler.ts';
import { underVariableRules } from '@weir/coordinator/compile/variable-rules.ts';
import { openConnections } from '@weir/coordinator/connections/connection-catalog.ts';
import { schemaServiceTester } from '@weir/coordinator/connections/connection-tester.ts';
import { createCoordinator } from '@weir/coordinator/create-coordinator.ts';
import { observePipelines, prometheusMetrics } from '@weir/coordinator/prometheus-metrics.ts';
import { patientDirectory } from '@weir/coordinator/workers/patient-directory.ts';
import { grpcWorkerClients } from '@weir/coordinator/workers/grpc-worker-clients.ts';
import {
  openClusterProcess,
  type ClusterConfig,
  type ClusterProcess,
} from '@weir/process/cluster-process.ts';
import { SchemaServiceClients } from '@weir/wire/schema-service-clients.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';

export interface ControllerConfig extends ClusterConfig {
  /** `host:port` of schema-service, several by comma. */
  readonly schemaService: string;
  /** The cluster turns out to be another one than its store or its NATS say: the process ends with this error. */
  readonly onRefused: (error: unknown) => void;
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
 * @throws WeirError when NATS refuses us, the store can't be reached, or an address is taken; a NATS that isn't there yet is waited for
 */
export async function startController(config: ControllerConfig): Promise<RunningProcess> {
  const base = await openClusterProcess('controller', config);
  const { ports, log, failpoints, metrics, transport, store, bus, access } = base;
  const writer = ports.rng.id(12);
  const tracing = await base.startTracing(writer);
  const identity = clusterIdentity(config, base, writer);
  await identity.start();
  const members = new WorkerMembers(bus, ports, config.cluster);
  const workerClients = grpcWorkerClients(ports.clock, transport.channel);
  const schemaService = new SchemaServiceClients(config.schemaService, ports.clock, transport.channel);
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
    compiler: sqlCompiler(
      withSavedConnections(
        underVariableRules(new SchemaServiceCatalog(schemaService), access.variables),
        openConnections(store, config.cluster, ports, access),
      ),
    ),
    registrar: schemaServiceRegistrar(schemaService),
    tester: schemaServiceTester(schemaService),
    access,
    log,
    metrics: prometheusMetrics(metrics),
  });
  observePipelines(metrics, coordinator);
  const api = await startApiServer(coordinator, {
    listen: config.listen,
    version,
    security: transport.server,
  });
  // Not for NATS: what pipelines there are and how they fare is asked most while it is away, and the store tells it.
  const admin = await base.startAdmin(() =>
    coordinator.trouble === null ? '' : `the catalog can't be read: ${coordinator.trouble}`,
  );
  log.info({ address: api.address, admin: admin.address, cluster: config.cluster }, 'controller listens');
  // After the line that tells the addresses, which is to be the first of the log.
  await coordinator.start();
  return {
    addresses: { address: api.address, adminAddress: admin.address },
    async stop() {
      base.close();
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

/** One name, one store, one NATS: a controller to which that doesn't apply ends. */
function clusterIdentity(config: ControllerConfig, base: ClusterProcess, writer: string): ClusterIdentity {
  const { bus, store, ports, log } = base;
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
