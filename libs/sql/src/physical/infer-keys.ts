import { present } from '@weir/kernel/assert.ts';
import type { LogicalNode } from '../logical/nodes.ts';
import { logicOf } from '../nodes/node-table.ts';
import { inputsOf } from '../rewrite/graph.ts';
import type { StreamKey } from './stream-rules.ts';

/** What is known of a node's rows beside their columns. */
export interface RowFacts {
  readonly keys: readonly StreamKey[];
  /** Index of the column that carries event time; null: none does. */
  readonly eventTime: number | null;
}

/**
 * Unique keys and event time of every node. An exchange by columns E keeps the order of a key K only if E is part of K; those that the
 * stages need lie below nodes that make keys of their own, or are by nothing at all (one receiver), so none of today's loses an order.
 * @param order all nodes, inputs first
 */
export function inferKeys(order: readonly LogicalNode[]): Map<LogicalNode, RowFacts> {
  const facts = new Map<LogicalNode, RowFacts>();
  for (const node of order) {
    const inputs = inputsOf(node).map((input) => present(facts.get(input), 'facts of an input'));
    const { stream } = logicOf(node);
    facts.set(node, {
      keys: stream.keys(
        node,
        inputs.map((input) => input.keys),
      ),
      eventTime: stream.eventTime(
        node,
        inputs.map((input) => input.eventTime),
      ),
    });
  }
  return facts;
}
