import type { Connector } from '@weir/connectors/connector.ts';
import {
  allSecretOptions as secretOptions,
  connectorNamed,
  connectors,
} from '@weir/connectors/connector-registry.ts';
import { withCatalog } from '@weir/connectors/connections/stored-options.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { stdoutConnector } from '@weir/connectors/stdout/stdout-connector.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { InProcessHub } from '@weir/control-bus/in-process-bus.ts';
import { WorkerMembers } from '@weir/control-bus/worker-members.ts';
import type { PipelineCompiler } from '@weir/coordinator/compile/pipeline-compiler.ts';
import { withSavedConnections } from '@weir/coordinator/compile/saved-connections.ts';
import { sqlCompiler } from '@weir/coordinator/compile/sql-compiler.ts';
import { openConnections } from '@weir/coordinator/connections/connection-catalog.ts';
import type { SchemaRegistrar } from '@weir/coordinator/registration/schema-registrar.ts';
import { createCoordinator } from '@weir/coordinator/create-coordinator.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import { grpcWorkerClients } from '@weir/coordinator/workers/grpc-worker-clients.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { KnownRegistries } from '@weir/schemas/registry/known-registries.ts';
import { registerSchema } from '@weir/schemas/registry/register-schema.ts';
import { RegistryPool } from '@weir/schemas/registry/registry-pool.ts';
import { connectorCatalog } from '@weir/schemas/resolve-table.ts';
import type { OperatorFactory } from '@weir/task-runtime/record-path/operator-chain.ts';
import { grpcExchangeClients } from '@weir/task-runtime/exchange/exchange-pull.ts';
import { standardComponents } from '@weir/task-runtime/task-host/standard-components.ts';
import type { TaskComponents } from '@weir/task-runtime/task-host/task-environment.ts';
import { createWorkerHost } from '@weir/task-runtime/task-host/worker-host.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { createLogger, type Logger } from '@weir/telemetry/logger.ts';
import { createMetrics } from '@weir/telemetry/metrics.ts';
import { internalLimits } from '@weir/wire/call-limits.ts';
import { startGrpcServer } from '@weir/wire/grpc-server.ts';

export interface SingleProcessOptions {
  readonly ports: Ports;
  readonly store: ObjectStore;
  readonly slots: number;
  /** Workers in this process, which pass rows to each other as separate ones do. Default 1. */
  readonly workers?: number;
  readonly logLevel?: string;
  /** Connectors beside those of this version; one of the same name takes its place. */
  readonly connectors?: readonly Connector[];
  /** For tests that watch what operators are given and give. */
  readonly makeOperator?: OperatorFactory;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
}

/** Controller, schema checks and worker in this process, over an in-process control bus: the same code as in a cluster. */
export interface SingleProcess {
  readonly coordinator: Coordinator;
  stop(): Promise<void>;
}

/** A bare SELECT prints its rows here. */
const connectorHere = (name: string) => (name === 'preview' ? stdoutConnector : connectorNamed(name));

function withExtra(extra: readonly Connector[]): Connector[] {
  const names = new Set(extra.map(({ name }) => name));
  return [...connectors.filter(({ name }) => !names.has(name)), ...extra];
}

const cluster = 'local';
const closeGraceMs = 200;
const registerMs = 20_000;
const transport = plainTransport();

function connectorAmong(extra: readonly Connector[]): (name: string) => Connector {
  return (name) => extra.find((one) => one.name === name) ?? connectorHere(name);
}

function busOf(hub: InProcessHub, log: Logger): ControlBus {
  return hub.connect((error, subject) => log.warn({ subject, error: describeError(error) }, 'control bus'));
}

function localCompiler(
  known: readonly Connector[],
  registries: RegistryPool,
  store: ObjectStore,
  ports: Ports,
  access: ProcessAccess,
): PipelineCompiler {
  const saved = openConnections(store, cluster, ports, access);
  return sqlCompiler(
    withSavedConnections(connectorCatalog({ connectors: known, access, registries }), saved),
  );
}

export async function startSingleProcess(options: SingleProcessOptions): Promise<SingleProcess> {
  const { ports, store, connectors: extra = [] } = options;
  const connector = connectorAmong(extra);
  const access = withCatalog(options.access, { store, cluster, timers: ports.timers, connector });
  const known = withExtra(extra);
  const log = createLogger({ service: 'weir-run', level: options.logLevel ?? 'warn', secretOptions });
  const pool = new RegistryPool(ports, { cluster, access, store, log });
  const registries = new KnownRegistries(ports, (registry) => pool.sourceOf(registry));
  const hub = new InProcessHub(ports);
  const connect = (): ControlBus => busOf(hub, log);
  const bus = connect();
  const members = new WorkerMembers(bus, ports, cluster);
  const workers = await Promise.all(
    Array.from({ length: options.workers ?? 1 }, () =>
      startWorkerHere(
        { ...options, access },
        { bus: connect(), log, writerSchemas: registries.writerSchemas },
      ),
    ),
  );
  const workerClients = grpcWorkerClients(ports.clock, transport.channel);
  const coordinator = createCoordinator({
    clusterName: cluster,
    writer: ports.rng.id(12),
    ports,
    store,
    bus,
    workers: members,
    workerClients,
    connectors: known,
    compiler: localCompiler(known, pool, store, ports, access),
    registrar: poolRegistrar(pool, ports),
    access,
    log,
  });
  await coordinator.start();
  return {
    coordinator,
    async stop() {
      await coordinator.close();
      members.close();
      for (const worker of workers) await worker.host.drain();
      workerClients.close();
      for (const worker of workers) {
        await worker.grpc.close(ports.timers, closeGraceMs);
        await worker.bus.close();
      }
      registries.close();
      await pool.close();
      await bus.close();
    },
  };
}

/** Schemas of sinks are registered from here. */
function poolRegistrar(pool: RegistryPool, ports: Ports): SchemaRegistrar {
  return {
    register: async ({ registry, subject, type, text }) => {
      const schema = { type, text, references: [] };
      return registerSchema(
        await pool.client(registry),
        ports,
        subject,
        schema,
        AbortSignal.timeout(registerMs),
      );
    },
  };
}

interface WorkerSurroundings {
  readonly bus: ControlBus;
  readonly log: Logger;
  readonly writerSchemas: TaskComponents['writerSchemas'];
}

async function startWorkerHere(options: SingleProcessOptions, around: WorkerSurroundings) {
  const { ports, store, access, connectors: extra = [] } = options;
  const { bus, log, writerSchemas } = around;
  const host = createWorkerHost({
    ports,
    bus,
    store,
    metrics: createMetrics('weir-run'),
    log,
    cluster,
    slots: options.slots,
    access,
    components: {
      ...standardComponents({ exchangeClient: grpcExchangeClients(transport.channel), writerSchemas }),
      ...(options.makeOperator === undefined ? {} : { makeOperator: options.makeOperator }),
      connector: (name) => extra.find((one) => one.name === name) ?? connectorHere(name),
    },
  });
  const grpc = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: host.services,
    reflection: [],
    security: transport.server,
    limits: internalLimits,
  });
  host.announce(grpc.address, '');
  return { host, grpc, bus };
}
