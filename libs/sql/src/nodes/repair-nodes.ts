import { present } from '@weir/kernel/assert.ts';
import type { LogicalMaterialize, LogicalNormalize } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import type { Identity } from '../physical/identity.ts';
import { placeIn, type Pruned, type Pruning } from '../rewrite/pruned.ts';
import type { ColumnUse, NodeLogic } from './node-logic.ts';

type Repair = LogicalNormalize | LogicalMaterialize;

/** What the two nodes that only repair have in common: their rows are those of their input, told in another way (D9). They are made after all rewriting. */
const asTheirInput = {
  inputs: (node: Repair) => [node.input],
  require(node: Repair, { wanted, need }: ColumnUse): void {
    for (const index of [...wanted, ...node.key]) need(node.input, index);
  },
  /** The same rows and columns: nothing behind it becomes another operator by it. */
  identity(node: Repair, inputs: readonly Identity[]): Identity {
    const { id, rows, columns } = present(inputs[0], 'the input of a repair');
    const key = node.key.map((column) => columns[column]);
    return { id: contentHash(JSON.stringify([node.kind, id, key])), rows, columns };
  },
  partitionBy: (node: Repair) => node.key,
  keys: (node: Repair) => [{ columns: node.key, ordered: true }],
} as const;

function pruned<N extends Repair>(node: N, pruning: Pruning): Pruned & { readonly node: N } {
  const input = pruning.below(node.input);
  const key = node.key.map((column) => placeIn(input, column));
  return { places: input.places, node: { ...node, input: input.node, output: input.node.output, key } };
}

/** Before what needs the old rows of a table that doesn't tell them. */
export const normalizeLogic: NodeLogic<LogicalNormalize> = {
  inputs: asTheirInput.inputs,
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title: (node) => `old rows by ${namesOf(node)}`,
  require: asTheirInput.require,
  prune: pruned,
  identity: asTheirInput.identity,
  stream: {
    eventTime: () => null,
    keys: asTheirInput.keys,
    changes: {
      arrivals: (_, [below]) => below ?? { updates: true, deletes: true },
      wish: ({ key }) => ({ kind: 'upsert', key }),
      gives: ({ key }) => ({ kind: 'retract', key }),
    },
  },
  partitionBy: asTheirInput.partitionBy,
  operator: ({ key }, { updatingTtlMs }) => ({ kind: 'normalize', key, ttlMs: updatingTtlMs }),
};

/** Before a table that is written by a key which is none of the query's. */
export const materializeLogic: NodeLogic<LogicalMaterialize> = {
  inputs: asTheirInput.inputs,
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title: (node) => `last row by ${namesOf(node)}`,
  require: asTheirInput.require,
  prune: pruned,
  identity: asTheirInput.identity,
  stream: {
    eventTime: () => null,
    keys: asTheirInput.keys,
    changes: {
      arrivals: () => ({ updates: true, deletes: true }),
      wish: () => ({ kind: 'retract' }),
      gives: ({ key }, [below]) => (below?.kind === 'retract' ? { kind: 'upsert', key } : null),
    },
  },
  partitionBy: asTheirInput.partitionBy,
  operator: ({ key }, { updatingTtlMs }) => ({ kind: 'materialize', key, ttlMs: updatingTtlMs }),
};

function namesOf({ key, output }: Repair): string {
  return key.map((column) => output[column]?.name ?? '?').join(', ');
}
