import type { Schema, SqlType } from '@weir/columnar/sql-type.ts';
import type { WriterSchemas } from '@weir/formats/writer-schemas.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ChangeMode, SinkChanges, SourceChanges } from '@weir/plan/change-mode.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';
import type { KafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { StepRun } from './connection-test/step-run.ts';
import type { ProcessAccess } from './process-access.ts';
import type { RegistryRef } from './registry-ref.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';

/**
 * A connector, all of it in one folder. The JSON Schemas are the one description of its options: ajv validates with them, `weir` and the
 * documentation list them, a console draws its forms from them.
 */
export interface Connector {
  readonly name: string;
  readonly title: string;
  /** JSON Schema of the WITH options (without `connector`); every value is a string; with `description`, `default`, `examples`. */
  readonly tableOptions: JsonSchema;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** All rows go to subtask 0 of its sink (one file has one writer). */
  readonly singleWriter?: boolean;
  /** Columns that the connector itself dictates (nexmark), when the table declares none. */
  readonly fixedSchema?: Schema;
  /** The format of tables that name none. */
  readonly defaultFormat?: string;
  /** `METADATA FROM` keys: what the source fills beside the value's columns. */
  readonly metadata?: Readonly<Record<string, ConnectorMetadata>>;
  /** What the rows of a table say when it is read, by its options and PRIMARY KEY (names of columns). Left out: they are inserts. */
  emits?(options: Readonly<Record<string, string>>, primaryKey: readonly string[]): SourceChanges;
  /**
   * What a table takes when it is written. Left out: inserts. A query whose results are updated is refused by the compiler where its table
   * doesn't take that: a sink is never given a row that it would have to leave out or write as something else.
   */
  accepts?(options: Readonly<Record<string, string>>, primaryKey: readonly string[]): SinkChanges;
  /** What to do about an option that it doesn't have; undefined: the nearest of its own is named. */
  unknownOptionHint?(option: string): string | undefined;
  /** Checks beyond the JSON Schema: options that only make sense together. */
  check?(options: Readonly<Record<string, string>>): readonly OptionIssue[];
  /** Whether options and columns of a table that is written go together; asked when all of its columns are known. */
  checkColumns?(table: SinkColumns): readonly OptionIssue[];
  /** What two tables would both tell the outside of their progress (a consumer group), in words; undefined: nothing. May be asked of one and itself. */
  sharedProgress?(a: SourceNode, b: SourceNode): string | undefined;
  /** Before the first start: positions as numbers (`latest` too) for every split. Also checks that the table is there and may be read. */
  resolveStart?(node: SourceNode, context: ConnectorContext): Promise<Readonly<Record<string, SplitState>>>;
  /** Before every start: the sink's topic is there, settings fit (transaction timeout). */
  checkSink?(node: SinkNode, context: ConnectorContext): Promise<void>;
  /** Tries how the system is reached, step by step; `options` are filled in. */
  testConnection?(
    options: Readonly<Record<string, string>>,
    run: StepRun,
    clusterName: string,
  ): Promise<void>;
  /** Tries a table behind `testConnection`, step by step; the options of the node are filled in. */
  testTable?(node: SourceNode, use: TableTestUse, run: StepRun, context: SubtaskContext): Promise<void>;
  createSource?(node: SourceNode, context: SubtaskContext): Source;
  createSink?(node: SinkNode, context: SinkContext): Sink;
  /** How the coordinator recovers this connector's sink handles without a worker. */
  createRecovery?(node: SinkNode, context: RecoveryContext): SinkRecovery;
}

/** What a table that is tested is for. */
export interface TableTestUse {
  readonly reads: boolean;
  readonly writes: boolean;
}

export interface ConnectorMetadata {
  readonly type: SqlType;
  readonly nullable: boolean;
  /** May a sink write it? */
  readonly writable: boolean;
}

/** A table that is written, as far as it is known before it runs. */
export type SinkColumns = Pick<SinkNode, 'table' | 'options' | 'schema' | 'metadata' | 'primaryKey'>;

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface OptionIssue {
  readonly option: string;
  readonly message: string;
  readonly hint?: string;
}

export interface ConnectorContext {
  readonly ports: Ports;
  /** What the table may touch of the process: variables are filled in at the moment of use (fill-variables.ts). */
  readonly access: ProcessAccess;
  readonly clusterName: string;
  readonly pipeline: string;
  readonly pipelineId: string;
  readonly log: ConnectorLog;
}

export interface ConnectorLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

export interface SubtaskContext extends ConnectorContext {
  readonly subtask: number;
  readonly parallelism: number;
  /** Bytes that the subtask may hold fetched and not yet polled. */
  readonly fetchBudgetBytes: number;
  /** What is pinned for this source or sink. */
  readonly formats: PinnedFormats;
  /** Schemas that records name, by their registry: all of a process share one. */
  writerSchemas(registry: RegistryRef): WriterSchemas;
}

export interface SinkContext extends SubtaskContext {
  readonly generation: number;
  /** Id of the sink's operator in the plan: part of the transactional id. */
  readonly operator: string;
  /** What the rows say that it is given. */
  readonly changes: ChangeMode['kind'];
  readonly checkpointIntervalMs: number;
}

export interface RecoveryContext extends ConnectorContext {
  /** Operator id of the sink in the plan. */
  readonly operator: string;
}

export interface SinkRecovery {
  /** EndTxn(commit) with the saved ids, no InitProducerId. `ask-again` for all that is no answer (no connection, no permission): never throws for these. */
  endTransaction(handle: KafkaHandle): Promise<EndTxnAnswer>;
  /** Asks the log about a handle. */
  askLog(handle: KafkaHandle): Promise<LogAnswer>;
  /** Why the last answer was `ask-again`, for the pipeline's status. */
  readonly trouble: string | undefined;
  /** Fences and aborts what hangs: InitProducerId on all transactional ids that generations [from, to] of this sink may have used. Safe to repeat. */
  cleanUp(
    generations: readonly { readonly generation: number; readonly parallelism: number }[],
  ): Promise<void>;
  /** ListTransactions for our prefix: generations that still have something ongoing. */
  ongoingGenerations(): Promise<readonly number[]>;
  /** How long a transaction of this sink can stay open before the brokers end it by themselves; undefined where nobody can tell. */
  transactionTimeoutMs(): Promise<number | undefined>;
  /** Identity of what it talks to (Kafka's cluster id), saved with the generation. */
  clusterIdentity(): Promise<string>;
  close(): Promise<void>;
}
