import {
  nextStartStep,
  takeOver,
  type StartFacts,
  type StartStep,
} from '@weir/epoch-protocol/generation-start.ts';
import type { LedgerEntryBody, PlacedSubtask } from '@weir/epoch-protocol/ledger-entries.ts';
import { foldEntry, refusalOf } from '@weir/epoch-protocol/ledger-fold.ts';
import {
  baseOf,
  currentGeneration,
  generationNumber,
  presentBase,
} from '@weir/epoch-protocol/ledger-state.ts';
import {
  acknowledged,
  commitAcknowledged,
  decideEpoch,
  isCommitted,
  newCommitProgress,
  type CommitProgress,
  type EpochDecision,
  type Snapshotted,
  type TransactionAge,
} from '@weir/epoch-protocol/pending-epoch.ts';
import { IllegalLedgerEntry } from '@weir/epoch-protocol/protocol-errors.ts';
import {
  unaskedFacts,
  type EndTxnAnswer,
  type HandleFacts,
  type LogAnswer,
} from '@weir/epoch-protocol/recovery-verdict.ts';
import type { SubtaskKafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { Interner, memoized } from './interner.ts';
import { pendingEpoch, type LedgerModel } from './ledger-model.ts';
import { wishKnownFrom, type ModelConfig } from './model-config.ts';
import { sinkOperator } from './sink-ids.ts';

/** What a coordinator process knows. A crash, and everything that makes one step back, leads to `idle`. */
export interface Coordinator {
  /** Id of the ledger state that it has read; -1: nothing (`idle`). */
  readonly known: number;
  readonly mine: number | null;
  /** Answers about the base's handles, in their order. */
  readonly endTxn: readonly (EndTxnAnswer | null)[];
  readonly log: readonly (LogAnswer | null)[];
  /** `generation/sink` that are cleaned up, in this generation's clean-up. */
  readonly cleaned: readonly string[];
  readonly cleanedUp: boolean;
  /** Entry by entry, where the ledger is trimmed meanwhile: the position that it began at; null: it has read to the end. */
  readonly readFrom: number | null;
}

const idle: Coordinator = {
  known: -1,
  mine: null,
  endTxn: [],
  log: [],
  cleaned: [],
  cleanedUp: false,
  readFrom: null,
};

/** What subtasks said, as far as messages have come: always all of it, since what hasn't come only makes a coordinator wait. */
export interface Collected {
  readonly acks: readonly Snapshotted[];
  readonly ages: readonly (TransactionAge | null)[];
  /** Sinks that have acknowledged the commit of the base. */
  readonly commits: readonly string[];
}

/** Coordinators: what they want to do next (the library's decision), and what they know afterwards. */
export class CoordinatorModel {
  readonly all = new Interner<Coordinator>('coordinator');
  readonly idle = this.all.id(idle);
  readonly #config: ModelConfig;
  readonly #ledger: LedgerModel;
  /** The library's next step for coordinator (id) number `who`. */
  readonly nextStep = memoized((id, who) => this.#nextStep(this.all.at(id), who));

  constructor(config: ModelConfig, ledger: LedgerModel) {
    this.#config = config;
    this.#ledger = ledger;
  }

  /** Started, and has read the ledger: goes on with the generation that is there, or wants a new one. */
  restarted(state: number): { adopt: number | null; begin: number | null } {
    const ledger = this.#ledger.states.at(state);
    const g = generationNumber(ledger);
    const adopts = g > 0 && takeOver(ledger, () => true) === 'adopt';
    return {
      adopt: adopts ? this.#with({ ...idle, known: state, mine: g }) : null,
      begin: g < this.#config.generations ? this.#with({ ...idle, known: state }) : null,
    };
  }

  /** Begins to read, at what the trim record's summary says. */
  reading(state: number): number {
    return this.#with({ ...idle, known: state, readFrom: this.#ledger.states.at(state).nextPosition });
  }

  /** One entry further; null when it can't be folded. */
  readOn(id: number, entry: number): number | null {
    const before = this.all.at(id);
    try {
      const state = this.#ledger.states.at(before.known);
      const after = foldEntry(state, this.#ledger.entries.at(entry), this.#config.rules);
      return this.#with({ ...before, known: this.#ledger.states.id(after) });
    } catch (error) {
      if (error instanceof IllegalLedgerEntry) return null;
      throw error;
    }
  }

  /** The entry at its position was folded, whoever's it is; answers are kept only while the base is the same. */
  foldedOn(id: number, entry: number, own: boolean): number {
    const before = this.all.at(id);
    const body = this.#ledger.entries.at(entry);
    try {
      const state = foldEntry(this.#ledger.states.at(before.known), body, this.#config.rules);
      const known = this.#ledger.states.id(state);
      if (body.kind !== 'Generation') return this.#with({ ...before, known });
      // Whoever lost the place to a Generation may adopt it, after reading on.
      return own ? this.#with({ ...before, known, mine: body.g, cleaned: [], cleanedUp: false }) : this.idle;
    } catch (error) {
      if (error instanceof IllegalLedgerEntry) return this.idle;
      throw error;
    }
  }

  knowing(id: number, known: number): number {
    return this.#with({ ...this.all.at(id), known });
  }

  beginsAgain(id: number): number {
    const { known } = this.all.at(id);
    const g = generationNumber(this.#ledger.states.at(known));
    return g < this.#config.generations ? this.#with({ ...idle, known }) : this.idle;
  }

  learntEndTxn(id: number, handle: SubtaskKafkaHandle, answer: EndTxnAnswer): number {
    const before = this.all.at(id);
    return this.#with({ ...before, endTxn: before.endTxn.with(this.#indexOf(before, handle), answer) });
  }

  learntLog(id: number, handle: SubtaskKafkaHandle, answer: LogAnswer): number {
    const before = this.all.at(id);
    return this.#with({ ...before, log: before.log.with(this.#indexOf(before, handle), answer) });
  }

  /** @param done `generation/sink` that is cleaned now; null: there was nothing to do @param all whether that was the last */
  cleanedUp(id: number, done: string | null, all: boolean): number {
    const before = this.all.at(id);
    if (all) return this.#with({ ...before, cleaned: [], cleanedUp: true });
    return this.#with({ ...before, cleaned: [...before.cleaned, done ?? ''].toSorted() });
  }

  /** Whether the entry would be folded by its own writer; the real appender refuses to put what isn't. */
  refusal(id: number, entry: LedgerEntryBody): string | null {
    return refusalOf(this.#ledger.states.at(this.all.at(id).known), entry, this.#config.rules);
  }

  /** The decision on the next epoch of a running generation; null when all epochs of the configuration are there. */
  decision(id: number, collected: Collected): EpochDecision | null {
    const state = this.#ledger.states.at(this.all.at(id).known);
    let pending = pendingEpoch(state, this.#config.rules);
    if (pending.e > this.#config.epochs) return null;
    collected.acks.forEach((ack, index) => {
      pending = acknowledged(pending, ack, collected.ages[index] ?? null, 0);
    });
    return decideEpoch(pending, this.#progress(id, collected), 0, this.#config.rules);
  }

  /** The `Committed` that ends the configuration's last epoch; null while it isn't due. */
  conclusion(id: number, collected: Collected): LedgerEntryBody | null {
    const state = this.#ledger.states.at(this.all.at(id).known);
    const base = presentBase(state);
    if (base.status !== 'decided' || pendingEpoch(state, this.#config.rules).e <= this.#config.epochs)
      return null;
    if (!isCommitted(this.#progress(id, collected))) return null;
    return { kind: 'Committed', g: base.body.g, e: base.body.e };
  }

  #progress(id: number, collected: Collected): CommitProgress {
    const base = presentBase(this.#ledger.states.at(this.all.at(id).known));
    let progress = newCommitProgress(base);
    for (const sink of collected.commits) {
      progress = commitAcknowledged(progress, { g: base.body.g, e: base.body.e, sink });
    }
    return progress;
  }

  #nextStep(coordinator: Coordinator, who: number): StartStep | null {
    if (coordinator.known < 0 || coordinator.readFrom !== null) return null;
    const state = this.#ledger.states.at(coordinator.known);
    const { generations, sinks, rules } = this.#config;
    const facts: StartFacts = {
      state,
      mine: coordinator.mine,
      purpose: 'run',
      proposal:
        generationNumber(state) < generations
          ? {
              plan: {},
              parallelism: sinks,
              sinks: [{ operator: sinkOperator, kind: 'kafka', parallelism: sinks }],
            }
          : null,
      handleFacts: this.#handleFacts(coordinator),
      cleanedUp: coordinator.cleanedUp,
      placement: placementBy(this.#config, who),
      isAlive: () => true,
      restore: (coordinator.mine ?? 0) >= wishKnownFrom(this.#config, who) ? { from: 0, start: 1 } : null,
    };
    return nextStartStep(facts, rules);
  }

  #handleFacts(coordinator: Coordinator): HandleFacts[] {
    const base = baseOf(this.#ledger.states.at(coordinator.known));
    return unaskedFacts(base?.body.handles ?? []).map((fact, index) => ({
      ...fact,
      endTxn: coordinator.endTxn[index] ?? null,
      log: coordinator.log[index] ?? null,
    }));
  }

  #indexOf(coordinator: Coordinator, handle: SubtaskKafkaHandle): number {
    const handles = presentBase(this.#ledger.states.at(coordinator.known)).body.handles;
    return handles.findIndex((other) => other.subtask === handle.subtask);
  }

  /** Interns, with answers for as many handles as the base has, and none of another base's. */
  #with(coordinator: Coordinator): number {
    const state = coordinator.known < 0 ? null : this.#ledger.states.at(coordinator.known);
    if (
      state !== null &&
      coordinator.mine !== null &&
      currentGeneration(state)?.body.g !== coordinator.mine
    ) {
      return this.all.id(idle); // fenced
    }
    const base = state === null ? null : baseOf(state);
    const judged = state !== null && base?.status === 'decided' && base.body.g < generationNumber(state);
    const blank = (judged ? base.body.handles : []).map(() => null);
    const same = coordinator.endTxn.length === blank.length;
    return this.all.id(same ? coordinator : { ...coordinator, endTxn: blank, log: blank });
  }
}

export function incarnationOf(config: ModelConfig, who: number): string {
  return `w${config.placements === 2 ? who : 0}`;
}

function placementBy(config: ModelConfig, who: number): PlacedSubtask[] {
  const incarnation = incarnationOf(config, who);
  return Array.from({ length: config.sinks }, (_, index) => ({ stage: 's', index, incarnation }));
}
