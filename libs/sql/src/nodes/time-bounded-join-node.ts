import type { LogicalTimeBoundedJoin } from '../logical/nodes.ts';
import { placeIn } from '../rewrite/pruned.ts';
import { joinIdentity, joinKeys, joinParts, joinTitle, pruneJoin, requireJoin } from './join-columns.ts';
import type { NodeLogic } from './node-logic.ts';

export const timeBoundedJoinLogic: NodeLogic<LogicalTimeBoundedJoin> = {
  inputs: (node) => [node.left, node.right],
  withInputs: (node, of) => ({ ...node, left: of(node.left), right: of(node.right) }),
  title: joinTitle,
  waitsForTime: () => true,
  require(node, use) {
    // Its event time stays, so that windows can be made of its rows.
    if (use.timed && node.eventTime !== null) use.wanted.add(node.eventTime);
    requireJoin(node, use);
    use.need(node.left, node.leftUntil);
    use.need(node.right, node.rightUntil);
  },
  prune(node, pruning) {
    const { parts, left, right } = pruneJoin(node, pruning);
    const eventTime = node.eventTime === null ? null : (pruning.places.get(node.eventTime) ?? null);
    const { leftUntil, rightUntil } = node;
    return {
      places: pruning.places,
      node: {
        ...node,
        ...parts,
        eventTime,
        leftUntil: placeIn(left, leftUntil),
        rightUntil: placeIn(right, rightUntil),
      },
    };
  },
  identity(node, inputs) {
    const [left, right] = inputs;
    const until = [left?.columns[node.leftUntil], right?.columns[node.rightUntil]];
    return joinIdentity(node.kind, node, inputs, until);
  },
  stream: {
    eventTime: (node) => node.eventTime,
    keys: (node, [left = [], right = []]) => joinKeys(node, left, right),
  },
  partitionBy: (node, input) => (input === 0 ? node.leftKeys : node.rightKeys),
  operator: (node) => ({
    kind: 'time_bounded_join',
    ...joinParts(node),
    leftUntil: node.leftUntil,
    rightUntil: node.rightUntil,
    holdMicros: node.holdMicros,
  }),
};
