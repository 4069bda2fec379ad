import type { Field } from '@weir/columnar/sql-type.ts';
import type { SinkChanges, SourceChanges } from '@weir/plan/change-mode.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { JoinParts } from '@weir/plan/nodes/join.ts';
import type { OverCall } from '@weir/plan/nodes/over.ts';
import type { SortOrder } from '@weir/plan/nodes/sort-order.ts';
import type { RankFunction, TopNNode } from '@weir/plan/nodes/top-n.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { UnnestNode } from '@weir/plan/nodes/unnest.ts';
import type { TableAccess } from '@weir/plan/table-spec.ts';
import type { Span } from '../lex/span.ts';
import type { GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import type { AggregateCall, WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';

/**
 * What a text computes, as a graph: a table or view that several queries read is one node with several readers. Expressions refer to the
 * columns of a node's input by index.
 */
export type LogicalNode =
  | ScanNode
  | LogicalCalc
  | LogicalWatermark
  | LogicalWindowAssign
  | LogicalWindowAggregate
  | LogicalGroupAggregate
  | LogicalNormalize
  | LogicalMaterialize
  | LogicalTimeBoundedJoin
  | LogicalRegularJoin
  | LogicalOver
  | LogicalTopN
  | LogicalUnnest
  | LogicalUnion;

export interface ScanNode {
  readonly kind: 'scan';
  readonly access: TableAccess;
  readonly output: readonly Field[];
  /** See TableSpec.metadata. */
  readonly metadata: readonly (string | null)[];
  /** Columns of the table's PRIMARY KEY; none where it has none. */
  readonly primaryKey: readonly number[];
  readonly changes: SourceChanges;
  /** What the columns come from. No part of what tells it from other nodes: a new version of a schema must not orphan state. */
  readonly pinned: PinnedFormats;
  /** Of the table, for messages. */
  readonly span: Span;
}

export interface LogicalCalc {
  readonly kind: 'calc';
  readonly input: LogicalNode;
  readonly condition: Expression | null;
  readonly projections: readonly Expression[];
  readonly output: readonly Field[];
  /** It is there to leave out old rows, for a reader that needs none: another operator than one that computes the same. */
  readonly newRowsOnly?: true;
}

export interface LogicalWatermark {
  readonly kind: 'watermark';
  readonly input: LogicalNode;
  readonly eventTime: number;
  readonly expression: Expression;
  readonly delayMicros: number | null;
  readonly idleTimeMs: number;
  readonly output: readonly Field[];
}

/** `TABLE(HOP(…))`: the input's columns, then window_start, window_end, window_time. A tumbling one becomes a projection before planning. */
export interface LogicalWindowAssign {
  readonly kind: 'window_assign';
  readonly input: LogicalNode;
  readonly window: WindowSpec;
  /** Of a session: the columns whose rows have sessions of their own. */
  readonly partition?: readonly number[];
  /** For messages. */
  readonly span: Span;
  readonly eventTime: number;
  readonly output: readonly Field[];
}

export interface LogicalWindowAggregate {
  readonly kind: 'window_aggregate';
  readonly input: LogicalNode;
  readonly window: WindowSpec;
  readonly eventTime: number;
  readonly keys: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  /** Keys, aggregates, window_start, window_end. */
  readonly output: readonly Field[];
  /** Of the window, for messages. */
  readonly span: Span;
}

/** Without a window: groups whose rows change. No aggregates: the distinct keys. */
export interface LogicalGroupAggregate {
  readonly kind: 'group_aggregate';
  readonly input: LogicalNode;
  readonly keys: readonly number[];
  readonly aggregates: readonly GroupedCall[];
  /** Keys, aggregates. */
  readonly output: readonly Field[];
  /** Of what makes it, for messages. */
  readonly span: Span;
}

/** What every join has. Its columns are those at `columns` of the left input's columns followed by the right one's. */
export interface LogicalJoinParts extends JoinParts {
  readonly left: LogicalNode;
  readonly right: LogicalNode;
  readonly output: readonly Field[];
  /** Of the join, for messages. */
  readonly span: Span;
}

export interface LogicalTimeBoundedJoin extends LogicalJoinParts {
  readonly kind: 'time_bounded_join';
  readonly leftUntil: number;
  readonly rightUntil: number;
  readonly holdMicros: number;
  /** The output's column that carries event time; null: none does. */
  readonly eventTime: number | null;
}

/** See NormalizeNode. */
export interface LogicalNormalize {
  readonly kind: 'normalize';
  readonly input: LogicalNode;
  readonly key: readonly number[];
  readonly output: readonly Field[];
}

/** See MaterializeNode. */
export interface LogicalMaterialize {
  readonly kind: 'materialize';
  readonly input: LogicalNode;
  readonly key: readonly number[];
  readonly output: readonly Field[];
}

export interface LogicalRegularJoin extends LogicalJoinParts {
  readonly kind: 'regular_join';
}

/** Functions of each row and those around it. Output: the input's columns, then one a call. */
export interface LogicalOver {
  readonly kind: 'over';
  readonly input: LogicalNode;
  readonly partition: readonly number[];
  readonly order: readonly SortOrder[];
  readonly calls: readonly OverCall[];
  /** The column with the end of the window, if partitions are windows or parts of them. */
  readonly windowEnd: number | null;
  /** The column with the event time, if rows are sorted by it first, ascending. */
  readonly byTime: number | null;
  readonly output: readonly Field[];
  /** Of the first call, for messages. */
  readonly span: Span;
}

/** An OVER of which only the first rows of each partition are wanted. Output: the input's columns, then the rank if `rank`. */
export interface LogicalTopN {
  readonly kind: 'top_n';
  readonly input: LogicalNode;
  readonly emit: TopNNode['emit'];
  readonly partition: readonly number[];
  readonly order: readonly SortOrder[];
  readonly function: RankFunction;
  readonly limit: number;
  readonly rank: boolean;
  /** The column with the end of the window or the event time; null for `updates`. */
  readonly time: number | null;
  readonly output: readonly Field[];
  readonly span: Span;
}

/** A row an element of a list or map: the input's columns, the element (or key and value), its number if `ordinality`. */
export interface LogicalUnnest extends UnnestNode {
  readonly input: LogicalNode;
  readonly output: readonly Field[];
}

export interface LogicalUnion {
  readonly kind: 'union';
  readonly inputs: readonly LogicalNode[];
  readonly output: readonly Field[];
}

/** One INSERT, or one preview: where a query's rows go. */
export interface LogicalSink {
  readonly access: TableAccess;
  readonly input: LogicalNode;
  readonly schema: readonly Field[];
  readonly metadata: readonly (string | null)[];
  /** All rows go through one subtask. */
  readonly singleWriter: boolean;
  readonly primaryKey: readonly number[];
  /** What the table takes. */
  readonly changes: SinkChanges;
  /** The schemas that its records are written with; nothing until all columns were checked. */
  readonly pinned: PinnedFormats;
  /** Where it is written to, for messages. */
  readonly span: Span;
  /** Where the value of each column stands, for messages. */
  readonly columnSpans: readonly Span[];
}
