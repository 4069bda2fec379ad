import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import type { LogicalNode } from './nodes.ts';

/** A node with what its columns are called: what names are looked up in. */
export interface Relation {
  readonly node: LogicalNode;
  /** In the order of the node's output. */
  readonly columns: readonly RelationColumn[];
  /** Index of the column that carries event time, if there are watermarks for it. */
  readonly eventTime: number | null;
  /** The window that rows belong to, if they do. */
  readonly window: WindowColumns | null;
  /** What the relation is made of, for messages: `bids`, `a subquery`. */
  readonly title: string;
}

export interface RelationColumn {
  readonly name: string;
  /** Alias or name of its table; null for computed ones. */
  readonly qualifier: string | null;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** Not in `*`. */
  readonly hidden?: boolean;
}

export interface WindowColumns {
  readonly spec: WindowSpec;
  readonly start: number;
  readonly end: number;
  /** window_end - 1 ms: the event time of the window's rows. */
  readonly time: number;
  /** A column that holds both as a struct: `tumble(…) AS w`. */
  readonly struct?: number;
}
