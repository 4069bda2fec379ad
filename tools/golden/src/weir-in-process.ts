import { noAccess } from '@weir/connectors/process-access.ts';
import type { Connector } from '@weir/connectors/connector.ts';
import { testConnector } from '@weir/connectors/testing/test-connector.ts';
import type { TestTables } from '@weir/connectors/testing/test-tables.ts';
import { createPipeline } from '@weir/coordinator/api/create-pipeline.ts';
import type { Creation } from '@weir/coordinator/api/create-pipeline.ts';
import { statusOf } from '@weir/coordinator/api/pipeline-view.ts';
import { recordNamed, wishStart, wishStop } from '@weir/coordinator/api/pipeline-wishes.ts';
import { PipelineCatalog } from '@weir/coordinator/catalog/pipeline-catalog.ts';
import type { JobStatus } from '@weir/coordinator/job/job-status.ts';
import { createOperator } from '@weir/operators/create-operator.ts';
import { checkedOperators } from '@weir/operators/testing/edge-check.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { startSingleProcess } from '@weir/app-cli/single-process.ts';
import type { SingleProcess } from '@weir/app-cli/single-process.ts';

const deadlineMs = 180_000;
const lookEveryMs = 10;
const slots = 4096;
const checkpointInterval = '25ms';

/** A whole Weir in this process, of two workers, whose pipelines read and write tables of tables. */
export class WeirInProcess {
  readonly #process: SingleProcess;
  readonly #tables: Map<string, TestTables>;

  private constructor(process: SingleProcess, tables: Map<string, TestTables>) {
    this.#process = process;
    this.#tables = tables;
  }

  /** `tables`: by pipeline name; the tables of a connector `world` are theirs, and the rows of a bare SELECT go to `preview`. */
  static async start(store: ObjectStore, tables: Map<string, TestTables>): Promise<WeirInProcess> {
    const process = await startSingleProcess({
      ports: systemPorts(),
      store,
      slots,
      workers: 2,
      logLevel: 'fatal',
      access: noAccess,
      connectors: connectorsOf(tables),
      makeOperator: checkedOperators(createOperator),
    });
    return new WeirInProcess(process, tables);
  }

  async create(name: string, sql: string, tables: TestTables, parallelism: number): Promise<Creation> {
    this.#tables.set(name, tables);
    const request = { name, sql, parallelism, checkpointInterval, doNotStart: false };
    return createPipeline(this.#process.coordinator, request);
  }

  async compile(sql: string) {
    return this.#process.coordinator.context.compiler.compile(sql);
  }

  async status(name: string): Promise<JobStatus> {
    const { coordinator } = this.#process;
    // Asked often: while this process drives the pipeline its status needs no look into the catalog.
    const driven = coordinator.driver(name);
    if (driven?.isDriving === true && driven.status !== null) return driven.status;
    return statusOf(coordinator, await recordNamed(coordinator, name));
  }

  /** Stops it with a last checkpoint, and waits for that. */
  async stopPipeline(name: string): Promise<void> {
    await wishStop(this.#process.coordinator, name, StopMode.STOP_MODE_CHECKPOINT);
    await this.untilState(name, 'stopped');
  }

  async rescale(name: string, parallelism: number): Promise<void> {
    await this.#process.coordinator.context.catalog.update(name, (record) => ({ ...record, parallelism }));
    await wishStart(this.#process.coordinator, name);
  }

  async untilState(name: string, state: JobStatus['state']): Promise<void> {
    await this.until(name, `it is ${state}`, (status) => status.state === state);
  }

  /** Waits for a condition, at most three minutes (a file of queries recovers among all others, on a busy machine); fails at once when the pipeline does, unless that is waited for. */
  async until(name: string, what: string, condition: (status: JobStatus) => boolean): Promise<JobStatus> {
    const { clock, timers } = systemPorts();
    const endMs = clock.monotonicMs() + deadlineMs;
    for (;;) {
      const status = await this.status(name);
      if (condition(status)) return status;
      const failed = status.state === 'failed' || status.state === 'halted' || status.state === 'finished';
      if (failed || clock.monotonicMs() > endMs) {
        throw new Error(
          `pipeline ${name}: waiting until ${what}, but it is ${status.state} at epoch ${status.committedEpoch}: ${JSON.stringify(status.problem)}`,
        );
      }
      await timers.sleep(lookEveryMs);
    }
  }

  /** Ends everything at once: no last checkpoint. */
  async end(): Promise<void> {
    await this.#process.stop();
  }
}

function connectorsOf(tables: ReadonlyMap<string, TestTables>): Connector[] {
  const tablesOf = (pipeline: string): TestTables => {
    const found = tables.get(pipeline);
    if (found === undefined) throw new Error(`the pipeline '${pipeline}' has no tables`);
    return found;
  };
  const forAll = testConnector('world', tablesOf);
  return [forAll, { ...testConnector('preview', tablesOf), canRead: false, accepts: () => 'any' }];
}

/** Changes the parallelism of a pipeline that no process drives. */
export async function rescaleAtRest(store: ObjectStore, name: string, parallelism: number): Promise<void> {
  await new PipelineCatalog(store, 'local', systemPorts()).update(name, (record) => ({
    ...record,
    parallelism,
  }));
}
