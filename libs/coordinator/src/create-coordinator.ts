import type { Connector } from '@weir/connectors/connector.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { noFailpoints, type Failpoints } from '@weir/kernel/failpoints.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { PipelineCatalog } from './catalog/pipeline-catalog.ts';
import type { PipelineCompiler } from './compile/pipeline-compiler.ts';
import { openConnections } from './connections/connection-catalog.ts';
import type { ConnectionTester } from './connections/connection-tester.ts';
import { Coordinator } from './coordinator.ts';
import type { CoordinatorLog } from './coordinator-context.ts';
import { noMetrics, type CoordinatorMetrics } from './coordinator-metrics.ts';
import { noRegistrar, type SchemaRegistrar } from './registration/schema-registrar.ts';
import { SlotBook } from './schedule/slot-book.ts';
import { WorkerSuspicion } from './schedule/worker-suspicion.ts';
import type { WorkerClients } from './workers/worker-client.ts';
import type { WorkerDirectory } from './workers/worker-directory.ts';

export interface CoordinatorParts {
  readonly clusterName: string;
  /** Random id of this process. */
  readonly writer: string;
  readonly ports: Ports;
  readonly store: ObjectStore;
  readonly bus: ControlBus;
  readonly workers: WorkerDirectory;
  readonly workerClients: WorkerClients;
  readonly connectors: readonly Connector[];
  readonly compiler: PipelineCompiler;
  readonly tester?: ConnectionTester;
  /** Left out where no pipeline names a schema registry. */
  readonly registrar?: SchemaRegistrar;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
  readonly log: CoordinatorLog;
  readonly metrics?: CoordinatorMetrics;
  readonly failpoints?: Failpoints;
  /** Default 60: a simulator, whose runs are short, trims earlier. */
  readonly trimmedEpochs?: number;
}

/** A coordinator from its ports: in a controller process, in `weir run`, under a simulator. `start` makes it drive. */
export function createCoordinator(parts: CoordinatorParts): Coordinator {
  const { connectors, metrics, failpoints, trimmedEpochs, registrar, ...rest } = parts;
  return new Coordinator({
    ...rest,
    catalog: new PipelineCatalog(parts.store, parts.clusterName, parts.ports),
    connections: openConnections(parts.store, parts.clusterName, parts.ports, parts.access),
    slots: new SlotBook(),
    suspicion: new WorkerSuspicion(parts.ports.clock, parts.workers),
    connectors: new Map(connectors.map((connector) => [connector.name, connector])),
    registrar: registrar ?? noRegistrar,
    metrics: metrics ?? noMetrics,
    failpoints: failpoints ?? noFailpoints,
    trimmedEpochs: trimmedEpochs ?? 60,
  });
}
