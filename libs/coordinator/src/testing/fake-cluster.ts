import { noAccess } from '@weir/connectors/process-access.ts';
import { testConnector } from '@weir/connectors/testing/test-connector.ts';
import { TestTables } from '@weir/connectors/testing/test-tables.ts';
import { InProcessHub } from '@weir/control-bus/in-process-bus.ts';
import { WorkerMembers } from '@weir/control-bus/worker-members.ts';
import { decodeEntry } from '@weir/epoch-protocol/ledger-codec.ts';
import type { EpochBody, LedgerEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import { ledgerKey } from '@weir/epoch-protocol/ledger-keys.ts';
import { present } from '@weir/kernel/assert.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';
import { expect } from 'vitest';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { PipelineCompiler } from '../compile/pipeline-compiler.ts';
import type { Coordinator } from '../coordinator.ts';
import { createCoordinator } from '../create-coordinator.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import type { JobStatus } from '../job/job-status.ts';
import { noRegistrar, type SchemaRegistrar } from '../registration/schema-registrar.ts';
import { fakePlan } from './fake-plan.ts';
import { FakeWorker } from './fake-worker.ts';

const deadline = { timeout: 60_000, interval: 10 };

export interface FakeController {
  readonly coordinator: Coordinator;
  readonly context: CoordinatorContext;
  /** The connection to the bus can be cut. */
  setConnected(connected: boolean): void;
  close(): Promise<void>;
}

/** A cluster in one process: one store, one bus, one broker; controllers are real, workers follow a script. */
export class FakeCluster {
  readonly ports: Ports = systemPorts();
  readonly memory = new MemoryStore();
  readonly tables = new TestTables([]);
  readonly broker = this.tables.broker;
  readonly workers: FakeWorker[] = [];
  readonly log: string[] = [];
  readonly #hub = new InProcessHub(this.ports);
  readonly #controllers: FakeController[] = [];
  #named = 0;

  constructor() {
    this.tables.startPositions = { 'in/0': { offset: '100' } };
  }

  worker(slots = 4): FakeWorker {
    this.#named += 1;
    const worker = new FakeWorker(this.#bus(), this.ports, this.broker, {
      cluster: 'test',
      incarnation: `w${this.#named}`,
      slots,
    });
    this.workers.push(worker);
    return worker;
  }

  async controller(
    store = new FaultInjectingStore(this.memory),
    compiler: Partial<PipelineCompiler> = {},
    registrar: SchemaRegistrar = noRegistrar,
  ): Promise<FakeController> {
    const bus = this.#bus();
    const members = new WorkerMembers(bus, this.ports, 'test');
    const say = (fields: Record<string, unknown>, message: string): void =>
      void this.log.push(`${message} ${JSON.stringify(fields)}`);
    const coordinator = createCoordinator({
      clusterName: 'test',
      writer: `c${this.#controllers.length + 1}`,
      ports: this.ports,
      store,
      bus,
      compiler: {
        compile: async () => ({
          valid: true,
          plan: fakePlan,
          explain: 'numbers -> results',
          diagnostics: [],
        }),
        ...compiler,
      },
      registrar,
      workers: members,
      workerClients: {
        at: (address) => {
          const worker = this.workers.find((each) => each.address === address);
          if (worker !== undefined) return worker;
          throw new GrpcStatusError(14, 'WEIR-8001', 'nobody there', { disposition: 'retry' });
        },
        drop: () => {},
        close: () => {},
      },
      connectors: [testConnector('fake', () => this.tables)],
      access: noAccess,
      log: { info: say, warn: say, error: say },
    });
    const { context } = coordinator;
    await coordinator.start();
    const controller: FakeController = {
      coordinator,
      context,
      setConnected: (connected) => bus.setConnected(connected),
      async close() {
        await coordinator.close();
        members.close();
        await bus.close();
      },
    };
    this.#controllers.push(controller);
    return controller;
  }

  /** Creates a pipeline and wishes it running. */
  async create(controller: FakeController, change: Partial<PipelineRecord> = {}): Promise<PipelineRecord> {
    const record: PipelineRecord = {
      formatVersion: 1,
      name: 'sums',
      id: this.ports.rng.id(8),
      sql: 'INSERT INTO results SELECT n FROM numbers',
      plan: fakePlan,
      explain: '',
      parallelism: 2,
      checkpointIntervalMs: 25,
      keyGroups: 128,
      createdAtMs: 0,
      desired: { kind: 'running' },
      starts: 1,
      restarts: 0,
      failure: null,
      ...change,
    };
    controller.coordinator.createdHere(record.id);
    await controller.context.catalog.create(record);
    return record;
  }

  async wish(
    controller: FakeController,
    change: (record: PipelineRecord) => Partial<PipelineRecord>,
  ): Promise<void> {
    await controller.context.catalog.update('sums', (record) => ({ ...record, ...change(record) }));
  }

  status(controller: FakeController, name = 'sums'): JobStatus | null {
    return controller.coordinator.driver(name)?.status ?? null;
  }

  /** Waits until the status says all of this. */
  async until(
    controller: FakeController,
    what: (status: JobStatus) => boolean,
    name = 'sums',
  ): Promise<JobStatus> {
    try {
      await expect
        .poll(() => {
          const status = this.status(controller, name);
          return status !== null && what(status);
        }, deadline)
        .toBe(true);
    } catch (error) {
      throw new Error(
        `status ${JSON.stringify(this.status(controller, name))}\n${this.log.slice(-40).join('\n')}`,
        { cause: error },
      );
    }
    return present(this.status(controller, name), 'status');
  }

  /**
   * Waits until an epoch is decided none of whose transactions is ended, while no worker hears commits (`ignoresCommits`). That the status
   * shows a newer epoch than the last committed one is not enough: its commits may be done and not be noted yet.
   */
  async untilDecidedOnly(controller: FakeController, name = 'sums'): Promise<EpochBody> {
    let found: EpochBody | undefined;
    const isOpen = ({ handle }: EpochBody['handles'][number]): boolean =>
      handle.kind === 'kafka' && this.broker.stateOf(handle) === 'open';
    const look = async (): Promise<boolean> => {
      const last = (await controller.coordinator.driver(name)?.ledgerState())?.epochs.at(-1);
      found = last?.body;
      const isShown = this.status(controller, name)?.epoch === found?.e;
      return isShown && found !== undefined && found.handles.length > 0 && found.handles.every(isOpen);
    };
    await expect.poll(look, deadline).toBe(true);
    return present(found, 'a decided epoch');
  }

  async ledger(record: PipelineRecord): Promise<LedgerEntry[]> {
    const scope = { cluster: 'test', pipeline: record.name, pipelineId: record.id };
    const entries: LedgerEntry[] = [];
    for (let position = 0; ; position += 1) {
      const found = await this.memory.get(ledgerKey(scope, position));
      if (found === undefined) return entries;
      entries.push(decodeEntry(found.bytes, String(position)));
    }
  }

  async keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of this.memory.list(prefix)) keys.push(key);
    return keys;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) worker.kill();
    await Promise.all(this.#controllers.map((controller) => controller.close()));
  }

  #bus() {
    return this.#hub.connect(
      (error, subject) => void this.log.push(`handler of ${subject}: ${String(error)}`),
    );
  }
}
