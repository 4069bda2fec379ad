import type { LogicalNode, LogicalSink } from '../logical/nodes.ts';
import { Identities } from '../physical/identities.ts';
import { mapGraph } from './graph.ts';

/** Nodes that compute the same become one, with all of their readers: what these wish of it must be known together. */
export function shareEqualNodes(sinks: readonly LogicalSink[]): LogicalSink[] {
  const identities = new Identities();
  const first = new Map<string, LogicalNode>();
  return mapGraph(sinks, (node) => {
    const { id } = identities.of(node);
    const known = first.get(id);
    if (known !== undefined) return known;
    first.set(id, node);
    return node;
  });
}
