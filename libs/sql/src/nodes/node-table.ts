import type { LogicalNode } from '../logical/nodes.ts';
import { calcNode } from './calc-node.ts';
import type { NodeLogic } from './node-logic.ts';
import { scanNode } from './scan-node.ts';
import { unionNode } from './union-node.ts';
import { watermarkNode } from './watermark-node.ts';
import { windowAggregateNode } from './window-aggregate-node.ts';
import { windowAssignNode } from './window-assign-node.ts';

const nodeTable: {
  readonly [K in LogicalNode['kind']]: NodeLogic<Extract<LogicalNode, { readonly kind: K }>>;
} = {
  scan: scanNode,
  calc: calcNode,
  watermark: watermarkNode,
  window_assign: windowAssignNode,
  window_aggregate: windowAggregateNode,
  union: unionNode,
};

/** The logic of a node; pass it the same node. */
export function logicOf(node: LogicalNode): NodeLogic<LogicalNode> {
  return nodeTable[node.kind];
}
