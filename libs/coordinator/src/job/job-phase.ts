import type { GenerationSupervisor } from './generation-supervisor.ts';
import type { EpochCycle } from '../checkpoint/epoch-cycle.ts';
import type { Problem } from '../problem.ts';

/** Tasks and the epochs that go through them: they change hands between running and stopping. */
export interface LiveGeneration {
  readonly tasks: GenerationSupervisor;
  readonly epochs: EpochCycle;
}

/** A state with what it owns. A phase closes what it owns, unless it hands it to the next. */
export type JobPhase =
  | { readonly state: 'created' }
  | { readonly state: 'starting' }
  | { readonly state: 'recovering'; readonly mine: number | null; readonly problem: Problem | null }
  | { readonly state: 'running'; readonly live: LiveGeneration }
  /** With a last checkpoint where tasks live, else at once. */
  | { readonly state: 'stopping'; readonly live: LiveGeneration | null }
  | { readonly state: 'stopped' }
  | { readonly state: 'finished' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'halted' };

/** Why this controller stops driving the pipeline. `step-back`: another coordinator is at work on it. */
export interface JobExit {
  readonly exit: 'step-back' | 'deleted';
}

export type PhaseResult = JobPhase | JobExit;
