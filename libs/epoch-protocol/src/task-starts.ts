import { subtaskKey, type SubtaskId } from '@weir/kernel/subtask-id.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';

/*
 * Which subtasks of a pipeline a worker process has been told to start.
 *
 * W1  A worker takes Start(g) for a subtask once in its life: a repeat is answered, nothing is started (!).
 * W2  Only an incarnation that `Placed` names starts a subtask: a Start for another is refused.
 */
export interface TaskStarts {
  readonly incarnation: string;
  /** Generation -> subtask keys that were started in it. */
  readonly started: Readonly<Record<number, readonly string[]>>;
}

export interface Start {
  readonly g: number;
  readonly subtask: SubtaskId;
  /** Who is to run it, as `Placed` says. */
  readonly incarnation: string;
}

export function newTaskStarts(incarnation: string): TaskStarts {
  return { incarnation, started: {} };
}

/** `start`: start it now. `repeat`: it was started before, and may have ended or failed since. `refuse`: it is for another worker. */
export function startTaken(
  state: TaskStarts,
  start: Start,
  rules: ProtocolRules = allRules,
): { readonly state: TaskStarts; readonly outcome: 'start' | 'repeat' | 'refuse' } {
  if (start.incarnation !== state.incarnation) return { state, outcome: 'refuse' }; // W2
  const before = state.started[start.g] ?? [];
  const key = subtaskKey(start.subtask);
  if (before.includes(key)) return { state, outcome: rules.startOnce ? 'repeat' : 'start' }; // W1
  return {
    state: { ...state, started: { ...state.started, [start.g]: [...before, key] } },
    outcome: 'start',
  };
}
