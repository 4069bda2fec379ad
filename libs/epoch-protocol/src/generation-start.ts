import type { LedgerEntryBody, PlacedBody, PlacedSubtask, SinkSpec } from './ledger-entries.ts';
import {
  baseOf,
  currentGeneration,
  findGeneration,
  generationNumber,
  lastDecidingGeneration,
  nextEpochNumber,
  outputEpoch,
  unresolvedTorn,
  type EpochRecord,
  type GenerationRecord,
  type LedgerState,
} from './ledger-state.ts';
import { keptEpochRecords } from './ledger-trim.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';
import { nextRecoveryStep, verdictEntry, type HandleFacts, type RecoveryStep } from './recovery-verdict.ts';
import type { SubtaskKafkaHandle } from './sink-handle.ts';
import { transactionalIdsOfGeneration, type PipelineScope } from './transactional-id.ts';

/*
 * How a generation starts (and how a pipeline recovers, is rescaled or stopped at once): the driver gathers facts, asks for the
 * next step, does it, adds what it learnt to the facts and asks again. Every append goes to exactly the position that was read;
 * a driver whose append loses folds the entry that is there and asks again, with the facts of the answers kept only if
 * the base is still the same.
 *
 * G1  A verdict is only ever what the ledger says: it is appended, and what follows looks at the folded state (!).
 * G2  EndTxn with the saved ids comes before any InitProducerId (!).
 * G3  Clean-up comes only after the verdict is in the ledger (!).
 * G4  Tasks start only from a base that is recorded committed, after the clean-up, when `Placed` is in the ledger (!).
 * G5  Only the incarnations in `Placed` may run it: if one is gone, a new generation begins.
 * G6  A torn epoch halts the pipeline, after its clean-up.
 * G7  A wish to go back to an older epoch is fulfilled by an epoch of its own with that one's snapshots, the base from then on:
 *     after the verdict and the clean-up, before `Placed`, and once for the start that wished it. A generation that was placed before
 *     the wish was known isn't run. Only an epoch that every trim keeps is gone back to, by whichever prefix of the ledger it is planned: so
 *     a coordinator that stood still while it deleted snapshots can't delete that one's.
 */

/** What a coordinator knows when it asks what to do next. */
export interface StartFacts {
  /** The ledger, read to its end. */
  readonly state: LedgerState;
  /** The generation that this coordinator began or adopted; null: it wants a new one. */
  readonly mine: number | null;
  /** `run`: tasks shall run in the end; `stop`: nothing shall run, but what hangs is to be ended. */
  readonly purpose: 'run' | 'stop';
  /** What a new generation would say; null while it isn't known. Needed when `mine` is null. */
  readonly proposal: GenerationProposal | null;
  /** Answers about the handles of the base, as far as there are; begin with `unaskedFacts(base.body.handles)`. */
  readonly handleFacts: readonly HandleFacts[];
  /** True when the clean-up that the last `clean-up` step asked for in this generation has been done. */
  readonly cleanedUp: boolean;
  /** An older epoch that the current start is to go back to, fulfilled or not; null: it goes on from the base. */
  readonly restore: WishedRestore | null;
  /** A placement on workers that are there; null while there are too few. */
  readonly placement: readonly PlacedSubtask[] | null;
  /** False for an incarnation that is known to be gone. */
  readonly isAlive: (incarnation: string) => boolean;
}

export interface GenerationProposal {
  readonly plan: unknown;
  readonly parallelism: number;
  readonly sinks: readonly SinkSpec[];
}

export interface WishedRestore {
  readonly from: number;
  /** Number of the start that wishes it. */
  readonly start: number;
}

