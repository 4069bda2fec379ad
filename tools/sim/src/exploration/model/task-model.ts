import { present } from '@weir/kernel/assert.ts';
import type { EpochBody } from '@weir/epoch-protocol/ledger-entries.ts';
import type { Snapshotted } from '@weir/epoch-protocol/pending-epoch.ts';
import { IllegalTransition } from '@weir/epoch-protocol/protocol-errors.ts';
import {
  closed,
  commitAnswered,
  commitRequested,
  failed,
  initAnswered,
  initSent,
  newSinkTransactions,
  nextForRecords,
  opened,
  prepared,
  restartInPlace,
  slotToInitializeAhead,
  type SinkTransactions,
} from '@weir/epoch-protocol/sink-transaction.ts';
import { newTaskStarts, startTaken, type TaskStarts } from '@weir/epoch-protocol/task-starts.ts';
import { slotOf } from '@weir/epoch-protocol/transactional-id.ts';
import { endTransaction, idAt, initByTask, written, type Broker } from './broker.ts';
import { Interner } from './interner.ts';
import { positionAt, type LedgerModel, type StartOffer } from './ledger-model.ts';
import { hasOutput, type ModelConfig } from './model-config.ts';
import { sinkOperator, transactionalIdOf } from './sink-ids.ts';

/** A sink subtask of a generation on one worker, zombies included, and what it has said: messages stay deliverable for ever. */
export interface Task {
  readonly starts: TaskStarts;
  readonly life: 'off' | 'up' | 'dead';
  /** Null before the start and after death. */
  readonly transactions: SinkTransactions | null;
  readonly start: StartOffer | null;
  readonly acks: readonly Snapshotted[];
  /** Epochs whose commit it has acknowledged. */
  readonly commits: readonly number[];
  /** InitProducerId requests under way, by slot. */
  readonly landing: readonly number[];
  readonly restarts: number;
  /** A message of a correct peer made an illegal transition. */
  readonly illegal: string | null;
}

/** What a task may be told: from the ledger's history. */
export interface TaskMessages {
  readonly starts: readonly StartOffer[];
  readonly injects: readonly number[];
  readonly commits: readonly EpochBody[];
}

export interface TaskStep {
  readonly label: string;
  readonly task: Task;
  readonly broker: Broker;
}

export function newTask(incarnation: string): Task {
  return {
    starts: newTaskStarts(incarnation),
    life: 'off',
    transactions: null,
    start: null,
    acks: [],
    commits: [],
    landing: [],
    restarts: 0,
    illegal: null,
  };
}

/** The number of the input record that epoch e brings. */
function recordOf(start: StartOffer, e: number): number {
  return start.record + e - start.firstEpoch;
}

export class TaskModel {
  readonly all = new Interner<Task>('task');
  readonly messages = new Interner<TaskMessages>('messages');
  readonly #config: ModelConfig;
  readonly #ledger: LedgerModel;

  constructor(config: ModelConfig, ledger: LedgerModel) {
    this.#config = config;
    this.#ledger = ledger;
  }

