import { present } from '@weir/kernel/assert.ts';
import { appendMode, sameKey, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { LogicalGroupAggregate } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { shorten } from '../physical/titles.ts';
import { placeIn, type Pruned } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

export const groupAggregateLogic: NodeLogic<LogicalGroupAggregate> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title(node) {
    const nameOf = (index: number | null): string =>
      index === null ? '*' : (node.input.output[index]?.name ?? '?');
    const names = node.keys.map(nameOf).join(', ');
    const calls = node.aggregates.map(
      (call) => `${call.function}(${call.distinct ? 'DISTINCT ' : ''}${nameOf(call.argument)})`,
    );
    if (calls.length === 0) return shorten(`distinct ${names}`);
    return shorten(`${calls.join(', ')}${names === '' ? '' : ` by ${names}`}`);
  },
  /** All of its columns stay: they are few, and its state holds them. */
  require(node, { wanted, need }) {
    for (const index of node.output.keys()) wanted.add(index);
    const used = node.aggregates.flatMap(({ argument, filter }) => [argument, filter]);
    for (const index of [...node.keys, ...used]) if (index !== null) need(node.input, index);
  },
  prune(node, pruning) {
    return { places: pruning.places, node: moveAggregate(node, pruning.below(node.input)) };
  },
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of an aggregate');
    const at = (index: number | null): string | null =>
      index === null ? null : (input.columns[index] ?? null);
    const keys = node.keys.map(at);
    const rows = contentHash(JSON.stringify([node.kind, input.rows, keys]));
    const calls = node.aggregates.map((call) =>
      contentHash(
        JSON.stringify([rows, call.function, call.distinct, at(call.argument), at(call.filter), call.type]),
      ),
    );
    const columns = [...keys.map((key) => contentHash(JSON.stringify([rows, 'key', key]))), ...calls];
    return { id: contentHash(JSON.stringify([rows, columns])), rows, columns };
  },
  stream: {
    /** Results come whenever they change: their times say nothing of those to come. A row that comes once comes when its first does. */
    eventTime(node, [below = null]) {
      const place = below === null || node.aggregates.length > 0 ? -1 : node.keys.indexOf(below);
      return place < 0 ? null : place;
    },
    keys: (node) => [{ columns: groupOf(node), ordered: true }],
    changes: {
      /** A group that loses its last row goes. */
      arrivals: (node, [below]) => {
        const retracts = below?.updates === true || below?.deletes === true;
        return { updates: node.aggregates.length > 0, deletes: retracts && node.keys.length > 0 };
      },
      wish: () => ({ kind: 'retract' }),
      gives(node, [below = appendMode], wish): ChangeMode | null {
        if (below.kind === 'upsert') return null;
        if (below.kind === 'append' && node.aggregates.length === 0) return appendMode;
        const key = groupOf(node);
        const upserts = wish.kind === 'any' || (wish.kind === 'upsert' && sameKey(wish.key, key));
        return upserts ? { kind: 'upsert', key } : { kind: 'retract', key };
      },
    },
  },
  partitionBy: (node) => node.keys,
  operator: ({ keys, aggregates }, { updatingTtlMs }) => ({
    kind: 'group_aggregate',
    keys,
    aggregates,
    ttlMs: updatingTtlMs,
  }),
};

function groupOf(node: LogicalGroupAggregate): number[] {
  return node.keys.map((_, place) => place);
}

function moveAggregate(aggregate: LogicalGroupAggregate, input: Pruned): LogicalGroupAggregate {
  const move = (index: number | null): number | null => (index === null ? null : placeIn(input, index));
  return {
    ...aggregate,
    input: input.node,
    keys: aggregate.keys.map((index) => placeIn(input, index)),
    aggregates: aggregate.aggregates.map((call) => ({
      ...call,
      argument: move(call.argument),
      filter: move(call.filter),
    })),
  };
}