export type StartStep =
  /** Put this entry at `at` (`state.nextPosition`), fold what is there then, whoever's it is, and ask again. */
  | { readonly step: 'append'; readonly at: number; readonly entry: LedgerEntryBody }
  /** Ask EndTxn(commit) of these handles, with the sinks of the base's own generation. */
  | {
      readonly step: 'ask-end-txn';
      readonly sinks: readonly SinkSpec[];
      readonly handles: readonly SubtaskKafkaHandle[];
    }
  /** Ask the log about these handles. */
  | {
      readonly step: 'ask-log';
      readonly sinks: readonly SinkSpec[];
      readonly handles: readonly SubtaskKafkaHandle[];
    }
  /** InitProducerId on the transactional ids of these generations (`transactionalIdsToCleanUp`), then `cleanedUp`. */
  | ({ readonly step: 'clean-up' } & CleanUp)
  /** Start the subtasks that `placed` names from `base`; or, in a takeover, go on with those that run. */
  | {
      readonly step: 'run';
      readonly base: EpochRecord;
      readonly generation: GenerationRecord;
      readonly placed: PlacedBody;
    }
  /** The epoch to go back to isn't there any more, or isn't recorded committed: the start fails. */
  | { readonly step: 'cannot-restore'; readonly from: number }
  /** A placed worker is gone: set `mine` to null, which begins a new generation. */
  | { readonly step: 'begin-again'; readonly gone: readonly string[] }
  /** Wait for `proposal` (too little is known to begin) or `placement` (too few workers). */
  | { readonly step: 'wait'; readonly missing: 'proposal' | 'placement' | 'epoch-0' }
  /** Another coordinator began a newer generation. */
  | { readonly step: 'fenced'; readonly by: number }
  /** An epoch is torn; everything that hung is cleaned up. */
  | { readonly step: 'halted' }
  /** `Stopped` is in the ledger. */
  | { readonly step: 'stopped' };

/** The next step towards a running (or, for `purpose: 'stop'`, a stopped) pipeline. */
export function nextStartStep(facts: StartFacts, rules: ProtocolRules = allRules): StartStep {
  const { state, mine } = facts;
  const current = currentGeneration(state);
  if (state.stopped !== null && facts.purpose === 'stop') return { step: 'stopped' };
  if (baseOf(state) === null) return { step: 'wait', missing: 'epoch-0' };
  if (mine === null) return beginGeneration(facts);
  if (current === null || current.body.g !== mine) return { step: 'fenced', by: generationNumber(state) };
  if (unresolvedTorn(state) !== null) return facts.cleanedUp ? { step: 'halted' } : cleanUp(state, rules); // G6
  return recover(facts, rules) ?? goBack(facts, current, rules) ?? place(facts, current, rules);
}

/** Whether to carry on a generation that is there, tasks and all, or to begin another: for a coordinator that takes over. */
export function takeOver(state: LedgerState, isAlive: (incarnation: string) => boolean): 'adopt' | 'begin' {
  const current = currentGeneration(state);
  if (current === null || state.stopped !== null) return 'begin';
  if (current.placed === null) return 'adopt';
  return goneIncarnations(current.placed, isAlive).length === 0 ? 'adopt' : 'begin';
}

function beginGeneration(facts: StartFacts): StartStep {
  if (facts.proposal === null) return { step: 'wait', missing: 'proposal' };
  const g = generationNumber(facts.state) + 1;
  return appendNext(facts.state, { kind: 'Generation', g, ...facts.proposal });
}

/** Steps 2 and 3: the verdict on the base, then the clean-up. Null when both are done. */
function recover(facts: StartFacts, rules: ProtocolRules): StartStep | null {
  const { state } = facts;
  const base = baseOf(state);
  if (base === null) return null;
  const undecided = base.status === 'decided' && base.body.g < generationNumber(state);
  const next = undecided ? nextRecoveryStep(facts.handleFacts, rules) : null;
  if (cleanUpIsDue(facts, next, rules)) return cleanUp(state, rules);
  if (next === null) return null;
  if (next.step === 'verdict') return appendNext(state, verdictEntry(next.verdict, base.body.g, base.body.e)); // G1
  if (!rules.startAfterVerdict && facts.placement !== null && currentGeneration(state)?.placed === null)
    return null;
  return { ...next, sinks: findGeneration(state, base.body.g)?.body.sinks ?? [] };
}

function cleanUpIsDue(facts: StartFacts, next: RecoveryStep | null, rules: ProtocolRules): boolean {
  if (facts.cleanedUp) return false;
  // A generation that runs was cleaned up before it was placed: a takeover need not again.
  if (currentGeneration(facts.state)?.placed !== null) return false;
  if (next === null) return true; // G3: the verdict is in the ledger
  if (!rules.savedEndTxnBeforeInit) return true; // G2 switched off
  return next.step === 'verdict' && !rules.cleanUpAfterVerdict; // G3 switched off
}

/** Whether a wish to go back to an older epoch is still to be fulfilled. */
export function restoreIsDue(
  state: LedgerState,
  wish: WishedRestore | null,
  rules: ProtocolRules = allRules,
): wish is WishedRestore {
  return wish !== null && (wish.start > state.restoredStart || !rules.goBackOnce);
}