  /** What the ledger's history lets anybody say to the tasks of a generation on a worker. */
  messagesFor(history: number, g: number, incarnation: string): number {
    const { starts, injects, decided } = this.#ledger.histories.at(history);
    return this.messages.id({
      starts: starts.filter((start) => start.g === g && start.incarnation === incarnation),
      injects: injects.filter(([of]) => of === g).map(([, e]) => e),
      commits: decided
        .map((entry) => this.#ledger.entries.at(entry) as EpochBody)
        .filter((epoch) => epoch.g === g),
    });
  }

  /** Everything that subtask `sink` of generation g can do next. */
  steps(task: Task, broker: Broker, messages: TaskMessages, g: number, sink: number): TaskStep[] {
    const at = new TaskSteps(this.#config, task, broker, g, sink);
    for (const start of messages.starts) at.take(start);
    at.land();
    if (task.life === 'up') {
      at.writeOrInitialize();
      at.initializeAhead();
      for (const e of messages.injects) at.barrier(e);
      for (const epoch of messages.commits) at.commit(epoch);
      at.restartInPlace();
    }
    return at.steps;
  }
}

/** Dead tasks keep what they said, and the requests that are under way. */
export function deadTask(task: Task, illegal: string | null = null): Task {
  return { ...task, life: 'dead', transactions: null, illegal };
}

class TaskSteps {
  readonly steps: TaskStep[] = [];
  readonly #config: ModelConfig;
  readonly #task: Task;
  readonly #broker: Broker;
  readonly #g: number;
  readonly #sink: number;

  constructor(config: ModelConfig, task: Task, broker: Broker, g: number, sink: number) {
    this.#config = config;
    this.#task = task;
    this.#broker = broker;
    this.#g = g;
    this.#sink = sink;
  }

  take(start: StartOffer): void {
    const { rules, taskRestarts } = this.#config;
    const request = {
      g: this.#g,
      subtask: { stage: 's', index: this.#sink },
      incarnation: start.incarnation,
    };
    const { state, outcome } = startTaken(this.#task.starts, request, rules);
    if (outcome !== 'start') return;
    const again = this.#task.life !== 'off';
    if (again && this.#task.restarts >= taskRestarts) return;
    this.#add(`takes Start(g ${this.#g}, from epoch ${start.base})${again ? ' again' : ''}`, {
      ...this.#task,
      starts: state,
      life: 'up',
      transactions: newSinkTransactions(start.firstEpoch),
      start,
      restarts: this.#task.restarts + (again ? 1 : 0),
    });
  }

  writeOrInitialize(): void {
    const { rules, epochs, splitInit, noOutput } = this.#config;
    const state = this.#transactions();
    const start = present(this.#task.start, 'the start of a task that is up');
    if (state.epoch > epochs) return;
    const wanted = hasOutput(this.#config, this.#sink, recordOf(start, state.epoch));
    const next = nextForRecords(state, rules);
    if (next.step === 'initialize' && (wanted || noOutput.length > 0)) {
      if (splitInit) this.#sendInit(next.slot);
      else this.#initialize(next.slot, wanted && noOutput.length === 0);
    }
    if (next.step === 'await-initialize' && !rules.initOncePerUse) this.#sendInit(next.slot);
    if (next.step === 'write' && wanted && state.slots[next.slot]?.status !== 'open') {
      this.#write(this.#task, this.#broker, '');
    }
  }

  initializeAhead(): void {
    const { rules, epochs, splitInit } = this.#config;
    const state = this.#transactions();
    if (!splitInit || state.epoch + 1 > epochs) return;
    const slot = slotToInitializeAhead(state, rules);
    if (slot !== null && this.#inFlight(slot) === 0) this.#sendInit(slot);
  }

  /** InitProducerId requests land at any time, whatever has become of the task; an answer comes at once, or never. */
  land(): void {
    const { rules } = this.#config;
    this.#task.landing.forEach((count, slot) => {
      if (count === 0) return;
      const broker = initByTask(this.#broker, slot);
      const landed = { ...this.#task, landing: this.#task.landing.with(slot, count - 1) };
      const held = landed.transactions?.slots[slot];
      const label = `InitProducerId(slot ${slot}) lands`;
      if (landed.transactions === null || held?.status !== 'initializing') {
        this.#add(label, landed, broker);
        return;
      }
      const ids = { producerId: '1', producerEpoch: idAt(broker, slot).epoch };
      const answered = initAnswered(landed.transactions, slot, ids);
      this.#add(`${label} and answers`, { ...landed, transactions: answered }, broker);
      const lost = rules.initOncePerUse ? deadTask(landed) : landed;
      this.#add(`${label}, its answer is lost`, lost, broker);
    });
  }

  barrier(e: number): void {
    const { rules, splitPrepare } = this.#config;
    const before = this.#transactions();
    const start = present(this.#task.start, 'the start of a task that is up');
    const isClosed = splitPrepare && e === before.epoch - 1 && !this.#hasAcknowledged(e);
    if (e !== before.epoch && !isClosed) return;
    const record = recordOf(start, e);
    const state = isClosed ? before : closed(before, e);
    const slot = state.slots[slotOf(e)];
    const open = slot?.status === 'open' && slot.epoch === e;
    if (open !== hasOutput(this.#config, this.#sink, record)) return;
    if (splitPrepare && !isClosed) {
      return this.#add(`closes epoch ${e}`, { ...this.#task, transactions: state });
    }
    const first = idAt(this.#broker, slotOf(e)).transaction?.first ?? this.#lastBatch(e);
    const flushed = {
      transactionalId: transactionalIdOf(this.#g, this.#sink, slotOf(e), rules),
      firstOffsets: { [`out/${this.#sink}`]: String(first) },
      openedAtMs: 0,
      timeoutMs: 100,
    };
    const { state: after, handle } = prepared(state, e, open ? flushed : null, rules);
    const ack: Snapshotted = {
      stage: 's',
      index: this.#sink,
      g: this.#g,
      e,
      incarnation: this.#task.starts.incarnation,
      snapshots: this.#sink === 0 ? positionAt(record + 1) : [],
      handles: [{ operator: sinkOperator, stage: 's', subtask: this.#sink, handle }],
    };
    const what = handle.kind === 'empty' ? 'empty' : `slot ${slotOf(e)}`;
    this.#add(`prepares epoch ${e} (${what}) and acknowledges`, {
      ...this.#task,
      transactions: after,
      acks: [...this.#task.acks, ack],
    });
  }

  #hasAcknowledged(e: number): boolean {
    return this.#task.acks.some((ack) => ack.e === e);
  }

  commit(epoch: EpochBody): void {
    const { rules } = this.#config;
    const { e } = epoch;
    const saved = epoch.handles.find((handle) => handle.subtask === this.#sink)?.handle;
    if (saved === undefined || saved.kind === 'file') return;
    const label = `takes Commit(g ${epoch.g}, e ${e})`;
    try {
      const { state, next } = commitRequested(this.#transactions(), e, saved, rules);
      const task = { ...this.#task, transactions: state };
      if (next.step === 'acknowledge') {
        const commits = union(task.commits, e);
        return this.#add(`${label}: nothing to do, acknowledges`, { ...task, commits });
      }
      if (next.step === 'in-progress') return;
      const { broker, answer } = endTransaction(this.#broker, slotOf(e), next.handle.producerEpoch);
      const after = commitAnswered(state, e, answer);
      if (after.failure !== null) return this.#add(`${label}: ${answer}, fails`, deadTask(task), broker);
      const commits = union(task.commits, e);
      this.#add(
        `${label}: EndTxn ${answer}, acknowledges`,
        { ...task, transactions: after, commits },
        broker,
      );
    } catch (error) {
      if (!(error instanceof IllegalTransition)) throw error;
      this.#illegalCommit(label, saved.kind === 'kafka' ? saved.producerEpoch : null, e, error.message);
    }
  }

  restartInPlace(): void {
    const { rules, taskRestarts } = this.#config;
    if (rules.noRestartInPlace || this.#task.restarts >= taskRestarts) return;
    const transactions = restartInPlace(failed(this.#transactions(), 'it broke'), rules);
    const start = present(this.#task.start, 'the start of a task that is up');
    const record = recordOf(start, transactions.epoch);
    this.#add('fails and is restarted in place', {
      ...this.#task,
      transactions,
      start: { ...start, firstEpoch: transactions.epoch, record },
      restarts: this.#task.restarts + 1,
    });
  }

  /** With S4 off EndTxn has been sent before the state machine sees that its slot holds something else. */
  #illegalCommit(label: string, producerEpoch: number | null, e: number, message: string): void {
    const sent = !this.#config.rules.commitOnlyHeldEpoch && producerEpoch !== null;
    const { broker } = sent
      ? endTransaction(this.#broker, slotOf(e), producerEpoch)
      : { broker: this.#broker };
    this.#add(`${label}: ${message}`, deadTask(this.#task, message), broker);
  }

  #sendInit(slot: number): void {
    if (this.#inFlight(slot) >= 2) return;
    const state = initSent(this.#transactions(), slot, this.#config.rules);
    const landing = [0, 0, 0].map((_, at) => (this.#task.landing[at] ?? 0) + (at === slot ? 1 : 0));
    this.#add(`sends InitProducerId(slot ${slot})`, { ...this.#task, transactions: state, landing });
  }

  #inFlight(slot: number): number {
    return this.#task.landing[slot] ?? 0;
  }

  #initialize(slot: number, andWrite: boolean): void {
    const broker = initByTask(this.#broker, slot);
    const ids = { producerId: '1', producerEpoch: idAt(broker, slot).epoch };
    const state = initAnswered(initSent(this.#transactions(), slot, this.#config.rules), slot, ids);
    const task = { ...this.#task, transactions: state };
    const label = `InitProducerId(slot ${slot})`;
    if (!andWrite) return this.#add(label, task, broker);
    this.#write(task, broker, `${label} and `);
  }

  #write(task: Task, broker: Broker, prefix: string): void {
    const state = opened(present(task.transactions, 'transactions of a task that is up'), this.#config.rules);
    const { epoch } = state;
    const slot = state.slots[slotOf(epoch)];
    if (slot?.status !== 'open') return;
    const record = recordOf(present(task.start, 'the start of a task that is up'), epoch);
    const batch = { g: this.#g, e: epoch, record };
    const after = written(broker, slotOf(epoch), slot.ids.producerEpoch, batch);
    const label = `${prefix}writes record ${record} of epoch ${epoch} (slot ${slotOf(epoch)})`;
    if (after === null) return this.#add(`${label}: fenced, fails`, deadTask(task), broker);
    this.#add(label, { ...task, transactions: state }, after);
  }

  /** Where the batch of an epoch lies whose transaction the brokers have aborted since. */
  #lastBatch(e: number): number {
    return this.#broker.log.findLastIndex((batch) => batch.g === this.#g && batch.e === e);
  }

  #transactions(): SinkTransactions {
    return present(this.#task.transactions, 'transactions of a task that is up');
  }

  #add(label: string, task: Task, broker: Broker = this.#broker): void {
    this.steps.push({ label, task, broker });
  }
}

function union(list: readonly number[], item: number): readonly number[] {
  return list.includes(item) ? list : [...list, item].toSorted((a, b) => a - b);
}
