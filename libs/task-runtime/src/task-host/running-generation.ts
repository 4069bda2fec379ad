import { readStoredMessage } from '@weir/control-bus/stored-message.ts';
import { pipelinePrefix } from '@weir/epoch-protocol/ledger-keys.ts';
import { readHandles } from '../barrier-path/read-handles.ts';
import type { OperatorStats, TaskScope } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { snapshotObjectKey } from '@weir/epoch-protocol/snapshot-object-key.ts';
import { AtMost } from '@weir/kernel/at-most.ts';
import { describeError, dispositionOf, WeirError } from '@weir/kernel/errors.ts';
import type { TimerHandle } from '@weir/kernel/ports.ts';
import { subtaskKey, type SubtaskId } from '@weir/kernel/subtask-id.ts';
import { ActivityHints } from '../barrier-path/activity-hints.ts';
import { ReportChannel, untilStored } from '../barrier-path/report-channel.ts';
import type { ObjectReader } from '../barrier-path/restore-state.ts';
import type { StoreObject } from '../barrier-path/snapshot-writer.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { Wakeup } from '../record-path/wakeup.ts';
import { wireChannels, type ChannelWiring } from '../exchange/channel-wiring.ts';
import type { ExchangeHub } from '../exchange/exchange-hub.ts';
import { ExchangePull } from '../exchange/exchange-pull.ts';
import type { GenerationSpec } from './generation-spec.ts';
import { OutboundLink } from '../exchange/outbound-link.ts';
import type { TailedRows } from './output-tap.ts';
import { RunningSubtask } from './running-subtask.ts';
import { Attendance } from './attendance.ts';
import { subtaskStats } from './subtask-stats.ts';
import type { TaskEnvironment } from './task-environment.ts';

/** An acknowledgement that got no answer is repeated after this, ms. */
const repeatAfterMs = 250;

/** How long a stop waits for connectors that are still opening, ms. */
const openingGraceMs = 2000;

/** Requests to the object store at once, of all subtasks here together. */
const mostRequests = 16;

export interface SubtaskFailure {
  readonly subtask: SubtaskId | undefined;
  readonly error: WeirError;
}

export interface GenerationListener {
  running(): void;
  failed(failure: SubtaskFailure): void;
  /** It is about to end: the last moment at which its statistics can be read. */
  stopping?(): void;
  stopped(): void;
}

/**
 * The subtasks that one worker runs of one generation.
 *
 * T1  It is started once. Any failure (a subtask, a sink, a stream) ends all of it here, is told, and nothing is restarted.
 * T2  Messages of other generations change nothing; repeats change nothing.
 */
export class RunningGeneration {
  readonly spec: GenerationSpec;
  /** None once it has stopped: their state and buffers are let go of. */
  subtasks: readonly RunningSubtask[];
  failure: SubtaskFailure | null = null;
  isRunning = false;
  readonly attendance: Attendance;
  readonly #environment: TaskEnvironment;
  readonly #hub: ExchangeHub;
  readonly #channel: ReportChannel;
  readonly #hints: ActivityHints;
  #wiring: ChannelWiring | null;
  readonly #links = new Map<string, OutboundLink>();
  readonly #closing = new AbortController();
  readonly #listeners = new Set<GenerationListener>();
  readonly #tailers = new Set<(operator: string, rows: TailedRows) => void>();
  /** Operators whose statistics failed, each said once. */
  readonly #withoutStats = new Set<string>();
  /** Epoch -> trace context of its Inject; the newest few. */
  readonly #traceparents = new Map<number, string>();
  /** A restore or a snapshot of many panes is hundreds of objects: a store answers so many requests better one after the other. */
  readonly #requests = new AtMost(mostRequests);
  #loops: Promise<void>[] = [];
  #opening: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;
  #unsubscribe: () => void = () => {};
  #repeatTimer: TimerHandle | null = null;

