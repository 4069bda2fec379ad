import { status } from '@grpc/grpc-js';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { envelopeHeaders } from '@weir/control-bus/envelope.ts';
import { generationSubject, workersSubject } from '@weir/control-bus/subjects.ts';
import { heartbeatEveryMs } from '@weir/control-bus/worker-members.ts';
import type { OperatorSnapshot } from '@weir/epoch-protocol/ledger-entries.ts';
import type { SubtaskHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { formatTransactionalId, slotOf } from '@weir/epoch-protocol/transactional-id.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Ports, TimerHandle } from '@weir/kernel/ports.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { ControlMessage, WorkerHeartbeat } from '@weir/wire/gen/weir/internal/v1/control.ts';
import type {
  StartTasksRequest,
  Subtask,
  TaskScope,
  WatchTasksResponse,
} from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';
import type { WorkerClient } from '../workers/worker-client.ts';
import type { TestBroker } from '@weir/connectors/testing/test-broker.ts';

type Body = NonNullable<ControlMessage['body']>;

interface Tasks {
  readonly request: StartTasksRequest;
  readonly scope: TaskScope;
  readonly plan: PhysicalPlan;
  /** Epoch -> what each subtask has acknowledged. */
  readonly acks: Map<number, Body[]>;
  readonly unsubscribe: (() => void)[];
  readonly watchers: Set<{ onEvent: (event: WatchTasksResponse) => void; end: (error?: unknown) => void }>;
}

/** A worker that follows the protocol without any rows: a transaction for each sink subtask and epoch, positions that count epochs. */
export class FakeWorker implements WorkerClient {
  readonly incarnation: string;
  readonly address: string;
  readonly starts: StartTasksRequest[] = [];
  readonly cancelled: number[] = [];
  readonly #bus: ControlBus;
  readonly #ports: Ports;
  readonly #broker: TestBroker;
  readonly #tasks = new Map<string, Tasks>();
  readonly #beatOn: () => TimerHandle;
  #heartbeat: TimerHandle;
  #dead = false;
  /** Script: what this worker leaves out. */
  ignoresCommits = false;
  ignoresInjects = false;
  inputsEnded = false;
  unchanged = false;

  constructor(
    bus: ControlBus,
    ports: Ports,
    broker: TestBroker,
    options: { cluster: string; incarnation: string; slots: number },
  ) {
    this.incarnation = options.incarnation;
    this.address = `${options.incarnation}:1`;
    this.#bus = bus;
    this.#ports = ports;
    this.#broker = broker;
    const beat = (): void => this.#beat(options.cluster, options.slots);
    this.#beatOn = () => {
      beat();
      return ports.timers.every(heartbeatEveryMs, beat);
    };
    this.#heartbeat = this.#beatOn();
  }

  /** Generations of which it runs tasks. */
  get running(): number[] {
    return [...this.#tasks.values()].map(({ scope }) => scope.generation);
  }

  /** As SIGKILL: streams break, nothing is said any more. */
  kill(): void {
    this.#dead = true;
    this.#heartbeat.cancel();
    for (const tasks of [...this.#tasks.values()]) this.#end(tasks, unreachable());
  }

  /** As SIGSTOP: says and hears nothing, while its connections stay open. */
  freeze(): void {
    this.#heartbeat.cancel();
    this.ignoresInjects = true;
    this.ignoresCommits = true;
  }

  /** As SIGCONT. */
  thaw(): void {
    this.#heartbeat = this.#beatOn();
    this.ignoresInjects = false;
    this.ignoresCommits = false;
  }

  failTask(code: `WEIR-${string}`, message: string, disposition: 'retry' | 'fatal'): void {
    const failure = { subtask: { stage: 's0', index: 0 }, code, message, hint: 'look at it', disposition };
    for (const tasks of this.#tasks.values()) {
      for (const watcher of tasks.watchers) watcher.onEvent({ event: { $case: 'failure', value: failure } });
    }
  }

  async startTasks(request: StartTasksRequest): Promise<void> {
    const scope = this.#check(request.scope);
    if (this.#tasks.has(keyOf(scope))) return;
    this.starts.push(request);
    const tasks: Tasks = {
      request,
      scope,
      plan: JSON.parse(request.planJson) as PhysicalPlan,
      acks: new Map(),
      unsubscribe: [],
      watchers: new Set(),
    };
    this.#tasks.set(keyOf(scope), tasks);
    for (const topic of ['inject', 'commit', 'ask-acknowledgements']) {
      const subject = generationSubject(scope, scope.generation, topic);
      tasks.unsubscribe.push(
        this.#bus.subscribe(subject, (message) => this.#hear(tasks, ControlMessage.decode(message.bytes))),
      );
    }
  }

  async cancelTasks(asked: TaskScope): Promise<void> {
    const scope = this.#check(asked);
    this.cancelled.push(scope.generation);
    for (const tasks of [...this.#tasks.values()]) {
      const same = tasks.scope.pipelineId === scope.pipelineId && tasks.scope.generation <= scope.generation;
      if (same) this.#end(tasks);
    }
  }

  async watchTasks(
    asked: TaskScope,
    onEvent: (event: WatchTasksResponse) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const scope = this.#check(asked);
    const tasks = this.#tasks.get(keyOf(scope));
    if (tasks === undefined)
      throw new GrpcStatusError(status.NOT_FOUND, 'WEIR-7299', 'no such generation here');
    onEvent({ event: { $case: 'running', value: {} } });
    await new Promise<void>((resolve, reject) => {
      const watcher = {
        onEvent,
        end: (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)),
      };
      tasks.watchers.add(watcher);
      signal.addEventListener('abort', () => {
        tasks.watchers.delete(watcher);
        resolve();
      });
    });
  }

  async tailOutput(
    asked: TaskScope,
    sink: string,
    onRows: Parameters<WorkerClient['tailOutput']>[2],
    signal: AbortSignal,
  ): Promise<void> {
    this.#check(asked);
    onRows({
      table: 'results',
      epoch: 1,
      rows: [`{"sink":"${sink}","worker":"${this.incarnation}"}`],
      skipped: 0n,
    });
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  sayActivity(): void {
    for (const tasks of this.#tasks.values())
      this.#say(tasks, 0, 'activity', { $case: 'activity', value: {} });
  }

  sendStats(recordsIn: bigint): void {
    for (const { request, watchers } of this.#tasks.values()) {
      const operators = request.subtasks.map((subtask) => ({
        operator: subtask.stage === 's0' ? 'src' : 'snk',
        subtask,
        recordsIn,
        recordsOut: recordsIn,
        bytes: 1n,
        lateRows: 0n,
        badRecords: 0n,
        badByCode: {},
        nullValues: 0n,
        lag: 2n,
        warnings: [],
        stateBytes: 0n,
      }));
      for (const watcher of watchers) watcher.onEvent({ event: { $case: 'stats', value: { operators } } });
    }
  }

  #beat(cluster: string, slots: number): void {
    const { incarnation, address } = this;
    const heartbeat = {
      formatVersion: 1,
      incarnation,
      address,
      adminAddress: '',
      slots,
      usedSlots: this.#tasks.size,
      draining: false,
    };
    const headers = envelopeHeaders({ messageId: this.#ports.rng.id(12) });
    this.#bus.publish(workersSubject(cluster), WorkerHeartbeat.encode(heartbeat).finish(), headers);
  }

  #check(scope: TaskScope | undefined): TaskScope {
    if (this.#dead) throw unreachable();
    if (scope?.incarnation !== this.incarnation) {
      throw new GrpcStatusError(status.FAILED_PRECONDITION, 'WEIR-7298', 'another worker');
    }
    return scope;
  }

  #end(tasks: Tasks, error?: unknown): void {
    this.#tasks.delete(keyOf(tasks.scope));
    for (const unsubscribe of tasks.unsubscribe) unsubscribe();
    for (const watcher of tasks.watchers) watcher.end(error);
  }

  #hear(tasks: Tasks, { epoch, body }: ControlMessage): void {
    if (body?.$case === 'inject' && !this.ignoresInjects) {
      if (!tasks.acks.has(epoch))
        tasks.acks.set(
          epoch,
          tasks.request.subtasks.map((subtask) => this.#snapshot(tasks, subtask, epoch)),
        );
      this.#acknowledge(tasks, epoch);
    }
    if (body?.$case === 'askAcknowledgements' && !this.ignoresInjects) this.#acknowledge(tasks, epoch);
    if (body?.$case === 'commit' && !this.ignoresCommits)
      this.#commit(tasks, epoch, JSON.parse(body.value.handlesJson) as SubtaskHandle[]);
  }

  #acknowledge(tasks: Tasks, epoch: number): void {
    for (const body of tasks.acks.get(epoch) ?? []) this.#say(tasks, epoch, 'snapshotted', body);
  }

  #snapshot(tasks: Tasks, subtask: Subtask, epoch: number): Body {
    const { stage, index } = subtask;
    const stagePlan = present(
      tasks.plan.stages.find((each) => each.id === stage),
      stage,
    );
    const snapshots: OperatorSnapshot[] = stagePlan.operators
      .filter((operator) => operator.node.kind === 'source')
      .map((operator) => ({
        operator: operator.id,
        stage,
        subtask: index,
        pieces: [],
        splits: { [`in/${index}`]: { offset: String(epoch) } },
      }));
    const { cluster, pipeline, pipelineId, generation: g } = tasks.scope;
    const handles: SubtaskHandle[] = stagePlan.operators
      .filter((operator) => operator.node.kind === 'sink')
      .map((operator) => {
        const scope = { cluster, pipeline, pipelineId };
        const id = formatTransactionalId({
          scope,
          g,
          sink: operator.id,
          subtask: index,
          slot: slotOf(epoch),
        });
        return { operator: operator.id, stage, subtask: index, handle: this.#broker.begin(id) };
      });
    return {
      $case: 'snapshotted',
      value: {
        subtask,
        snapshotsJson: JSON.stringify(snapshots),
        handlesJson: JSON.stringify(handles),
        ended: this.inputsEnded,
        unchanged: this.unchanged,
        alignMs: 0,
        snapshotMs: 0,
        prepareMs: 0,
        transactionAgeMs: 0,
      },
    };
  }

  #commit(tasks: Tasks, epoch: number, handles: readonly SubtaskHandle[]): void {
    for (const subtask of tasks.request.subtasks) {
      const mine = handles.filter(
        (handle) => handle.stage === subtask.stage && handle.subtask === subtask.index,
      );
      const answers = mine.map(({ handle }) =>
        handle.kind === 'kafka' ? this.#broker.endTxn(handle) : 'NONE',
      );
      if (mine.length > 0 && answers.every((answer) => answer === 'NONE')) {
        this.#say(tasks, epoch, 'commit-acknowledged', { $case: 'commitAcknowledged', value: { subtask } });
      }
    }
  }

  #say({ scope }: Tasks, epoch: number, topic: string, body: Body): void {
    const { generation } = scope;
    const messageId = this.#ports.rng.id(12);
    const message: ControlMessage = {
      formatVersion: 1,
      messageId,
      generation,
      epoch,
      sender: this.incarnation,
      body,
    };
    const headers = envelopeHeaders({ messageId, generation, epoch });
    this.#bus.publish(
      generationSubject(scope, generation, topic),
      ControlMessage.encode(message).finish(),
      headers,
    );
  }
}

const keyOf = (scope: TaskScope): string => `${scope.pipelineId}/${scope.generation}`;

function unreachable(): WeirError {
  return new GrpcStatusError(status.UNAVAILABLE, 'WEIR-8001', 'the worker does not answer', {
    disposition: 'retry',
  });
}
