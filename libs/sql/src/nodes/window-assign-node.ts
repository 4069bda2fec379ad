import { present } from '@weir/kernel/assert.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { LogicalWindowAssign } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { windowText } from '../physical/titles.ts';
import { placeIn } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

/** A hop that nobody groups by: each row once a window. Tumbling ones are gone by then (rewrite/lower-windows.ts). */
export const windowAssignLogic: NodeLogic<LogicalWindowAssign> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title: (node) => `each row of ${windowText(node.window)}`,
  require(node, { wanted, need }) {
    const width = node.input.output.length;
    for (const index of wanted) if (index < width) need(node.input, index);
    need(node.input, node.eventTime);
    for (const index of node.partition ?? []) need(node.input, index);
  },
  /** The window's own columns cost next to nothing: they all stay. */
  prune(node, pruning) {
    const input = pruning.below(node.input);
    const width = node.input.output.length;
    const added = node.output.slice(width);
    const places = new Map(input.places);
    added.forEach((_, index) => places.set(width + index, input.node.output.length + index));
    const pruned: LogicalWindowAssign = {
      ...node,
      input: input.node,
      eventTime: placeIn(input, node.eventTime),
      ...(node.partition === undefined
        ? {}
        : { partition: node.partition.map((index) => placeIn(input, index)) }),
      output: [...input.node.output, ...added],
    };
    return { node: pruned, places };
  },
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of a window table');
    const time = input.columns[node.eventTime];
    const rows = contentHash(JSON.stringify(['window_assign', input.rows, time, node.window]));
    const added = ['window_start', 'window_end', 'window_time'].map((name) =>
      contentHash(JSON.stringify([name, rows])),
    );
    return { id: rows, rows, columns: [...input.columns, ...added] };
  },
  // A row that is updated may change its windows: its pair would be torn. It takes inserts only.
  stream: {
    eventTime: (_, [below = null]) => below,
    /** A row comes once a window: told by its start or by its end. */
    keys(node, [below = []]) {
      const width = node.input.output.length;
      return below.flatMap(({ columns, ordered }) =>
        [width, width + 1].map((bound) => ({ columns: [...columns, bound], ordered })),
      );
    },
  },
  operator({ window, eventTime, span }) {
    if (window.kind !== 'session') return { kind: 'window_assign', window, eventTime };
    const hint = 'group by window_start, window_end and the columns of PARTITION BY';
    return fail(
      'notPlanned',
      span,
      'the rows of a session window, without GROUP BY, are not supported yet',
      hint,
    );
  },
};
