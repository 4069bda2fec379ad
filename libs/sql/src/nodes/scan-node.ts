import { appendMode, sameKey, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { ScanNode } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { tableIdentity } from '../physical/table-identity.ts';
import type { NodeLogic } from './node-logic.ts';

export const scanLogic: NodeLogic<ScanNode> = {
  inputs: () => [],
  withInputs: (node) => node,
  title: (node) => `source ${node.access.table}`,
  /** Rows that are updated can't be told apart without their key. */
  require(node, { wanted }) {
    if (node.changes !== 'append') for (const column of node.primaryKey) wanted.add(column);
  },
  prune(node, pruning) {
    const { places } = pruning;
    const key = node.primaryKey.map((column) => places.get(column) ?? -1);
    const pruned: ScanNode = {
      ...node,
      output: pruning.pick(node.output),
      metadata: pruning.pick(node.metadata),
      primaryKey: key.includes(-1) ? [] : key,
    };
    return { node: pruned, places };
  },
  identity(node) {
    const table = tableIdentity(node.access);
    const columns = node.output.map(({ name }, index) =>
      contentHash(JSON.stringify([table, node.metadata[index] ?? null, name])),
    );
    return { id: contentHash(JSON.stringify(['source', table])), rows: table, columns };
  },
  stream: {
    eventTime: () => null,
    /** A table that only grows is not known to keep to its PRIMARY KEY; one that is updated is told apart by it. */
    keys: ({ changes, primaryKey }) =>
      changes === 'append' || primaryKey.length === 0 ? [] : [{ columns: primaryKey, ordered: true }],
    changes: {
      arrivals: ({ changes }) => ({ updates: changes !== 'append', deletes: changes !== 'append' }),
      wish: (_, wish) => wish,
      gives({ changes, primaryKey }, _, wish): ChangeMode | null {
        if (changes === 'append') return appendMode;
        if (changes === 'retract')
          return { kind: 'retract', key: primaryKey.length === 0 ? null : primaryKey };
        const fits = wish.kind === 'any' || (wish.kind === 'upsert' && sameKey(wish.key, primaryKey));
        return fits ? { kind: 'upsert', key: primaryKey } : null;
      },
    },
  },
  operator: ({ access, output, metadata, primaryKey, changes }) => ({
    kind: 'source',
    ...access,
    schema: { fields: output },
    metadata,
    primaryKey,
    changes,
  }),
};
