import { present } from '@weir/kernel/assert.ts';
import type {
  EpochBody,
  GenerationBody,
  PlacedBody,
  ResolvedBody,
  StoppedBody,
  TornBody,
} from './ledger-entries.ts';

export interface GenerationRecord {
  readonly position: number;
  /** Its plan is null once the next generation has begun: of superseded ones recovery and sweeps need the sinks alone. */
  readonly body: GenerationBody;
  /** Null until its `Placed` is in the ledger. */
  readonly placed: PlacedBody | null;
}

/**
 * `decided`: will be committed, nobody has recorded yet that it is. `committed`, `abandoned`: as recorded (or resolved by a person).
 * `torn`: the pipeline is halted until a person resolves it.
 */
export type EpochStatus = 'decided' | 'committed' | 'abandoned' | 'torn';

export interface EpochRecord {
  readonly position: number;
  readonly body: EpochBody;
  readonly status: EpochStatus;
}

/** What the ledger says, as plain JSON: also the summary in the trim record, from which readers start. */
export interface LedgerState {
  readonly formatVersion: 1;
  /** Position at which the next entry will be put: everything before it has been folded. */
  readonly nextPosition: number;
  /** Oldest first; the last one is current, all before it are fenced. Forgotten ones are dropped by trimming. */
  readonly generations: readonly GenerationRecord[];
  /** Oldest first; old ones are dropped by trimming. */
  readonly epochs: readonly EpochRecord[];
  /** Highest epoch number ever decided; -1 before epoch 0. */
  readonly highestEpoch: number;
  /** The last start whose wish to go back to an older epoch was fulfilled; 0 before the first. It outlasts the trimming of its epoch. */
  readonly restoredStart: number;
  /** The torn epoch, once more when it has been resolved. */
  readonly torn: { readonly body: TornBody; readonly resolved: ResolvedBody | null } | null;
  /** Set from `Stopped` until the next `Generation`. */
  readonly stopped: StoppedBody | null;
}

export const emptyLedger: LedgerState = {
  formatVersion: 1,
  nextPosition: 0,
  generations: [],
  epochs: [],
  highestEpoch: -1,
  restoredStart: 0,
  torn: null,
  stopped: null,
};

export function currentGeneration(state: LedgerState): GenerationRecord | null {
  return state.generations.at(-1) ?? null;
}

/** Number of the current generation; 0 before the first. */
export function generationNumber(state: LedgerState): number {
  return currentGeneration(state)?.body.g ?? 0;
}

/** What is kept of a generation that is superseded. */
export function superseded(record: GenerationRecord): GenerationRecord {
  return record.body.plan === null ? record : { ...record, body: { ...record.body, plan: null } };
}

export function findGeneration(state: LedgerState, g: number): GenerationRecord | undefined {
  return state.generations.findLast((record) => record.body.g === g);
}

export function findEpoch(state: LedgerState, e: number): EpochRecord | undefined {
  return state.epochs.findLast((record) => record.body.e === e);
}

/** The last `Epoch` that is not `Abandoned`: what the next generation starts from, once it is committed. Null before epoch 0. */
export function baseOf(state: LedgerState): EpochRecord | null {
  return state.epochs.findLast((record) => record.status !== 'abandoned') ?? null;
}

/** As `baseOf`, where epoch 0 is known to be there. */
export function presentBase(state: LedgerState): EpochRecord {
  return present(baseOf(state), 'the base epoch (epoch 0 is written before anything starts)');
}

/** The number of the next epoch: numbers are never used again, after `Abandoned` neither. */
export function nextEpochNumber(state: LedgerState): number {
  return state.highestEpoch + 1;
}

/** The newest generation whose tasks have brought about an epoch; 0 before the first. Going back to an older epoch takes no tasks. */
export function lastDecidingGeneration(state: LedgerState): number {
  return state.epochs.findLast(({ body }) => body.restored === undefined)?.body.g ?? 0;
}

/** Whether tasks of this generation have brought about an epoch: they were all started then, and are never started again. */
export function hasDecided(state: LedgerState, g: number): boolean {
  return state.epochs.some(({ body }) => body.g === g && body.restored === undefined);
}

/** The last decided epoch, abandoned or not, that tasks have brought about: one that goes back to an older one brings no output. */
export function outputEpoch(state: LedgerState): number {
  const last = state.epochs.at(-1)?.body;
  return last?.restored?.outputEpoch ?? last?.e ?? 0;
}

/** Highest epoch that is recorded committed; null when there is none yet. */
export function committedEpoch(state: LedgerState): EpochRecord | null {
  return state.epochs.findLast((record) => record.status === 'committed') ?? null;
}

/** The torn epoch that halts the pipeline; null when there is none, or a person has resolved it. */
export function unresolvedTorn(state: LedgerState): TornBody | null {
  return state.torn !== null && state.torn.resolved === null ? state.torn.body : null;
}
