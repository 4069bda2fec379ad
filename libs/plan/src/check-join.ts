import { sameType } from '@weir/columnar/sql-type.ts';
import { expressionProblem } from './check-expression.ts';
import type { Edge } from './edge.ts';
import type { JoinParts } from './nodes/join.ts';

/** What is wrong with the columns that a join names between these edges, or null. */
export function joinProblem(node: JoinParts, inputs: readonly Edge[], output: Edge): string | null {
  const [left, right] = inputs;
  if (left === undefined || right === undefined || inputs.length !== 2)
    return `it has ${inputs.length} inputs, not 2`;
  const [ours, theirs] = [left.schema.fields, right.schema.fields];
  const { leftKeys, rightKeys, nullSafe, condition, columns, style } = node;
  if (leftKeys.length !== rightKeys.length || leftKeys.length !== nullSafe.length)
    return 'its keys are not in pairs';
  for (const [index, key] of leftKeys.entries()) {
    const [a, b] = [ours[key], theirs[rightKeys[index] ?? -1]];
    if (a === undefined || b === undefined) return 'its keys are not among its columns';
    if (!sameType(a.type, b.type)) return 'its keys are of two types';
  }
  const both = [...ours, ...theirs];
  const inCondition = condition === null ? null : expressionProblem(condition, both);
  if (inCondition !== null) return inCondition;
  if (condition !== null && condition.type.kind !== 'boolean') return 'its condition is no BOOLEAN';
  const visible = style === 'semi' || style === 'anti' ? ours : both;
  const fields = output.schema.fields;
  if (columns.length !== fields.length) return 'it has another number of columns';
  const fits = columns.every((place, index) => {
    const [from, to] = [visible[place], fields[index]];
    return from !== undefined && to !== undefined && sameType(from.type, to.type);
  });
  return fits ? null : "its columns are not its inputs'";
}
