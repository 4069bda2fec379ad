import type { Field } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { column } from '../logical/expressions.ts';
import type { LogicalNode } from '../logical/nodes.ts';

/** A pruned node, and where each column of the original now stands. */
export interface Pruned {
  readonly node: LogicalNode;
  readonly places: ReadonlyMap<number, number>;
}

/** How one node is pruned. */
export class Pruning {
  /** The columns that stay, ascending. */
  readonly kept: readonly number[];
  /** Where they then stand. */
  readonly places: ReadonlyMap<number, number>;
  /** Somebody waits for the node's watermarks. */
  readonly timed: boolean;
  readonly #done: ReadonlyMap<LogicalNode, Pruned>;

  constructor(wanted: ReadonlySet<number>, timed: boolean, done: ReadonlyMap<LogicalNode, Pruned>) {
    this.kept = [...wanted].toSorted((a, b) => a - b);
    this.places = new Map(this.kept.map((index, place) => [index, place]));
    this.timed = timed;
    this.#done = done;
  }

  /** An input, which was pruned before. */
  below(input: LogicalNode): Pruned {
    return present(this.#done.get(input), 'inputs are pruned before their readers');
  }

  /** Of a list with one item a column those that stay. */
  pick<T>(items: readonly T[]): T[] {
    return items.filter((_, index) => this.places.has(index));
  }
}

export function placeIn(pruned: Pruned, index: number): number {
  return present(pruned.places.get(index), 'a used column');
}

/** The node with exactly these columns of the original, in this order. */
export function exactly(pruned: Pruned, wanted: readonly number[]): LogicalNode {
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