/** G7. Null when that is done, or nobody wished it. */
function goBack(
  { state, purpose, restore }: StartFacts,
  current: GenerationRecord,
  rules: ProtocolRules,
): StartStep | null {
  if (purpose === 'stop' || !restoreIsDue(state, restore, rules)) return null;
  if (current.placed !== null) return { step: 'begin-again', gone: [] };
  const base = baseOf(state);
  const chosen = keptEpochRecords(state).find(({ body }) => body.e === restore.from);
  if (base === null || chosen?.status !== 'committed') return { step: 'cannot-restore', from: restore.from };
  return appendNext(state, {
    kind: 'Epoch',
    g: current.body.g,
    e: nextEpochNumber(state),
    parent: base.body.e,
    snapshots: chosen.body.snapshots,
    handles: [],
    committedThrough: base.body.e,
    restored: { ...restore, outputEpoch: outputEpoch(state) },
  });
}

/** Step 4. */
function place(facts: StartFacts, current: GenerationRecord, rules: ProtocolRules): StartStep {
  const { state } = facts;
  const base = baseOf(state);
  if (base === null) return { step: 'wait', missing: 'epoch-0' };
  if (facts.purpose === 'stop' && base.status === 'committed') {
    return appendNext(state, { kind: 'Stopped', g: current.body.g, e: base.body.e, finished: false });
  }
  if (current.placed === null) {
    if (facts.placement === null) return { step: 'wait', missing: 'placement' };
    return appendNext(state, { kind: 'Placed', g: current.body.g, subtasks: facts.placement });
  }
  const gone = goneIncarnations(current.placed, facts.isAlive);
  if (gone.length > 0) return { step: 'begin-again', gone }; // G5
  if (!mayStartTasks(state, rules)) return { step: 'begin-again', gone: [] };
  return { step: 'run', base, generation: current, placed: current.placed };
}

/** G4: the ledger allows the tasks of its current generation to be started. */
export function mayStartTasks(state: LedgerState, rules: ProtocolRules = allRules): boolean {
  const current = currentGeneration(state);
  const base = baseOf(state);
  if (current === null || current.placed === null || base === null || unresolvedTorn(state) !== null)
    return false;
  return !rules.startAfterVerdict || base.status === 'committed' || base.body.g === current.body.g;
}

function cleanUp(state: LedgerState, rules: ProtocolRules): StartStep {
  return { step: 'clean-up', ...generationsToCleanUp(state, rules) };
}

/** More placed generations in a row that decided no epoch: a crash loop. */
export const cleanedInFull = 8;

/** What a clean-up ends. */
export interface CleanUp {
  /** InitProducerId on all of their ids. */
  readonly generations: readonly GenerationRecord[];
  /** Only on those of them that the brokers say still have a transaction open. */
  readonly older: readonly GenerationRecord[];
}

/**
 * The generations since the last decided epoch, without the current one: their tasks may have left transactions open. One that was never placed
 * has had no tasks. Each was cleaned in full before the next was placed, so in a crash loop it is enough to look at what zombies of all but the
 * last few have opened since: the calls don't grow with the generations.
 */
export function generationsToCleanUp(state: LedgerState, rules: ProtocolRules = allRules): CleanUp {
  const since = lastDecidingGeneration(state);
  const current = generationNumber(state);
  const placed = state.generations.filter(
    (record) => record.body.g >= since && record.body.g < current && record.placed !== null,
  );
  if (!rules.cleanUpAllGenerations) return { generations: placed.slice(-1), older: [] };
  return { generations: placed.slice(-cleanedInFull), older: placed.slice(0, -cleanedInFull) };
}

/** Older generations, for the sweep: everything superseded, except one whose last epoch still waits for its verdict. */
export function generationsToSweep(state: LedgerState): GenerationRecord[] {
  const current = generationNumber(state);
  const waiting = baseOf(state)?.status === 'decided' ? (baseOf(state)?.body.g ?? current) : current;
  return state.generations.filter((record) => record.body.g < current && record.body.g < waiting);
}

/** Every id that a clean-up of a generation must call InitProducerId on. */
export function transactionalIdsToCleanUp(scope: PipelineScope, record: GenerationRecord): string[] {
  return transactionalIdsOfGeneration(scope, record.body.g, record.body.sinks);
}

function goneIncarnations(placed: PlacedBody, isAlive: (incarnation: string) => boolean): string[] {
  const all = new Set(placed.subtasks.map((subtask) => subtask.incarnation));
  return [...all].filter((incarnation) => !isAlive(incarnation));
}

function appendNext(state: LedgerState, entry: LedgerEntryBody): StartStep {
  return { step: 'append', at: state.nextPosition, entry };
}
