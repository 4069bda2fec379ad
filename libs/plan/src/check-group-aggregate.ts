import { sameKey } from './change-mode.ts';
import type { Edge } from './edge.ts';
import type { GroupAggregateNode } from './nodes/group-aggregate.ts';

/** What is wrong with a grouped aggregate between these edges, or null. */
export function groupAggregateProblem(
  node: GroupAggregateNode,
  inputs: readonly Edge[],
  output: Edge,
): string | null {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) return `it has ${inputs.length} inputs, not 1`;
  const used = node.aggregates.flatMap(({ argument, filter }) => [argument, filter]);
  const columns = [...node.keys, ...used].filter((column) => column !== null);
  const missing = columns.find((column) => input.schema.fields[column] === undefined);
  if (missing !== undefined) return `there is no column ${missing}`;
  const width = node.keys.length + node.aggregates.length;
  if (output.schema.fields.length !== width) return `it has ${width} columns`;
  return changesProblem(node, input, output);
}

function changesProblem(node: GroupAggregateNode, input: Edge, { changes, keys }: Edge): string | null {
  if (input.changes.kind === 'upsert')
    return 'it must take back what it has counted, which an upsert does not tell';
  const isDistinct = input.changes.kind === 'append' && node.aggregates.length === 0;
  if (isDistinct !== (changes.kind === 'append')) return `it can't give ${changes.kind}`;
  const group = node.keys.map((_, place) => place);
  if (changes.kind !== 'append' && !sameKey(changes.key, group))
    return 'the key of its changes is not what it groups by';
  const isKey = (key: readonly number[]): boolean => group.every((column) => key.includes(column));
  return keys.every(isKey) ? null : 'its keys are not what it groups by';
}
