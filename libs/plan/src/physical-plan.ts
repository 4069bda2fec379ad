import type { SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode, UniqueKey } from './change-mode.ts';
import type { CalcNode } from './nodes/calc.ts';
import type { GroupAggregateNode } from './nodes/group-aggregate.ts';
import type { MaterializeNode } from './nodes/materialize.ts';
import type { NormalizeNode } from './nodes/normalize.ts';
import type { OverNode } from './nodes/over.ts';
import type { RegularJoinNode } from './nodes/regular-join.ts';
import type { SinkNode } from './nodes/sink.ts';
import type { SourceNode } from './nodes/source.ts';
import type { TimeBoundedJoinNode } from './nodes/time-bounded-join.ts';
import type { TopNNode } from './nodes/top-n.ts';
import type { UnionNode } from './nodes/union.ts';
import type { UnnestNode } from './nodes/unnest.ts';
import type { WatermarkNode } from './nodes/watermark.ts';
import type { WindowAggregateNode } from './nodes/window-aggregate.ts';
import type { WindowAssignNode } from './nodes/window-assign.ts';
import type { PinnedFormats } from './pinned-schema.ts';

export type OperatorNode =
  | SourceNode
  | CalcNode
  | WatermarkNode
  | WindowAssignNode
  | WindowAggregateNode
  | GroupAggregateNode
  | NormalizeNode
  | MaterializeNode
  | TimeBoundedJoinNode
  | RegularJoinNode
  | OverNode
  | TopNNode
  | UnnestNode
  | UnionNode
  | SinkNode;

/**
 * One operator of a stage. `id` is a hash of what it computes (its node and its inputs' ids), never of its position, so
 * that state finds its operator in an edited query.
 */
export interface PlannedOperator {
  readonly id: string;
  /** For people: `filter bids`, `tumble 10s by auction`. */
  readonly title: string;
  readonly node: OperatorNode;
  readonly inputs: readonly OperatorInput[];
  /** Rows that it emits (for a sink: that it takes), with their event time. */
  readonly output: Schema;
  /** What these rows say about those before them. */
  readonly changes: ChangeMode;
  /** Its unique keys, as far as they are known: sets of columns in which no two rows that stand agree. */
  readonly keys: readonly UniqueKey[];
}

/** Which of an operator's outputs: its rows, records of a source that can't be read, rows that came too late. */
export type OutputName = 'rows' | 'rejected' | 'late';

/** `local`: an operator of the same stage, called directly (left out: its `rows`). `exchange`: rows that come through an exchange. */
export type OperatorInput =
  | { readonly kind: 'local'; readonly operator: string; readonly output?: OutputName }
  | { readonly kind: 'exchange'; readonly exchange: string };

/** Operators that run together in one subtask, in topological order; `parallelism` subtasks of it run. */
export interface Stage {
  readonly id: string;
  readonly operators: readonly PlannedOperator[];
}

/** Rows on their way between stages. */
export interface Exchange {
  readonly id: string;
  readonly from: { readonly stage: string; readonly operator: string };
  readonly to: { readonly stage: string; readonly operator: string; readonly input: number };
  /** `hash`: by the key group of these columns (no columns: everything to key group 0). `forward`: subtask i to subtask i. */
  readonly partitioning:
    { readonly kind: 'hash'; readonly columns: readonly number[] } | { readonly kind: 'forward' };
  readonly schema: Schema;
  /** As of the operator that it comes from. */
  readonly changes: ChangeMode;
  readonly keys: readonly UniqueKey[];
}

/** What runs, as plain data: compiled once, stored in the ledger, sent to workers as JSON. */
export interface PhysicalPlan {
  /** Version 1 had append-only edges and options in one bag: read-plan.ts reads it. */
  readonly formatVersion: 2;
  readonly stages: readonly Stage[];
  readonly exchanges: readonly Exchange[];
  /** SET options of the SQL text that the runtime obeys. */
  readonly settings: PlanSettings;
  /** Schemas that were pinned, by operator id; sources and sinks that have none are left out. */
  readonly formats: Readonly<Record<string, PinnedFormats>>;
}

export interface PlanSettings {
  readonly parallelism?: number;
  readonly checkpointIntervalMs?: number;
  readonly keyGroups?: number;
  /** How long state that nothing was written to is kept, ms; 0: for ever. Left out: a day. */
  readonly updatingTtlMs?: number;
}

/** Every subtask of a plan at a parallelism, in a stable order. */
export function subtasksOf(plan: PhysicalPlan, parallelism: number): SubtaskId[] {
  return plan.stages.flatMap((stage) =>
    Array.from({ length: parallelism }, (_, index) => ({ stage: stage.id, index })),
  );
}
