import { WeirError } from '@weir/kernel/errors.ts';
import type { LogicalWindowAssign } from '../logical/nodes.ts';
import { windowText } from '../physical/titles.ts';
import type { NodeLogic } from './node-logic.ts';

/** Goes away in rewrite/lower-windows.ts, before anything but that looks at the graph. */
export const windowAssignNode: NodeLogic<LogicalWindowAssign> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title: (node) => windowText(node.window),
  require: notLowered,
  prune: notLowered,
  identity: notLowered,
  stream: { eventTime: notLowered, keys: notLowered },
  operator: notLowered,
};

function notLowered(): never {
  throw new WeirError('WEIR-0001', 'invariant broken: window tables are lowered first');
}