  /** @throws WeirError when the plan can't be run here; nothing is open then */
  constructor(spec: GenerationSpec, environment: TaskEnvironment, hub: ExchangeHub) {
    this.spec = spec;
    this.#environment = environment;
    this.#hub = hub;
    const { clock, timers, rng } = environment.ports;
    this.attendance = new Attendance(clock);
    const link = environment.controlLink(spec.scope, spec.generation);
    this.#channel = new ReportChannel({
      generation: spec.generation,
      incarnation: environment.incarnation,
      newMessageId: () => rng.id(12),
      publish: (message) => link.publish(message),
      storeObject: this.#storeObject('message', 0),
      fetchMessage: (key) =>
        this.#read(key, (store) => readStoredMessage(store, pipelinePrefix(spec.scope), key)),
    });
    this.#hints = new ActivityHints(clock, timers, () =>
      this.#channel.sendNow(0, { $case: 'activity', value: {} }, ''),
    );
    const wakeups = new Map(spec.subtasks.map((id) => [subtaskKey(id), new Wakeup()]));
    const wakeupOf = (key: string): Wakeup => wakeups.get(key) ?? new Wakeup();
    const fail = (error: unknown): void => this.#fail(undefined, error);
    const wiring = wireChannels(spec, environment.incarnation, (key) => wakeupOf(key).notify, fail);
    this.#wiring = wiring;
    this.subtasks = spec.subtasks.map(
      (id) =>
        new RunningSubtask(id, {
          spec,
          environment,
          wiring,
          wakeup: wakeupOf(subtaskKey(id)),
          channel: this.#channel,
          storeObject: this.#storeObject,
          objects: this.#objects,
          traceparentOf: (epoch) => this.#traceparents.get(epoch) ?? '',
          onActivity: () => this.#hints.mark(),
          onTailed: (operator, rows) => this.#show(operator, rows),
          closing: this.#closing.signal,
          fail: (subtask, error) => this.#fail(subtask, error),
        }),
    );
    for (const [receiver, { channels }] of wiring.sendsTo) {
      this.#links.set(receiver, new OutboundLink(channels, fail));
    }
    hub.register(spec.scope.pipelineId, spec.generation, this.#links);
    this.#unsubscribe = link.subscribe((bytes, traceparent) => this.#receive(bytes, traceparent));
  }

  /** Indexes of parallel subtasks that it runs: each takes one slot. */
  get slots(): number {
    return new Set(this.spec.subtasks.map(({ index }) => index)).size;
  }

  get isStopping(): boolean {
    return this.#stopped !== null;
  }

  /** Opens everything and begins to process. Comes back at once: listeners are told. */
  start(after: Promise<void>): void {
    this.#opening = after.then(() => this.#open());
    this.#opening.catch((error: unknown) => this.#fail(undefined, error));
  }

  /** Told what happens from now on, and at once what has happened already. Returns what ends it. */
  listen(listener: GenerationListener): () => void {
    this.#listeners.add(listener);
    if (this.isRunning && this.failure === null) listener.running();
    if (this.failure !== null) listener.failed(this.failure);
    if (this.isStopping) void this.#stopped?.then(() => listener.stopped());
    return () => void this.#listeners.delete(listener);
  }

  /** Rows that sinks here have committed, from now on. Returns what ends it. */
  tail(onRows: (operator: string, rows: TailedRows) => void): () => void {
    this.#tailers.add(onRows);
    for (const subtask of this.subtasks) subtask.tail(true);
    return () => {
      this.#tailers.delete(onRows);
      if (this.#tailers.size === 0) for (const subtask of this.subtasks) subtask.tail(false);
    };
  }

  /** Whoever looks changes nothing. */
  #show(operator: string, rows: TailedRows): void {
    for (const tailer of this.#tailers) {
      try {
        tailer(operator, rows);
      } catch (error) {
        this.#environment.log.warn(
          { operator, error: describeError(error) },
          'committed rows could not be shown',
        );
      }
    }
  }

  stats(): OperatorStats[] {
    return this.subtasks.flatMap((subtask) => subtaskStats(subtask, this.#toldNoStats));
  }

  readonly #toldNoStats = (operator: string, error: unknown): void => {
    if (this.#withoutStats.has(operator)) return;
    this.#withoutStats.add(operator);
    this.#environment.log.warn(
      { operator, error: describeError(error) },
      'statistics of an operator can not be read: it is shown without its own figures',
    );
  };

  /**
   * Ends it at once, without a checkpoint; open transactions stay as they are. Resolves when all is closed.
   * @param committedEpoch the newest of its epochs that is known to be committed, where the caller knows one
   */
  stop(committedEpoch = 0): Promise<void> {
    this.#stopped ??= this.#stop(committedEpoch);
    return this.#stopped;
  }

  async #open(): Promise<void> {
    const { ports, incarnation } = this.#environment;
    const { scope, generation } = this.spec;
    const pulls = [...(this.#wiring?.pullsFrom.values() ?? [])].map(({ place, channels }) => {
      const taskScope: TaskScope = { ...scope, generation, incarnation: place.incarnation };
      return new ExchangePull({
        clients: this.#environment.exchangeClient,
        scope: taskScope,
        address: place.address,
        receiverIncarnation: incarnation,
        channels,
        clock: ports.clock,
        timers: ports.timers,
        closing: this.#closing.signal,
        fail: (error) => this.#fail(undefined, error),
      });
    });
    await Promise.all([
      ...pulls.map((pull) => pull.open()),
      ...this.subtasks.map((subtask) =>
        subtask.open().catch((error: unknown) => this.#fail(subtask.id, error)),
      ),
    ]);
    if (this.#closing.signal.aborted) return;
    this.#loops = this.subtasks.map((subtask) =>
      subtask.loop.run().catch((error: unknown) => this.#fail(subtask.id, error)),
    );
    this.#repeatTimer = ports.timers.every(repeatAfterMs, () => {
      for (const subtask of this.subtasks) subtask.epochs.repeat(null, repeatAfterMs);
    });
    this.isRunning = true;
    for (const listener of this.#listeners) listener.running();
  }

  async #receive(bytes: Uint8Array, traceparent: string): Promise<void> {
    const message = await this.#channel.receive(bytes);
    if (message !== undefined) this.attendance.heard();
    if (message === undefined || this.#closing.signal.aborted || !this.isRunning) return; // T2
    const { epoch, body } = message;
    switch (body?.$case) {
      case 'inject':
        this.#noteTrace(epoch, traceparent);
        for (const { epochs, loop } of this.subtasks) {
          epochs.goneOn(body.value.parent);
          loop.inject(epoch, body.value.final);
        }
        return;
      case 'askAcknowledgements':
        for (const { epochs } of this.subtasks) epochs.repeat(epoch);
        return;
      case 'commit': {
        const handles = readHandles(body.value.handlesJson);
        for (const { epochs } of this.subtasks) void epochs.commit(epoch, handles, traceparent);
        return;
      }
      default:
    }
  }

  #noteTrace(epoch: number, traceparent: string): void {
    if (traceparent !== '') this.#traceparents.set(epoch, traceparent);
    for (const known of this.#traceparents.keys()) if (known < epoch - 2) this.#traceparents.delete(known);
  }

  readonly #storeObject = (stage: string, subtask: number): StoreObject => {
    return async (epoch, bytes) => {
      const { store, ports, log } = this.#environment;
      const { scope, generation: g } = this.spec;
      const key = snapshotObjectKey(scope, { g, e: epoch, stage, subtask, nonce: ports.rng.id(12) });
      // The nonce makes the key ours alone: if it is there already, an earlier attempt has put it.
      await this.#requests.run(() =>
        untilStored(
          () => store.putIfAbsent(key, bytes),
          ports.timers,
          this.#closing.signal,
          (why) => log.warn({ key, why }, 'a snapshot object could not be stored yet'),
        ),
      );
      return key;
    };
  };

  readonly #objects: ObjectReader = {
    read: (key) => this.#read(key, async (store) => (await store.get(key))?.bytes),
    readRange: (key, start, end) => this.#read(key, (store) => store.getRange(key, start, end)),
  };

  #read<T>(key: string, read: (store: ObjectStore) => Promise<T>): Promise<T> {
    const { store, ports, log } = this.#environment;
    return this.#requests.run(() =>
      untilStored(
        () => read(store),
        ports.timers,
        this.#closing.signal,
        (why) => log.warn({ key, why }, 'an object could not be read yet'),
      ),
    );
  }

  /** T1 */
  #fail(subtask: SubtaskId | undefined, cause: unknown): void {
    if (this.failure !== null || this.isStopping) return;
    const error =
      cause instanceof WeirError
        ? cause
        : new WeirError('WEIR-7200', `a task has failed: ${describeError(cause)}`, {
            cause,
            disposition: dispositionOf(cause),
          });
    this.failure = { subtask, error };
    const { log } = this.#environment;
    const { scope, generation } = this.spec;
    const where = subtask === undefined ? '' : ` ${subtaskKey(subtask)}`;
    log.warn(
      { pipeline: scope.pipeline, generation, code: error.code, stack: error.stack },
      `task${where} has failed: ${describeError(error)}`,
    );
    for (const listener of this.#listeners) listener.failed(this.failure);
    void this.stop();
  }

  async #stop(committedEpoch: number): Promise<void> {
    const { scope, generation } = this.spec;
    for (const listener of this.#listeners) listener.stopping?.();
    this.#closing.abort(new WeirError('WEIR-7230', 'the tasks were stopped', { disposition: 'retry' }));
    this.#unsubscribe();
    this.#repeatTimer?.cancel();
    this.#hints.stop();
    this.#hub.unregister(scope.pipelineId, generation);
    for (const link of this.#links.values()) link.end();
    // What is still opening is closed under its hands when it takes long: a server that doesn't answer must not hold the slots.
    const waited = this.#environment.ports.timers.sleep(openingGraceMs);
    await Promise.race([this.#opening.catch(() => {}), waited]);
    await Promise.all(this.#loops);
    for (const outcome of await Promise.allSettled(
      this.subtasks.map((subtask) => subtask.close(committedEpoch)),
    )) {
      if (outcome.status === 'rejected') {
        this.#environment.log.warn({ error: describeError(outcome.reason) }, 'a subtask did not close well');
      }
    }
    this.subtasks = [];
    this.#links.clear();
    this.#wiring = null;
    for (const listener of this.#listeners) listener.stopped();
    this.#listeners.clear();
  }
}
