import { present } from '@weir/kernel/assert.ts';
import type { LogicalCalc, LogicalNode, LogicalSink } from '../logical/nodes.ts';
import { logicOf } from '../nodes/node-table.ts';
import { inputsOf, nodesInOrder } from './graph.ts';
import { exactly, Pruning, type Pruned } from './pruned.ts';

/**
 * Leaves out columns that nobody uses, so that a source decodes only what the plan needs; watermarks that no window waits for; and
 * projections that change nothing.
 */
export function pruneColumns(sinks: readonly LogicalSink[]): LogicalSink[] {
  const order = nodesInOrder(sinks);
  const timed = timedNodes(order);
  const required = requiredColumns(sinks, order, timed);
  const done = new Map<LogicalNode, Pruned>();
  for (const node of order) {
    const wanted = present(required.get(node), 'the columns that readers use');
    done.set(node, dropIdentity(logicOf(node).prune(node, new Pruning(wanted, timed.has(node), done))));
  }
  return sinks.map((sink) => {
    const pruned = present(done.get(sink.input), 'the input of a sink');
    return {
      ...sink,
      input: exactly(
        pruned,
        sink.schema.map((_, index) => index),
      ),
    };
  });
}

/** Nodes whose watermarks somebody needs: those below a node that acts on time. */
function timedNodes(order: readonly LogicalNode[]): Set<LogicalNode> {
  const timed = new Set<LogicalNode>();
  for (const node of order.toReversed()) {
    if (logicOf(node).waitsForTime?.(node) !== true && !timed.has(node)) continue;
    for (const input of inputsOf(node)) timed.add(input);
  }
  return timed;
}

function requiredColumns(
  sinks: readonly LogicalSink[],
  order: readonly LogicalNode[],
  timed: ReadonlySet<LogicalNode>,
): Map<LogicalNode, Set<number>> {
  const required = new Map(order.map((node) => [node, new Set<number>()]));
  const need = (node: LogicalNode, index: number): void => {
    required.get(node)?.add(index);
  };
  for (const sink of sinks) for (const index of sink.schema.keys()) need(sink.input, index);
  for (const node of order.toReversed()) {
    const wanted = present(required.get(node), 'a set of columns');
    logicOf(node).require(node, { wanted, timed: timed.has(node), need });
  }
  return required;
}

/** A calc without condition that passes its input's columns on in their order is no calc. Names don't matter below a sink. */
function dropIdentity(pruned: Pruned): Pruned {
  const { node } = pruned;
  if (node.kind !== 'calc' || node.condition !== null || !isIdentity(node)) return pruned;
  return { node: node.input, places: pruned.places };
}

function isIdentity(calc: LogicalCalc): boolean {
  return (
    calc.projections.length === calc.input.output.length &&
    calc.projections.every((projection, index) => projection.kind === 'column' && projection.index === index)
  );
}
