import type { ChangeMode, UniqueKey } from '@weir/plan/change-mode.ts';
import type { LogicalNode } from '../logical/nodes.ts';

/** What may come over an edge beside inserts. */
export interface Arrivals {
  readonly updates: boolean;
  readonly deletes: boolean;
}

export const insertsOnly: Arrivals = { updates: false, deletes: false };

/** A key of the rows that stand. `ordered`: the changes of a key come in their order, on one channel. */
export interface StreamKey {
  readonly columns: UniqueKey;
  readonly ordered: boolean;
}

/** How a reader wants rows that are updated. `any`: as they come. `upsert`: by this key, old rows aren't needed. `retract`: old rows whole. */
export type ChangeWish =
  | { readonly kind: 'any' }
  | { readonly kind: 'upsert'; readonly key: UniqueKey }
  | { readonly kind: 'retract' };

/** What the compiler knows of one kind of node as a stream; asked over the whole graph by infer-keys.ts and infer-changes.ts. */
export interface StreamRules<N extends LogicalNode> {
  /** Index of the output column that carries event time, given those of the inputs. */
  eventTime(node: N, inputs: readonly (number | null)[]): number | null;
  /** Its unique keys, given those of its inputs. */
  keys(node: N, inputs: readonly (readonly StreamKey[])[]): readonly StreamKey[];
  /** Left out: it takes inserts only. `takes` nothing else, gives nothing else. */
  readonly changes?: ChangeRules<N>;
}

export interface ChangeRules<N extends LogicalNode> {
  /** What may come out of it. */
  arrivals(node: N, inputs: readonly Arrivals[]): Arrivals;
  /** What of it can't take rows back: asked where its input is updated. null, or left out: nothing. */
  refusesUpdates?(node: N): { readonly what: string; readonly hint: string } | null;
  /** What it wants of an input that is updated, to give what is wished of it. `keys`: its own. */
  wish(node: N, wish: ChangeWish, keys: readonly StreamKey[]): ChangeWish;
  /** What it gives for what it is given; null: old rows are wished, and it has none. (Those that nobody wishes are told at the sink.) `keys`: its own. */
  gives(
    node: N,
    inputs: readonly ChangeMode[],
    wish: ChangeWish,
    keys: readonly StreamKey[],
  ): ChangeMode | null;
}
