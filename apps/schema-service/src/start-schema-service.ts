import type { RunningProcess } from '@weir/configuration/run-process.ts';
import { openStore } from '@weir/object-store/open-store.ts';
import { catalogAccess } from '@weir/process/catalog-access.ts';
import { openProcess, type ProcessConfig } from '@weir/process/process-base.ts';
import { RegistryPool } from '@weir/schemas/registry/registry-pool.ts';
import { createSchemaService } from '@weir/schemas/service/schema-service.ts';
import { tracingServerInterceptor } from '@weir/telemetry/grpc-tracing.ts';
import { publicLimits } from '@weir/wire/call-limits.ts';
import { startGrpcServer } from '@weir/wire/grpc-server.ts';
import { SchemaServiceService } from '@weir/wire/gen/weir/v1/schema.ts';

export interface SchemaServiceConfig extends ProcessConfig {
  /** Where schemas that were fetched are kept; without it they are fetched again by each process. */
  readonly storeUrl: string | undefined;
}

/** Calls take milliseconds; clients keep their connections open for ever. */
const closeGraceMs = 500;

/** Starts the schema-service process: gRPC with health and reflection, admin port, traces. */
export async function startSchemaService(config: SchemaServiceConfig): Promise<RunningProcess> {
  const base = openProcess('schema-service', config);
  const { ports, log } = base;
  const tracing = await base.startTracing(ports.rng.id(8));
  const store = config.storeUrl === undefined ? null : await openStore(config.storeUrl, ports.clock.nowMs());
  const access = store === null ? config.access : catalogAccess(config, store, ports);
  const registries = new RegistryPool(ports, { cluster: config.cluster, access, store, log });
  const grpc = await startGrpcServer({
    listen: config.listen,
    services: [
      {
        definition: SchemaServiceService,
        implementation: createSchemaService(registries, access, config.cluster),
      },
    ],
    reflection: ['weir/v1/schema.proto'],
    security: base.transport.server,
    limits: publicLimits,
    interceptors: [tracingServerInterceptor],
  });
  const admin = await base.startAdmin(() => '');
  log.info({ address: grpc.address, admin: admin.address }, 'schema-service listens');
  return {
    addresses: { address: grpc.address, adminAddress: admin.address },
    async stop() {
      base.close();
      await grpc.close(ports.timers, closeGraceMs);
      await admin.stop();
      await registries.close();
      await store?.close();
      await tracing.stop();
      log.info({}, 'schema-service stopped');
    },
  };
}
