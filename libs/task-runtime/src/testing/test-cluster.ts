import { noAccess } from '@weir/connectors/process-access.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import { testConnector } from '@weir/connectors/testing/test-connector.ts';
import { TestInput } from '@weir/connectors/testing/test-input.ts';
import { TestTables } from '@weir/connectors/testing/test-tables.ts';
import { InProcessHub } from '@weir/control-bus/in-process-bus.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { envelopeHeaders, readEnvelope } from '@weir/control-bus/envelope.ts';
import { generationPattern, generationSubject } from '@weir/control-bus/subjects.ts';
import type { OperatorSnapshot } from '@weir/epoch-protocol/ledger-entries.ts';
import type { SubtaskHandle } from '@weir/epoch-protocol/sink-handle.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { subtaskKey } from '@weir/kernel/subtask-id.ts';
import { subtasksOf, type PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { createMetrics } from '@weir/telemetry/metrics.ts';
import { ControlMessage, type Snapshotted } from '@weir/wire/gen/weir/internal/v1/control.ts';
import type { StartTasksRequest, TaskScope } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { internalLimits } from '@weir/wire/call-limits.ts';
import { startGrpcServer, type GrpcServer } from '@weir/wire/grpc-server.ts';
import { createOperator } from '@weir/operators/create-operator.ts';
import { checkedOperators } from '@weir/operators/testing/edge-check.ts';
import { grpcExchangeClients } from '../exchange/exchange-pull.ts';
import { standardComponents } from '../task-host/standard-components.ts';
import { createWorkerHost, type WorkerHost } from '../task-host/worker-host.ts';

export interface TestWorker {
  readonly host: WorkerHost;
  readonly server: GrpcServer;
}

export interface Acknowledgement extends Snapshotted {
  readonly bytes: Uint8Array;
  readonly sender: string;
}

/** Rows that a source hands out together at most. */
const batchRows = 3;

const transport = plainTransport();
const names = { cluster: 'test', pipeline: 'p', pipelineId: 'id1' };

/** Real workers over real gRPC in one process, with fake tables, an in-process bus, and the test as their controller. */
export class TestCluster {
  /** Added to the workers' monotonic clock. */
  aheadMs = 0;
  readonly ports: Ports = this.#portsAhead();
  readonly store = new MemoryStore('memory://tasks');
  readonly tables: TestTables;
  readonly workers: TestWorker[] = [];
  readonly messages: (ControlMessage & { readonly raw: Uint8Array })[] = [];
  readonly warnings: string[] = [];
  readonly #hub = new InProcessHub(this.ports);
  readonly #bus: ControlBus = this.#hub.connect(() => {});
  #generation = 0;

  constructor(partitions: number) {
    this.tables = new TestTables([new TestInput('t', [], partitions, batchRows)]);
  }

  #portsAhead(): Ports {
    const ports = systemPorts();
    const monotonicMs = (): number => ports.clock.monotonicMs() + this.aheadMs;
    return { ...ports, clock: { nowMs: () => ports.clock.nowMs(), monotonicMs } };
  }

  async addWorker(slots = 4): Promise<TestWorker> {
    const log = { info: () => {}, warn: (_: object, message: string) => void this.warnings.push(message) };
    const host = createWorkerHost({
      ports: this.ports,
      cluster: names.cluster,
      slots,
      bus: this.#hub.connect((error) => this.warnings.push(String(error))),
      store: this.store,
      access: noAccess,
      components: {
        ...standardComponents({
          exchangeClient: grpcExchangeClients(transport.channel),
          writerSchemas: () => {
            throw new Error('the tables of these tests name no registry');
          },
        }),
        makeOperator: checkedOperators(createOperator),
        connector: () => testConnector('fake', () => this.tables),
      },
      metrics: createMetrics('worker'),
      log,
    });
    const server = await startGrpcServer({
      listen: '127.0.0.1:0',
      services: host.services,
      reflection: [],
      security: transport.server,
      limits: internalLimits,
    });
    const worker = { host, server };
    this.workers.push(worker);
    return worker;
  }

  /** Rows of the table `t` (test-plans.ts): key, time in microseconds, note. */
  append(partition: number, ...rows: readonly (readonly [bigint, bigint, string])[]): void {
    const lines = rows.map(([key, at, note]) => `{"key":${key},"at":${at},"note":${JSON.stringify(note)}}`);
    this.tables.input('t').append(partition, ...lines);
  }

  /** What sinks committed, in order; numbers are bigints. */
  get output(): { readonly epoch: number; readonly subtask: number; readonly rows: readonly PlainRow[] }[] {
    return this.tables.commits.map(({ epoch, subtask, lines }) => ({
      epoch,
      subtask,
      rows: lines.map(rowOf),
    }));
  }

  committedRows(): PlainRow[] {
    return this.output.flatMap(({ rows }) => rows);
  }

  scope(worker: TestWorker, generation = this.#generation): TaskScope {
    return { ...names, generation, incarnation: worker.host.incarnation };
  }

  /** The requests that start a generation, subtasks by index over the workers in turn. */
  requests(
    plan: PhysicalPlan,
    parallelism: number,
    base: readonly OperatorSnapshot[],
    firstEpoch: number,
  ): StartTasksRequest[] {
    const at = (index: number): TestWorker => this.workers[index % this.workers.length] as TestWorker;
    const placement = subtasksOf(plan, parallelism).map((subtask) => ({
      subtask,
      incarnation: at(subtask.index).host.incarnation,
      address: at(subtask.index).server.address,
    }));
    return this.workers.map((worker) => ({
      scope: this.scope(worker),
      planJson: JSON.stringify(plan),
      parallelism,
      keyGroups: 16,
      subtasks: placement
        .filter(({ incarnation }) => incarnation === worker.host.incarnation)
        .map(({ subtask }) => subtask),
      placement,
      baseJson: JSON.stringify(base),
      firstEpoch,
      checkpointIntervalMs: 100,
      fetchBudgetBytes: 0n,
    }));
  }

  /** Starts the next generation on all workers. Resolves when all run. */
  async start(
    plan: PhysicalPlan,
    parallelism: number,
    base: readonly OperatorSnapshot[] = [],
    firstEpoch = 1,
  ): Promise<void> {
    this.#generation += 1;
    this.messages.length = 0;
    this.#bus.subscribe(generationPattern(names, this.#generation), (message) => {
      if (readEnvelope(message)?.generation !== this.#generation) return;
      this.messages.push({ ...ControlMessage.decode(message.bytes), raw: message.bytes });
    });
    const requests = this.requests(plan, parallelism, base, firstEpoch);
    await Promise.all(
      this.workers.map(async (worker, index) => {
        worker.host.tasks.start(requests[index] as StartTasksRequest);
        await new Promise<void>((resolve, reject) => {
          worker.host.tasks.find(this.scope(worker)).listen({
            running: resolve,
            failed: ({ error }) => reject(error),
            stopped: () => reject(new Error('stopped')),
          });
        });
      }),
    );
  }

  say(topic: string, epoch: number, body: ControlMessage['body'], generation = this.#generation): void {
    const bytes = ControlMessage.encode({
      formatVersion: 1,
      messageId: this.ports.rng.id(8),
      generation,
      epoch,
      sender: 'controller',
      body,
    }).finish();
    const headers = envelopeHeaders({ messageId: this.ports.rng.id(8), generation, epoch });
    this.#bus.publish(generationSubject(names, this.#generation, topic), bytes, headers);
  }

  inject(epoch: number, final = false): void {
    this.say('inject', epoch, { $case: 'inject', value: { final, parent: epoch - 1 } });
  }

  commit(epoch: number, handles: readonly SubtaskHandle[]): void {
    const value = { handlesJson: JSON.stringify(handles) };
    this.say('commit', epoch, { $case: 'commit', value });
  }

  acknowledgements(epoch: number): Acknowledgement[] {
    return this.messages.flatMap(({ epoch: of, body, raw, sender }) =>
      of === epoch && body?.$case === 'snapshotted' ? [{ ...body.value, bytes: raw, sender }] : [],
    );
  }

  commitsAcknowledged(epoch: number): string[] {
    return this.messages.flatMap(({ epoch: of, body }) =>
      of === epoch && body?.$case === 'commitAcknowledged' && body.value.subtask !== undefined
        ? [subtaskKey(body.value.subtask)]
        : [],
    );
  }

  /** One whole epoch, as a controller drives it. Resolves with its snapshots when all sinks have acknowledged the commit. */
  async epoch(epoch: number, subtasks: number, final = false): Promise<OperatorSnapshot[]> {
    this.inject(epoch, final);
    const acks = await this.acknowledged(epoch, subtasks);
    const handles = acks.flatMap((ack) => JSON.parse(ack.handlesJson) as SubtaskHandle[]);
    this.commit(epoch, handles);
    await eventually(
      () => new Set(this.commitsAcknowledged(epoch)).size >= new Set(handles.map(sinkPlace)).size,
    );
    return acks.flatMap((ack) => JSON.parse(ack.snapshotsJson) as OperatorSnapshot[]);
  }

  /** The first acknowledgement of each subtask. */
  async acknowledged(epoch: number, subtasks: number): Promise<Acknowledgement[]> {
    const first = (): Map<string, Acknowledgement> => {
      const found = new Map<string, Acknowledgement>();
      for (const ack of this.acknowledgements(epoch)) {
        const key = ack.subtask === undefined ? '' : subtaskKey(ack.subtask);
        if (!found.has(key)) found.set(key, ack);
      }
      return found;
    };
    await eventually(() => first().size >= subtasks);
    return [...first().values()];
  }

  async close(): Promise<void> {
    for (const { host, server } of this.workers) {
      await host.drain();
      await server.close(this.ports.timers, 0);
    }
  }
}

function sinkPlace(handle: SubtaskHandle): string {
  return `${handle.stage}/${handle.subtask}`;
}

/** Waits for a condition, at most 60 s. */
export async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in 60 s');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function rowOf(line: string): PlainRow {
  const values = Object.values(JSON.parse(line) as Record<string, number | string>);
  return values.map((value) => (typeof value === 'number' ? BigInt(value) : value));
}
