import { present } from '@weir/kernel/assert.ts';
import { appendMode, sameKey, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { LogicalTopN } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { insertsOnly, type StreamKey } from '../physical/stream-rules.ts';
import { shorten } from '../physical/titles.ts';
import { placeIn } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';
import { orderText } from './order-text.ts';

export const topNLogic: NodeLogic<LogicalTopN> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title(node) {
    const { input, partition, order } = node;
    const names = partition.map((index) => input.output[index]?.name ?? '?');
    const by = names.length === 0 ? '' : ` by ${names.join(', ')}`;
    const how = node.function === 'row_number' ? '' : `${node.function} `;
    const what = node.limit === 1 ? 'first' : `first ${node.limit}`;
    return shorten(`${how}${what}${by} in the order of ${orderText(order, input.output) || 'nothing'}`);
  },
  waitsForTime: ({ emit }) => emit !== 'updates',
  require(node, { wanted, need }) {
    const width = node.input.output.length;
    for (const index of wanted) if (index < width) need(node.input, index);
    for (const index of [...node.partition, ...node.order.map(({ column }) => column)])
      need(node.input, index);
    if (node.time !== null) need(node.input, node.time);
    // What it stores it gives: a row goes as it came.
    for (const index of [...node.partition, ...node.order.map(({ column }) => column)]) wanted.add(index);
    if (node.time !== null) wanted.add(node.time);
  },
  prune(node, pruning) {
    const input = pruning.below(node.input);
    const before = node.input.output.length;
    const rank = node.rank && pruning.places.has(before);
    const places = new Map(input.places);
    const width = input.node.output.length;
    if (rank) places.set(before, width);
    const output = rank
      ? [...input.node.output, present(node.output[before], 'the rank')]
      : input.node.output;
    const pruned: LogicalTopN = {
      ...node,
      input: input.node,
      rank,
      partition: node.partition.map((index) => placeIn(input, index)),
      order: node.order.map((order) => ({ ...order, column: placeIn(input, order.column) })),
      time: node.time === null ? null : placeIn(input, node.time),
      output,
    };
    return { node: pruned, places };
  },
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of a Top-N');
    const at = (index: number): string => input.columns[index] ?? '';
    const order = node.order.map(({ column, descending, nullsFirst }) => [
      at(column),
      descending,
      nullsFirst,
    ]);
    const rows = contentHash(
      JSON.stringify([
        node.kind,
        node.emit,
        input.rows,
        node.partition.map(at),
        order,
        node.function,
        node.limit,
      ]),
    );
    const columns = input.columns.map((column) => contentHash(JSON.stringify([rows, column])));
    if (node.rank) columns.push(contentHash(JSON.stringify([rows, 'rank'])));
    return { id: contentHash(JSON.stringify([rows, columns])), rows, columns };
  },
  stream: {
    eventTime: (node, [below = null]) => (node.emit === 'updates' ? null : below),
    keys(node, [below = []]) {
      const partition = [...node.partition];
      const single = node.limit === 1 && node.function === 'row_number';
      const numbered = node.rank && node.function === 'row_number';
      const rank = node.output.length - 1;
      const own: StreamKey[] = [
        ...(single ? [keyOf(partition)] : []),
        ...(numbered ? [keyOf([...partition, rank])] : []),
      ];
      // With ranks a row may stand in two places of two batches, never at once.
      return node.rank && node.emit === 'updates' ? own : [...own, ...below];
    },
    changes: {
      arrivals(node, [below = insertsOnly]) {
        if (node.emit !== 'updates') return insertsOnly;
        const places = node.rank || node.limit === 1;
        const shrinks = below.updates || below.deletes;
        return { updates: true, deletes: shrinks || node.function !== 'row_number' || !places };
      },
      refusesUpdates: ({ emit }) =>
        emit === 'updates'
          ? null
          : {
              what: 'a Top-N that waits for the watermark',
              hint: 'rank rows that only grow, or by another order than event time',
            },
      wish: () => ({ kind: 'retract' }),
      gives(node, [below = appendMode], wish, keys): ChangeMode | null {
        if (node.emit !== 'updates') return appendMode;
        if (below.kind === 'upsert') return null;
        const isKey = (key: readonly number[]): boolean => keys.some(({ columns }) => sameKey(columns, key));
        if (wish.kind === 'upsert' && isKey(wish.key)) return { kind: 'upsert', key: wish.key };
        const key = keys[0]?.columns ?? null;
        return wish.kind === 'any' &&
          key !== null &&
          node.function === 'row_number' &&
          (node.rank || node.limit === 1)
          ? { kind: 'upsert', key }
          : { kind: 'retract', key };
      },
    },
  },
  partitionBy: (node) => node.partition,
  operator: (node, { updatingTtlMs }) => ({
    kind: 'top_n',
    emit: node.emit,
    partition: node.partition,
    order: node.order,
    function: node.function,
    limit: node.limit,
    rank: node.rank,
    time: node.time,
    ttlMs: node.emit === 'window' ? 0 : updatingTtlMs,
  }),
};

function keyOf(columns: readonly number[]): StreamKey {
  return { columns: [...new Set(columns)].toSorted((a, b) => a - b), ordered: true };
}
