import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { connectNatsBus } from '@weir/control-bus/nats-bus.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { Failpoints } from '@weir/kernel/failpoints.ts';
import { checkStore } from '@weir/object-store/check-store.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { openStore } from '@weir/object-store/open-store.ts';
import type { NatsSettings } from '@weir/security/nats-access.ts';
import { systemFailpoints } from '@weir/system/system-failpoints.ts';
import { observeBus } from '@weir/telemetry/bus-metric.ts';
import { catalogAccess } from './catalog-access.ts';
import { openProcess, processConfig, type ProcessBase, type ProcessConfig } from './process-base.ts';
import type { SettingValues } from './run-main.ts';

/** What a process is told that works on pipelines. */
export interface ClusterConfig extends ProcessConfig {
  readonly nats: NatsSettings;
  readonly storeUrl: string;
  /** See `systemFailpoints`. */
  readonly failpoints?: string;
}

/** The values of `clusterSettings`. */
export function clusterConfig(values: SettingValues): ClusterConfig {
  const { text, given } = values;
  return {
    ...processConfig(values),
    nats: { url: text('nats-url'), user: given('nats-user'), password: given('nats-password') },
    storeUrl: text('store-url'),
    failpoints: text('failpoints'),
  };
}

/** A process with the store and the control bus of its cluster. */
export interface ClusterProcess extends ProcessBase {
  readonly failpoints: Failpoints;
  readonly store: ObjectStore;
  readonly bus: ControlBus;
  /** What tables may touch of this process, with the catalog of the cluster. */
  readonly access: ProcessAccess;
}

/** @throws WeirError when NATS refuses us or the store can't be reached; a NATS that isn't there yet is waited for */
export async function openClusterProcess(service: string, config: ClusterConfig): Promise<ClusterProcess> {
  const base = openProcess(service, config);
  const { ports, log, metrics, transport } = base;
  const failpoints = systemFailpoints(config.failpoints);
  const store = await openStore(config.storeUrl, ports.clock.nowMs());
  await checkStore(store, ports.rng);
  const bus = await connectNatsBus({
    access: transport.nats(config.nats),
    clientName: `weir-${service}-${config.cluster}`,
    ports,
    onError: (error, subject) => log.warn({ subject, error: describeError(error) }, 'control bus'),
    onWaiting: (error) => log.warn({ error: describeError(error), hint: error.hint }, 'waiting for NATS'),
  });
  observeBus(metrics, bus);
  return { ...base, failpoints, store, bus, access: catalogAccess(config, store, ports) };
}
