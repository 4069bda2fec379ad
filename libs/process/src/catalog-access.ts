import { withCatalog } from '@weir/connectors/connections/stored-options.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { ProcessConfig } from './process-base.ts';

/** What tables may touch of the process, with the profiles and secrets of its cluster's catalog. */
export function catalogAccess(config: ProcessConfig, store: ObjectStore, ports: Ports): ProcessAccess {
  return withCatalog(config.access, { store, cluster: config.cluster, timers: ports.timers });
}
