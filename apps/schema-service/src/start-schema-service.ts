import { allSecretOptions as secretOptions } from '@weir/connectors/connector-registry.ts';
import type { SqlVariables } from '@weir/connectors/options/sql-variables.ts';
import { openStore } from '@weir/object-store/open-store.ts';
import { RegistryPool } from '@weir/schemas/registry/registry-pool.ts';
import { createSchemaService } from '@weir/schemas/service/schema-service.ts';
import { processSecurity } from '@weir/security/process-security.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { startAdminServer } from '@weir/telemetry/admin-server.ts';
import { tracingServerInterceptor } from '@weir/telemetry/grpc-tracing.ts';
import { createLogger } from '@weir/telemetry/logger.ts';
import { createMetrics } from '@weir/telemetry/metrics.ts';
import { startTracing } from '@weir/telemetry/tracing.ts';
import { publicLimits } from '@weir/wire/call-limits.ts';
import { readListenAddress, startGrpcServer } from '@weir/wire/grpc-server.ts';
import { SchemaServiceService } from '@weir/wire/gen/weir/v1/schema.ts';

export interface SchemaServiceConfig {
  readonly cluster: string;
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly admin: string;
  /** Where schemas that were fetched are kept; without it they are fetched again by each process. */
  readonly storeUrl?: string;
  /** Both may be reached from other machines, without TLS. */
  readonly insecure: boolean;
  readonly logLevel?: string;
  /** Environment variables that options may name. */
  readonly variables: SqlVariables;
}

export interface RunningSchemaService {
  readonly address: string;
  readonly adminAddress: string;
  stop(): Promise<void>;
}

/** Calls take milliseconds; clients keep their connections open for ever. */
const closeGraceMs = 500;

/** Starts the schema-service process: gRPC with health and reflection, admin port, traces. */
export async function startSchemaService(config: SchemaServiceConfig): Promise<RunningSchemaService> {
  const ports = systemPorts();
  const instance = ports.rng.id(8);
  const log = createLogger({ service: 'schema-service', level: config.logLevel, secretOptions });
  const security = processSecurity(config, ports.timers, log);
  const { transport } = security;
  const tracing = await startTracing({
    name: 'schema-service',
    instance,
    cluster: config.cluster,
    environment: process.env,
  });
  const store = config.storeUrl === undefined ? null : await openStore(config.storeUrl, ports.clock.nowMs());
  const registries = new RegistryPool(ports, { cluster: config.cluster, variables: config.variables, store });
  const grpc = await startGrpcServer({
    listen: config.listen,
    services: [
      { definition: SchemaServiceService, implementation: createSchemaService(registries, config.variables) },
    ],
    reflection: ['weir/v1/schema.proto'],
    security: transport.server,
    limits: publicLimits,
    interceptors: [tracingServerInterceptor],
  });
  const admin = await startAdminServer({
    ...readListenAddress(config.admin),
    metrics: createMetrics('schema-service'),
    notReady: () => '',
  });
  log.info({ address: grpc.address, admin: admin.address }, 'schema-service listens');
  return {
    address: grpc.address,
    adminAddress: admin.address,
    async stop() {
      security.close();
      await grpc.close(ports.timers, closeGraceMs);
      await admin.stop();
      await registries.close();
      await store?.close();
      await tracing.stop();
      log.info({}, 'schema-service stopped');
    },
  };
}
