import type { ScanNode } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { tableIdentity } from '../physical/table-identity.ts';
import type { NodeLogic } from './node-logic.ts';

export const scanNode: NodeLogic<ScanNode> = {
  inputs: () => [],
  withInputs: (node) => node,
  title: (node) => `source ${node.table}`,
  require() {},
  prune(node, pruning) {
    const { places } = pruning;
    return {
      node: { ...node, output: pruning.pick(node.output), metadata: pruning.pick(node.metadata) },
      places,
    };
  },
  identity(node) {
    const table = tableIdentity(node);
    const columns = node.output.map(({ name }, index) =>
      contentHash(JSON.stringify([table, node.metadata[index] ?? null, name])),
    );
    return { id: contentHash(JSON.stringify(['source', table])), rows: table, columns };
  },
  operator: (node) => ({
    kind: 'source',
    table: node.table,
    connector: node.connector,
    options: node.options,
    schema: { fields: node.output },
    metadata: node.metadata,
  }),
};
