import { present } from '@weir/kernel/assert.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { LogicalOver } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { shorten } from '../physical/titles.ts';
import { placeIn } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';
import { orderText } from './order-text.ts';

export const overLogic: NodeLogic<LogicalOver> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title(node) {
    const { input, partition, order, calls } = node;
    const names = partition.map((index) => input.output[index]?.name ?? '?');
    const what = calls.map(({ function: id }) => id).join(', ');
    const by = names.length === 0 ? '' : ` by ${names.join(', ')}`;
    return shorten(`${what} over rows${by} in the order of ${orderText(order, input.output) || 'nothing'}`);
  },
  waitsForTime: () => true,
  /** All of its results stay: they are few. */
  require(node, { wanted, need }) {
    const width = node.input.output.length;
    const own = node.calls.map(({ argument }) => argument);
    const times = [node.windowEnd, node.byTime];
    const used = [...node.partition, ...node.order.map(({ column }) => column), ...own, ...times];
    for (const index of used) if (index !== null) need(node.input, index);
    for (const index of wanted) if (index < width) need(node.input, index);
  },
  prune(node, pruning) {
    const input = pruning.below(node.input);
    const before = node.input.output.length;
    const width = input.node.output.length;
    const move = (index: number | null): number | null => (index === null ? null : placeIn(input, index));
    const places = new Map(input.places);
    node.calls.forEach((_, index) => places.set(before + index, width + index));
    const pruned: LogicalOver = {
      ...node,
      input: input.node,
      partition: node.partition.map((index) => placeIn(input, index)),
      order: node.order.map((order) => ({ ...order, column: placeIn(input, order.column) })),
      calls: node.calls.map((call) => ({ ...call, argument: move(call.argument) })),
      windowEnd: move(node.windowEnd),
      byTime: move(node.byTime),
      output: [...input.node.output, ...node.output.slice(before)],
    };
    return { node: pruned, places };
  },
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of an OVER');
    const at = (index: number | null): string | null =>
      index === null ? null : (input.columns[index] ?? null);
    const order = node.order.map(({ column, descending, nullsFirst }) => [
      at(column),
      descending,
      nullsFirst,
    ]);
    const calls = node.calls.map((call) => ({ ...call, argument: at(call.argument) }));
    const partition = node.partition.map(at);
    const rows = contentHash(
      JSON.stringify([node.kind, input.rows, partition, order, at(node.windowEnd), at(node.byTime)]),
    );
    const columns = [...input.columns, ...calls.map((call) => contentHash(JSON.stringify([rows, call])))];
    return { id: contentHash(JSON.stringify([rows, columns])), rows, columns };
  },
  stream: {
    eventTime: (_, [below = null]) => below,
    keys: (_, [below = []]) => below,
  },
  partitionBy: (node) => node.partition,
  operator(node) {
    const time = node.windowEnd ?? node.byTime;
    if (time === null) {
      const hint =
        'sort by the event time first, ascending; partition by a window; or keep the first rows only: WHERE row_number <= 10';
      return fail('notPlanned', node.span, 'OVER in this order is not supported yet', hint);
    }
    const { partition, order, calls } = node;
    if (node.windowEnd === null) refuseFollowing(node);
    return { kind: 'over', emit: node.windowEnd === null ? 'time' : 'window', partition, order, calls, time };
  },
};

/** What is sorted by event time comes out when the watermark is above it: rows behind it are not known then. */
function refuseFollowing({ calls, span }: LogicalOver): void {
  for (const { function: name, frame } of calls) {
    const hint = 'partition by a window as well: then all of its rows are known';
    if (name === 'lead' || name === 'rank' || name === 'dense_rank' || name === 'first_value')
      fail('notPlanned', span, `${name}() by event time is not supported yet`, hint);
    if (frame.to === null || frame.to > 0)
      fail(
        'notPlanned',
        span,
        'a frame that goes on behind the row is not supported yet by event time',
        hint,
      );
  }
}
