import { allSecretOptions } from '@weir/connectors/connector-registry.ts';
import { processAccess, type ProcessAccess } from '@weir/connectors/process-access.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { processSecurity } from '@weir/security/process-security.ts';
import type { SecureTransport } from '@weir/security/secure-transport.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { startAdminServer, type AdminServer } from '@weir/telemetry/admin-server.ts';
import { createLogger, type Logger } from '@weir/telemetry/logger.ts';
import { createMetrics, type Registry } from '@weir/telemetry/metrics.ts';
import { startTracing, type Tracing } from '@weir/telemetry/tracing.ts';
import { readListenAddress } from '@weir/wire/grpc-server.ts';
import type { SettingValues } from './run-main.ts';

/** What every process of a cluster is told. */
export interface ProcessConfig {
  /** Name of the cluster. */
  readonly cluster: string;
  /** `host:port` of the gRPC server; port 0 takes a free one. */
  readonly listen: string;
  /** `host:port` of the admin server. */
  readonly admin: string;
  /** Both may be reached from other machines, without TLS. */
  readonly insecure: boolean;
  readonly logLevel?: string;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
}

/** The values of `processSettings`. */
export function processConfig({ text, flag, given, secretVariables }: SettingValues): ProcessConfig {
  return {
    cluster: text('cluster'),
    listen: text('listen'),
    admin: text('admin'),
    insecure: flag('insecure'),
    logLevel: text('log-level'),
    access: processAccess(process.env, {
      sqlVariables: given('sql-variables'),
      filesDir: given('files-dir'),
      secretVariables,
      secretsDir: given('secrets-dir'),
      secretKey: given('secret-key'),
    }),
  };
}

/** What every process stands on: time, log, metrics, how it speaks with others. Nothing of it listens yet. */
export interface ProcessBase {
  readonly ports: Ports;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly transport: SecureTransport;
  /** @param instance random id of this process */
  startTracing(instance: string): Promise<Tracing>;
  /** @param notReady what is missing, or empty */
  startAdmin(notReady: () => string): Promise<AdminServer>;
  /** Ends what it warns of; the rest has no end. */
  close(): void;
}

/** @throws WeirError where it may not listen as it is told to */
export function openProcess(service: string, config: ProcessConfig): ProcessBase {
  const ports = systemPorts();
  const log = createLogger({ service, level: config.logLevel, secretOptions: allSecretOptions });
  const metrics = createMetrics(service);
  const security = processSecurity(config, ports.timers, log);
  const { cluster } = config;
  return {
    ports,
    log,
    metrics,
    transport: security.transport,
    startTracing: (instance) => startTracing({ name: service, instance, cluster, environment: process.env }),
    startAdmin: (notReady) => startAdminServer({ ...readListenAddress(config.admin), metrics, notReady }),
    close: () => security.close(),
  };
}
