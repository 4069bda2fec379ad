import { present } from '@weir/kernel/assert.ts';
import { appendMode, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { LogicalUnnest } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { insertsOnly } from '../physical/stream-rules.ts';
import { placeIn } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

export const unnestLogic: NodeLogic<LogicalUnnest> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title: (node) => `unnest ${node.input.output[node.column]?.name ?? '?'}`,
  require(node, { wanted, need }) {
    const width = node.input.output.length;
    for (const index of wanted) if (index < width) need(node.input, index);
    need(node.input, node.column);
  },
  /** Its own columns all stay: they cost next to nothing. */
  prune(node, pruning) {
    const input = pruning.below(node.input);
    const width = node.input.output.length;
    const added = node.output.slice(width);
    const places = new Map(input.places);
    added.forEach((_, index) => places.set(width + index, input.node.output.length + index));
    const pruned: LogicalUnnest = {
      ...node,
      input: input.node,
      column: placeIn(input, node.column),
      output: [...input.node.output, ...added],
    };
    return { node: pruned, places };
  },
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of an unnest');
    const of = input.columns[node.column];
    const rows = contentHash(JSON.stringify([node.kind, input.rows, of, node.ordinality, node.outer]));
    const added = node.output.slice(node.input.output.length);
    const own = added.map((_, index) => contentHash(JSON.stringify([rows, index])));
    const columns = [...input.columns, ...own];
    return { id: contentHash(JSON.stringify([rows, columns])), rows, columns };
  },
  stream: {
    eventTime: (_, [below = null]) => below,
    /** A row comes once an element, told by its number. */
    keys(node, [below = []]) {
      if (!node.ordinality || node.outer) return [];
      const number = node.output.length - 1;
      return below.map(({ columns, ordered }) => ({ columns: [...columns, number], ordered }));
    },
    changes: {
      arrivals: (_, [below = insertsOnly]) => {
        const changes = below.updates || below.deletes;
        return { updates: changes, deletes: changes };
      },
      wish: () => ({ kind: 'retract' }),
      gives: (_, [below = appendMode]): ChangeMode | null => {
        if (below.kind === 'upsert') return null;
        return below.kind === 'append' ? appendMode : { kind: 'retract', key: null };
      },
    },
  },
  operator: ({ column, ordinality, outer }) => ({ kind: 'unnest', column, ordinality, outer }),
};
