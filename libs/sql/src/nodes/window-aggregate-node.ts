import { present } from '@weir/kernel/assert.ts';
import type { LogicalWindowAggregate } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { shorten, windowText } from '../physical/titles.ts';
import { placeIn, type Pruned } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

export const windowAggregateLogic: NodeLogic<LogicalWindowAggregate> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title(node) {
    const names = node.keys.map((index) => node.input.output[index]?.name ?? '?');
    const aggregates = node.aggregates.map((aggregate) => {
      const argument =
        aggregate.argument === null ? '*' : (node.input.output[aggregate.argument]?.name ?? '?');
      return `${aggregate.function}(${argument})`;
    });
    const by = names.length === 0 ? '' : ` by ${names.join(', ')}`;
    return shorten(`${windowText(node.window)} ${aggregates.join(', ')}${by}`);
  },
  waitsForTime: () => true,
  /** All of its columns stay: they are few, and its state holds them. */
  require(node, { wanted, need }) {
    for (const index of node.output.keys()) wanted.add(index);
    const used = node.aggregates.flatMap(({ argument, filter }) => [argument, filter]);
    for (const index of [...node.keys, node.eventTime, ...used]) if (index !== null) need(node.input, index);
  },
  prune(node, pruning) {
    return { places: pruning.places, node: moveAggregate(node, pruning.below(node.input)) };
  },
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of an aggregate');
    const at = (index: number | null): string | null =>
      index === null ? null : (input.columns[index] ?? null);
    const keys = node.keys.map(at);
    const rows = contentHash(JSON.stringify([node.kind, input.rows, node.window, at(node.eventTime), keys]));
    const aggregates = node.aggregates.map((aggregate) =>
      contentHash(
        JSON.stringify([
          rows,
          aggregate.function,
          at(aggregate.argument),
          at(aggregate.filter),
          aggregate.type,
        ]),
      ),
    );
    const columns = [
      ...keys.map((key) => contentHash(JSON.stringify([rows, 'key', key]))),
      ...aggregates,
      ...['window_start', 'window_end'].map((name) => contentHash(JSON.stringify([rows, name]))),
    ];
    return { id: contentHash(JSON.stringify([rows, columns])), rows, columns };
  },
  stream: {
    /** A window comes out before the watermark that reaches its end: rows behind it end later. */
    eventTime: (node) => node.output.length - 1,
    /** Once a key and window, told by its start or by its end. */
    keys(node) {
      const keys = node.keys.map((_, place) => place);
      return [2, 1].map((back) => ({ columns: [...keys, node.output.length - back], ordered: true }));
    },
  },
  partitionBy: (node) => node.keys,
  operator: ({ window, eventTime, keys, aggregates }) => ({
    kind: 'window_aggregate',
    window,
    eventTime,
    keys,
    aggregates,
  }),
};

function moveAggregate(aggregate: LogicalWindowAggregate, input: Pruned): LogicalWindowAggregate {
  const move = (index: number | null): number | null => (index === null ? null : placeIn(input, index));
  return {
    ...aggregate,
    input: input.node,
    eventTime: placeIn(input, aggregate.eventTime),
    keys: aggregate.keys.map((index) => placeIn(input, index)),
    aggregates: aggregate.aggregates.map((call) => ({
      ...call,
      argument: move(call.argument),
      filter: move(call.filter),
    })),
  };
}
