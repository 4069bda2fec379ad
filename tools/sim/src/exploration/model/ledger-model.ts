import { mayStartTasks } from '@weir/epoch-protocol/generation-start.ts';
import type { EpochBody, LedgerEntryBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { foldEntries } from '@weir/epoch-protocol/ledger-fold.ts';
import { entryCounts, planTrim, type TrimRecord } from '@weir/epoch-protocol/ledger-trim.ts';
import {
  currentGeneration,
  emptyLedger,
  generationNumber,
  hasDecided,
  presentBase,
  type EpochRecord,
  type LedgerState,
} from '@weir/epoch-protocol/ledger-state.ts';
import { newPendingEpoch, type PendingEpoch } from '@weir/epoch-protocol/pending-epoch.ts';
import { IllegalLedgerEntry } from '@weir/epoch-protocol/protocol-errors.ts';
import type { ProtocolRules } from '@weir/epoch-protocol/protocol-rules.ts';
import { Interner, memoized } from './interner.ts';
import type { ModelConfig } from './model-config.ts';

/** `Start(g)` as a coordinator may have sent it. */
export interface StartOffer {
  readonly g: number;
  /** Epoch that it starts from, and the first record after it. */
  readonly base: number;
  readonly record: number;
  readonly firstEpoch: number;
  readonly incarnation: string;
}

/**
 * The ledger in the store, with what its growth made coordinators say. Messages are lost, repeated and delayed at will, so that what
 * matters is only which may have been sent: `Start`, `Inject` and `Commit` follow from what the ledger once said, and stay possible.
 */
export interface LedgerHistory {
  /** Entry ids by position; null: deleted. */
  readonly entries: readonly (number | null)[];
  readonly trim: TrimRecord | null;
  readonly starts: readonly StartOffer[];
  /** `[g, e]` */
  readonly injects: readonly (readonly [number, number])[];
  /** Entry ids of every `Epoch` that was ever put. */
  readonly decided: readonly number[];
}

export interface FoldedLedger {
  /** Id of the LedgerState. */
  readonly state: number;
  /** Why the ledger can't be read any more. */
  readonly illegal: string | null;
}

export interface PutOutcome {
  readonly history: number;
  /** Whose entry is there now. */
  readonly there: number;
  readonly created: boolean;
}

export class LedgerModel {
  readonly histories = new Interner<LedgerHistory>('ledger');
  readonly states = new Interner<LedgerState>('ledger state');
  readonly entries = new Interner<LedgerEntryBody>('ledger entry');
  /** What a reader finds who reads to the end. */
  readonly folded = memoized((history) => this.#fold(this.histories.at(history)));
  readonly #config: ModelConfig;
  readonly #rules: ProtocolRules;

  constructor(config: ModelConfig) {
    this.#config = config;
    this.#rules = config.rules;
  }

  /** The ledger of a new pipeline: epoch 0, which starts at record 0. */
  initial(): number {
    const epoch0: EpochBody = {
      kind: 'Epoch',
      g: 0,
      e: 0,
      parent: null,
      snapshots: positionAt(0),
      handles: [],
      committedThrough: 0,
    };
    return this.histories.id({
      entries: [this.entries.id(epoch0)],
      trim: null,
      starts: [],
      injects: [],
      decided: [],
    });
  }

  stateOf(history: number): LedgerState {
    return this.states.at(this.folded(history).state);
  }

  /** Put-if-absent; with the rule off, a plain put. */
  put(history: number, at: number, entry: number): PutOutcome {
    const before = this.histories.at(history);
    const there = before.entries[at] ?? null;
    if (there !== null && this.#rules.ledgerPutIfAbsent) return { history, there, created: false };
    const entries = [...before.entries];
    entries[at] = entry;
    // Whoever writes into a trimmed place is fenced, and says nothing to anybody.
    const counts = entryCounts(at, before.trim?.trimmedThrough ?? -1, this.#rules);
    const after = { ...before, entries };
    const grown = counts ? this.#withMessages(after, entry) : this.histories.id(after);
    return { history: grown, there: entry, created: true };
  }

  /** Where a reader begins: at the trim record's summary. */
  readonly readStart = memoized((history) =>
    this.states.id(this.histories.at(history).trim?.summary ?? emptyLedger),
  );

  entryAt(history: number, at: number): number | null {
    return this.histories.at(history).entries[at] ?? null;
  }

  /** `Start` sent before `Placed` is in the ledger: the driver's rule is off. */
  withEarlyStarts(history: number, state: LedgerState, incarnation: string): number {
    const before = this.histories.at(history);
    return this.histories.id(withStart(before, state, incarnation, this.#rules));
  }

  /** (ledger, state of who trims): the trim record replaced; null when there is nothing to trim. */
  readonly trim = memoized((history, state) => this.#trim(history, this.states.at(state)));
  /** Entries that the trim record gives free are deleted. */
  readonly deleteTrimmed = memoized((history) => this.#deleteTrimmed(history));

  #trim(history: number, state: LedgerState): { history: number; summary: number } | null {
    const before = this.histories.at(history);
    if (this.#config.trimKeeps === null) return null;
    const forgotten = new Set(state.generations.map(({ body }) => body.g));
    const plan = planTrim(state, before.trim, forgotten, this.#config.trimKeeps);
    if (plan === null) return null;
    return {
      history: this.histories.id({ ...before, trim: plan.record }),
      summary: this.states.id(plan.record.summary),
    };
  }

  #deleteTrimmed(history: number): number {
    const before = this.histories.at(history);
    const through = before.trim?.trimmedThrough ?? -1;
    const entries = before.entries.map((entry, position) => (position <= through ? null : entry));
    return this.histories.id({ ...before, entries });
  }

  #fold(history: LedgerHistory): FoldedLedger {
    let state: LedgerState = history.trim?.summary ?? emptyLedger;
    try {
      for (let at = state.nextPosition; ; at += 1) {
        const entry = history.entries[at] ?? null;
        if (entry === null) return { state: this.states.id(state), illegal: null };
        state = foldEntries(state, [this.entries.at(entry)], this.#rules);
      }
    } catch (error) {
      if (!(error instanceof IllegalLedgerEntry)) throw error;
      return { state: this.states.id(state), illegal: error.message };
    }
  }

  #withMessages(history: LedgerHistory, entry: number): number {
    const id = this.histories.id(history);
    const { state, illegal } = this.folded(id);
    const folded = this.states.at(state);
    const body = this.entries.at(entry);
    let after = history;
    if (body.kind === 'Epoch') after = { ...after, decided: union(after.decided, entry) };
    const current = currentGeneration(folded);
    if (illegal === null && current?.placed && mayStartTasks(folded, this.#rules)) {
      const started = hasDecided(folded, current.body.g);
      const incarnation = current.placed.subtasks[0]?.incarnation ?? '';
      if (!started) after = withStart(after, folded, incarnation, this.#rules);
      const { g, e } = pendingEpoch(folded, this.#rules);
      after = { ...after, injects: union(after.injects, [g, e] as const) };
    }
    return this.histories.id(after);
  }
}

/** `newPendingEpoch`; where numbers may be used again, the number after the parent's. */
export function pendingEpoch(state: LedgerState, rules: ProtocolRules): PendingEpoch {
  const pending = newPendingEpoch(state);
  return rules.epochNumbersUnique ? pending : { ...pending, e: pending.parent + 1 };
}

function withStart(
  history: LedgerHistory,
  state: LedgerState,
  incarnation: string,
  rules: ProtocolRules,
): LedgerHistory {
  const base = presentBase(state);
  const firstEpoch = rules.epochNumbersUnique ? state.highestEpoch + 1 : base.body.e + 1;
  const g = generationNumber(state);
  const offer: StartOffer = { g, base: base.body.e, record: nextRecord(base), firstEpoch, incarnation };
  return { ...history, starts: union(history.starts, offer) };
}

/** Number of the first input record after an epoch. */
export function nextRecord(epoch: Pick<EpochRecord, 'body'>): number {
  return Number(epoch.body.snapshots[0]?.splits['0']?.['offset'] ?? 0);
}

/** The snapshot of the only source, of one partition. */
export function positionAt(record: number): EpochBody['snapshots'] {
  return [{ operator: 'in', stage: 's', subtask: 0, pieces: [], splits: { '0': { offset: record } } }];
}

function union<T>(list: readonly T[], item: T): readonly T[] {
  const key = JSON.stringify(item);
  return list.some((other) => JSON.stringify(other) === key) ? list : [...list, item];
}
