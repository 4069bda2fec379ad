import type { Connector } from '@weir/connectors/connector.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import type { RegistryRef } from '@weir/connectors/registry-ref.ts';
import type { Format } from '@weir/formats/format.ts';
import type { WriterSchemas } from '@weir/formats/writer-schemas.ts';
import type { Failpoints } from '@weir/kernel/failpoints.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { EpochTiming } from '../barrier-path/subtask-epochs.ts';
import type { PreparedMessage } from '../barrier-path/report-channel.ts';
import type { OperatorFactory } from '../record-path/operator-chain.ts';
import type { ExchangeClient } from '../exchange/exchange-pull.ts';
import type { Turns } from '../record-path/turns.ts';

export interface TaskLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** A generation's subject on the control bus. */
export interface ControlLink {
  publish(message: PreparedMessage): void;
  /** Messages of controllers for this generation. Returns what ends the subscription. */
  subscribe(onMessage: (bytes: Uint8Array, traceparent: string) => Promise<void>): () => void;
}

/** A client of the exchange service at `host:port`, for one stream. */
export type ExchangeClients = (address: string) => ExchangeClient;

/** What tasks are made of: connectors, operators, formats. */
export interface TaskComponents {
  readonly connector: (name: string) => Connector;
  readonly makeOperator: OperatorFactory;
  /** For `weir tail`. */
  readonly jsonFormat: Format;
  /** Reaches the exchange of another worker. */
  readonly exchangeClient: ExchangeClients;
  /** Schemas that records name, by their registry; one a registry. */
  readonly writerSchemas: (registry: RegistryRef) => WriterSchemas;
  /** The longest list of pieces in a ledger entry, bytes; tests that want manifests set it low. */
  readonly longestPieceList?: number;
}

/** What the tasks of a worker process share. */
export interface TaskEnvironment extends TaskComponents {
  readonly ports: Ports;
  readonly failpoints: Failpoints;
  readonly incarnation: string;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
  readonly store: ObjectStore;
  readonly controlLink: (scope: PipelineScope, generation: number) => ControlLink;
  readonly turns: Turns;
  readonly log: TaskLog;
  readonly observeEpoch: (pipeline: string, timing: EpochTiming) => void;
}
