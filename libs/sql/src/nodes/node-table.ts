import type { LogicalNode } from '../logical/nodes.ts';
import { calcLogic } from './calc-node.ts';
import { groupAggregateLogic } from './group-aggregate-node.ts';
import type { NodeLogic } from './node-logic.ts';
import { materializeLogic, normalizeLogic } from './repair-nodes.ts';
import { overLogic } from './over-node.ts';
import { regularJoinLogic } from './regular-join-node.ts';
import { scanLogic } from './scan-node.ts';
import { timeBoundedJoinLogic } from './time-bounded-join-node.ts';
import { topNLogic } from './top-n-node.ts';
import { unionLogic } from './union-node.ts';
import { unnestLogic } from './unnest-node.ts';
import { watermarkLogic } from './watermark-node.ts';
import { windowAggregateLogic } from './window-aggregate-node.ts';
import { windowAssignLogic } from './window-assign-node.ts';

const nodeTable: {
  readonly [K in LogicalNode['kind']]: NodeLogic<Extract<LogicalNode, { readonly kind: K }>>;
} = {
  scan: scanLogic,
  calc: calcLogic,
  watermark: watermarkLogic,
  window_assign: windowAssignLogic,
  window_aggregate: windowAggregateLogic,
  group_aggregate: groupAggregateLogic,
  normalize: normalizeLogic,
  materialize: materializeLogic,
  time_bounded_join: timeBoundedJoinLogic,
  regular_join: regularJoinLogic,
  over: overLogic,
  top_n: topNLogic,
  unnest: unnestLogic,
  union: unionLogic,
};

/** The logic of a node; pass it the same node. */
export function logicOf(node: LogicalNode): NodeLogic<LogicalNode> {
  return nodeTable[node.kind];
}
