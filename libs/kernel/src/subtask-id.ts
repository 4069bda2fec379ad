/** Identifies a subtask within a generation: a stage of the plan and its parallel index, from 0. */
export interface SubtaskId {
  readonly stage: string;
  readonly index: number;
}

/** Its text form, `stage/index`. */
export function subtaskKey(id: SubtaskId): string {
  return `${id.stage}/${id.index}`;
}
