import type { LogicalUnion } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { exactly } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

export const unionLogic: NodeLogic<LogicalUnion> = {
  inputs: (node) => node.inputs,
  withInputs: (node, of) => ({ ...node, inputs: node.inputs.map(of) }),
  title: (node) => `union of ${node.inputs.length}`,
  require(node, { wanted, need }) {
    for (const input of node.inputs) for (const index of wanted) need(input, index);
  },
  prune(node, pruning) {
    const inputs = node.inputs.map((input) => exactly(pruning.below(input), pruning.kept));
    return { places: pruning.places, node: { kind: 'union', inputs, output: pruning.pick(node.output) } };
  },
  identity(node, inputs) {
    const rows = contentHash(JSON.stringify(['union', inputs.map((input) => input.rows)]));
    const columns = node.output.map((_, index) =>
      contentHash(JSON.stringify(inputs.map((input) => input.columns[index]))),
    );
    return { id: contentHash(JSON.stringify(['union', rows, columns])), rows, columns };
  },
  stream: {
    eventTime(_, [first = null, ...others]) {
      return others.every((other) => other === first) ? first : null;
    },
    /** Rows of different inputs may agree. */
    keys: () => [],
    changes: {
      arrivals: (_, inputs) => ({
        updates: inputs.some(({ updates }) => updates),
        deletes: inputs.some(({ deletes }) => deletes),
      }),
      wish: () => ({ kind: 'retract' }),
      gives: (_, inputs) =>
        inputs.some(({ kind }) => kind === 'upsert') ? null : { kind: 'retract', key: null },
    },
  },
  operator: () => ({ kind: 'union' }),
};
