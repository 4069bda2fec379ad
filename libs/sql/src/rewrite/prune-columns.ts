import type { Field } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { column, shiftColumns, visitColumns } from '../logical/expressions.ts';
import type {
  LogicalCalc,
  LogicalNode,
  LogicalSink,
  LogicalWatermark,
  LogicalWindowAggregate,
} from '../logical/nodes.ts';
import { inputsOf } from '../logical/nodes.ts';
import { nodesInOrder } from './graph.ts';

/**
 * Leaves out columns that nobody uses, so that a source decodes only what the plan needs; watermarks that no window waits for; and
 * projections that change nothing.
 */
export function pruneColumns(sinks: readonly LogicalSink[]): LogicalSink[] {
  const order = nodesInOrder(sinks);
  const timed = timedNodes(order);
  const required = requiredColumns(sinks, order, timed);
  const done = new Map<LogicalNode, Pruned>();
  for (const node of order) {
    const wanted = present(required.get(node), 'the columns that readers use');
    done.set(node, dropIdentity(pruneNode(node, wanted, done, timed)));
  }
  return sinks.map((sink) => {
    const pruned = present(done.get(sink.input), 'the input of a sink');
    return {
      ...sink,
      input: exactly(
        pruned,
        sink.schema.map((_, index) => index),
      ),
    };
  });
}

/** A pruned node, and where each column of the original now stands. */
interface Pruned {
  readonly node: LogicalNode;
  readonly places: ReadonlyMap<number, number>;
}

/** Nodes whose watermarks somebody needs: those below a window. */
function timedNodes(order: readonly LogicalNode[]): Set<LogicalNode> {
  const timed = new Set<LogicalNode>();
  for (const node of order.toReversed()) {
    if (node.kind !== 'window_aggregate' && !timed.has(node)) continue;
    for (const input of inputsOf(node)) timed.add(input);
  }
  return timed;
}

function requiredColumns(
  sinks: readonly LogicalSink[],
  order: readonly LogicalNode[],
  timed: ReadonlySet<LogicalNode>,
): Map<LogicalNode, Set<number>> {
  const required = new Map(order.map((node) => [node, new Set<number>()]));
  const need = (node: LogicalNode, index: number): void => {
    required.get(node)?.add(index);
  };
  for (const sink of sinks) for (const index of sink.schema.keys()) need(sink.input, index);
  for (const node of order.toReversed()) {
    const wanted = required.get(node) ?? new Set();
    switch (node.kind) {
      case 'scan':
        break;
      case 'calc': {
        const used = [...wanted].flatMap((index) => node.projections[index] ?? []);
        const all = node.condition === null ? used : [node.condition, ...used];
        for (const expression of all) visitColumns(expression, (index) => need(node.input, index));
        break;
      }
      case 'watermark':
        for (const index of wanted) need(node.input, index);
        if (timed.has(node)) {
          need(node.input, node.eventTime);
          visitColumns(node.expression, (index) => need(node.input, index));
          wanted.add(node.eventTime);
          visitColumns(node.expression, (index) => wanted.add(index));
        }
        break;
      case 'window_assign':
        break;
      case 'window_aggregate': {
        for (const index of node.output.keys()) wanted.add(index);
        const used = node.aggregates.flatMap(({ argument, filter }) => [argument, filter]);
        for (const index of [...node.keys, node.eventTime, ...used])
          if (index !== null) need(node.input, index);
        break;
      }
      case 'union':
        for (const input of node.inputs) for (const index of wanted) need(input, index);
        break;
    }
  }
  return required;
}

function pruneNode(
  node: LogicalNode,
  wanted: ReadonlySet<number>,
  done: ReadonlyMap<LogicalNode, Pruned>,
  timed: ReadonlySet<LogicalNode>,
): Pruned {
  const below = (input: LogicalNode): Pruned =>
    present(done.get(input), 'inputs are pruned before their readers');
  const kept = [...wanted].toSorted((a, b) => a - b);
  const places = new Map(kept.map((index, place) => [index, place]));
  const pick = <T>(items: readonly T[]): T[] => items.filter((_, index) => wanted.has(index));
  switch (node.kind) {
    case 'scan':
      return { node: { ...node, output: pick(node.output), metadata: pick(node.metadata) }, places };
    case 'calc': {
      const picked = { ...node, projections: pick(node.projections), output: pick(node.output) };
      return { places, node: moveCalc(picked, below(node.input)) };
    }
    case 'watermark':
      return timed.has(node) ? moveWatermark(node, below(node.input)) : below(node.input);
    case 'window_aggregate':
      return { places, node: moveAggregate(node, below(node.input)) };
    case 'union': {
      const inputs = node.inputs.map((input) => exactly(below(input), kept));
      return { places, node: { kind: 'union', inputs, output: pick(node.output) } };
    }
    case 'window_assign':
      throw new WeirError(
        'WEIR-0001',
        'invariant broken: window tables are lowered before columns are pruned',
      );
  }
}

function moveCalc(calc: LogicalCalc, input: Pruned): LogicalCalc {
  const move = (index: number): number => placeIn(input, index);
  return {
    ...calc,
    input: input.node,
    condition: calc.condition === null ? null : shiftColumns(calc.condition, move),
    projections: calc.projections.map((projection) => shiftColumns(projection, move)),
  };
}

function moveWatermark(watermark: LogicalWatermark, input: Pruned): Pruned {
  const node: LogicalWatermark = {
    ...watermark,
    input: input.node,
    eventTime: placeIn(input, watermark.eventTime),
    expression: shiftColumns(watermark.expression, (index) => placeIn(input, index)),
    output: input.node.output,
  };
  return { node, places: input.places };
}

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

function placeIn(pruned: Pruned, index: number): number {
  return present(pruned.places.get(index), 'a used column');
}

/** The node with exactly these columns of the original, in this order. */
function exactly(pruned: Pruned, wanted: readonly number[]): LogicalNode {
  const { node } = pruned;
  const places = wanted.map((index) => placeIn(pruned, index));
  const same = places.length === node.output.length && places.every((place, index) => place === index);
  if (same) return node;
  const fields = places.map((place): Field => present(node.output[place], 'a column'));
  return {
    kind: 'calc',
    input: node,
    condition: null,
    projections: fields.map((field, index) => column(places[index] ?? 0, field.type, field.nullable)),
    output: fields,
  };
}

/** A calc without condition that passes its input's columns on in their order is no calc. Names don't matter below a sink. */
function dropIdentity(pruned: Pruned): Pruned {
  const { node } = pruned;
  if (node.kind !== 'calc' || node.condition !== null || !isIdentity(node)) return pruned;
  return { node: node.input, places: pruned.places };
}

function isIdentity(calc: LogicalCalc): boolean {
  return (
    calc.projections.length === calc.input.output.length &&
    calc.projections.every((projection, index) => projection.kind === 'column' && projection.index === index)
  );
}
