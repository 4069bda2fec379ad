import type { LogicalNode, LogicalSink } from '../logical/nodes.ts';
import { logicOf } from '../nodes/node-table.ts';

export function inputsOf(node: LogicalNode): readonly LogicalNode[] {
  return logicOf(node).inputs(node);
}

/** All nodes below the sinks, inputs before their readers, each once. */
export function nodesInOrder(sinks: readonly LogicalSink[]): LogicalNode[] {
  const order: LogicalNode[] = [];
  const seen = new Set<LogicalNode>();
  const visit = (node: LogicalNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const input of inputsOf(node)) visit(input);
    order.push(node);
  };
  for (const { input } of sinks) visit(input);
  return order;
}

/** How many nodes and sinks read each node. */
export function readerCounts(sinks: readonly LogicalSink[]): Map<LogicalNode, number> {
  const counts = new Map<LogicalNode, number>();
  const count = (node: LogicalNode): void => {
    counts.set(node, (counts.get(node) ?? 0) + 1);
  };
  for (const node of nodesInOrder(sinks)) for (const input of inputsOf(node)) count(input);
  for (const { input } of sinks) count(input);
  return counts;
}

/** Rebuilds the graph bottom up. A node that had several readers still has: it is mapped once. */
export function mapGraph(
  sinks: readonly LogicalSink[],
  map: (node: LogicalNode, original: LogicalNode) => LogicalNode,
): LogicalSink[] {
  const done = new Map<LogicalNode, LogicalNode>();
  const of = (node: LogicalNode): LogicalNode => done.get(node) ?? node;
  for (const node of nodesInOrder(sinks)) done.set(node, map(logicOf(node).withInputs(node, of), node));
  return sinks.map((sink) => ({ ...sink, input: of(sink.input) }));
}
