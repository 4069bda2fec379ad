import type { OperatorNode } from '@weir/plan/physical-plan.ts';
import type { LogicalNode } from '../logical/nodes.ts';
import type { Identity } from '../physical/identity.ts';
import type { StreamRules } from '../physical/stream-rules.ts';
import type { Pruned, Pruning } from '../rewrite/pruned.ts';

/**
 * What the compiler must know about one kind of logical node, in one place. Passes ask the table in node-table.ts and never look at a
 * node's kind themselves, so that a new node is one file and one line.
 */
export interface NodeLogic<N extends LogicalNode> {
  /** What it reads, in the order of its inputs. */
  inputs(node: N): readonly LogicalNode[];
  /** The node over other inputs that have the same columns. */
  withInputs(node: N, of: (input: LogicalNode) => LogicalNode): N;
  /** What it does, for people: in EXPLAIN, in `weir status`, in traces. */
  title(node: N): string;
  /** It acts on watermarks: those below it must be made. */
  waitsForTime?(node: N): boolean;
  /** Tells which columns of its inputs it uses, given which of its own are. */
  require(node: N, use: ColumnUse): void;
  /** The node without the columns that nobody uses, over inputs that were pruned before. */
  prune(node: N, pruning: Pruning): Pruned;
  /** What it computes, free of positions; `inputs` in their order. State and transactional ids hang on it. */
  identity(node: N, inputs: readonly Identity[]): Identity;
  /**
   * Columns of an input by which rows must come together in one subtask (none: all rows in one); null: rows stay where they are.
   * Left out: null for every input.
   */
  partitionBy?(node: N, input: number): readonly number[] | null;
  /** Its rows as a stream: keys, event time, updates. */
  readonly stream: StreamRules<N>;
  /** The node of the physical plan. */
  operator(node: N, settings: NodeSettings): OperatorNode;
}

/** What SET says of nodes. */
export interface NodeSettings {
  /** How long state that nothing was written to is kept, ms; 0: for ever. */
  readonly updatingTtlMs: number;
}

/** Asked from readers to inputs. */
export interface ColumnUse {
  /** Columns of the node that its readers use. A node that must keep more of its own adds them. */
  readonly wanted: Set<number>;
  /** Somebody above waits for its watermarks. */
  readonly timed: boolean;
  need(input: LogicalNode, column: number): void;
}
