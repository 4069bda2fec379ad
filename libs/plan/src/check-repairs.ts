import { sameKey } from './change-mode.ts';
import type { Edge } from './edge.ts';
import type { MaterializeNode } from './nodes/materialize.ts';
import type { NormalizeNode } from './nodes/normalize.ts';

/** What is wrong with a normalize between these edges, or null. */
export function normalizeProblem(node: NormalizeNode, inputs: readonly Edge[], output: Edge): string | null {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) return `it has ${inputs.length} inputs, not 1`;
  if (input.schema.fields.length !== output.schema.fields.length) return 'it changes its columns';
  if (input.changes.kind !== 'upsert' || !sameKey(input.changes.key, node.key))
    return "it takes rows that take each other's place by its key";
  if (output.changes.kind !== 'retract' || !sameKey(output.changes.key, node.key))
    return 'it gives changes with the old rows';
  return output.keys.every((key) => node.key.every((column) => key.includes(column)))
    ? null
    : 'its keys are not its own';
}

/** What is wrong with a materialize between these edges, or null. */
export function materializeProblem(
  node: MaterializeNode,
  inputs: readonly Edge[],
  output: Edge,
): string | null {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) return `it has ${inputs.length} inputs, not 1`;
  if (input.schema.fields.length !== output.schema.fields.length) return 'it changes its columns';
  if (input.changes.kind !== 'retract') return 'it takes changes with the old rows';
  if (output.changes.kind !== 'upsert' || !sameKey(output.changes.key, node.key))
    return "it gives rows that take each other's place by its key";
  return output.keys.every((key) => node.key.every((column) => key.includes(column)))
    ? null
    : 'its keys are not its own';
}
