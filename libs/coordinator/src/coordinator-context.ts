import type { Connector, ConnectorContext, ConnectorLog } from '@weir/connectors/connector.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { Failpoints } from '@weir/kernel/failpoints.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { PipelineCatalog } from './catalog/pipeline-catalog.ts';
import type { PipelineCompiler } from './compile/pipeline-compiler.ts';
import type { ConnectionCatalog } from './connections/connection-catalog.ts';
import type { ConnectionTester } from './connections/connection-tester.ts';
import type { CoordinatorMetrics } from './coordinator-metrics.ts';
import type { SchemaRegistrar } from './registration/schema-registrar.ts';
import type { SlotBook } from './schedule/slot-book.ts';
import type { WorkerSuspicion } from './schedule/worker-suspicion.ts';
import type { WorkerClients } from './workers/worker-client.ts';
import type { WorkerDirectory } from './workers/worker-directory.ts';

export interface CoordinatorLog extends ConnectorLog {
  error(fields: Record<string, unknown>, message: string): void;
}

/** Everything that the coordinator needs of the outside; a simulator brings its own. */
export interface CoordinatorContext {
  readonly clusterName: string;
  /** Random id of this controller process: stamps ledger entries and leases. */
  readonly writer: string;
  readonly ports: Ports;
  readonly failpoints: Failpoints;
  readonly store: ObjectStore;
  readonly bus: ControlBus;
  readonly catalog: PipelineCatalog;
  readonly connections: ConnectionCatalog;
  readonly compiler: PipelineCompiler;
  readonly registrar: SchemaRegistrar;
  /** Left out: nobody tests connections. */
  readonly tester?: ConnectionTester;
  readonly workers: WorkerDirectory;
  readonly workerClients: WorkerClients;
  readonly slots: SlotBook;
  readonly suspicion: WorkerSuspicion;
  /** By connector name. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
  readonly log: CoordinatorLog;
  readonly metrics: CoordinatorMetrics;
  /** A trim costs requests: the ledger is trimmed when so many epochs can go. */
  readonly trimmedEpochs: number;
}

export function connectorContext(context: CoordinatorContext, scope: PipelineScope): ConnectorContext {
  const { ports, access, log, clusterName } = context;
  return {
    ports,
    access,
    log,
    clusterName,
    pipeline: scope.pipeline,
    pipelineId: scope.pipelineId,
  };
}
