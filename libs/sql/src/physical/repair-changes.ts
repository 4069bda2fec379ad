import { column } from '../logical/expressions.ts';
import type { LogicalCalc, LogicalNode, LogicalSink } from '../logical/nodes.ts';
import { mapGraph, nodesInOrder } from '../rewrite/graph.ts';
import { inferChanges } from './infer-changes.ts';
import { inferKeys } from './infer-keys.ts';

/**
 * Puts what is lacking between nodes (D9): `normalize` behind a node whose old rows are needed and which doesn't tell them; `materialize` before a sink whose key is
 * none of its rows'; before one that needs no old rows, and has them for another reader's sake, a projection that leaves them out. What can't be
 * repaired is told by the inference that comes after.
 */
export function repairChanges(sinks: readonly LogicalSink[]): readonly LogicalSink[] {
  const order = nodesInOrder(sinks);
  const { lacks } = inferChanges(sinks, order, inferKeys(order), () => {});
  const { oldRows, keys, newOnly } = lacks;
  if (oldRows.size + keys.size + newOnly.size === 0) return sinks;
  const repaired = mapGraph(sinks, (node, original) => {
    const key = oldRows.get(original);
    return key === undefined ? node : { kind: 'normalize', input: node, key, output: node.output };
  });
  return repaired.map((sink, index) => {
    const original = sinks[index];
    const { input } = sink;
    if (original === undefined) return sink;
    if (keys.has(original))
      return { ...sink, input: { kind: 'materialize', input, key: sink.primaryKey, output: input.output } };
    return newOnly.has(original) ? { ...sink, input: sameColumns(input) } : sink;
  });
}

function sameColumns(input: LogicalNode): LogicalCalc {
  const projections = input.output.map(({ type, nullable }, index) => column(index, type, nullable));
  return { kind: 'calc', input, condition: null, projections, output: input.output, newRowsOnly: true };
}
