import { bigintType, sameType } from '@weir/columnar/sql-type.ts';
import type { Edge } from './edge.ts';
import type { OverNode } from './nodes/over.ts';
import type { TopNNode } from './nodes/top-n.ts';

function missingColumn(columns: readonly (number | null)[], input: Edge): string | null {
  const count = input.schema.fields.length;
  const missing = columns.find((column) => column !== null && (column < 0 || column >= count));
  return missing === undefined ? null : `there is no column ${missing}`;
}

/** The input's columns, unchanged, stand first. */
function keepsColumns(input: Edge, output: Edge): boolean {
  return input.schema.fields.every(({ type }, place) => {
    const field = output.schema.fields[place];
    return field !== undefined && sameType(field.type, type);
  });
}

/** What is wrong with a Top-N between these edges, or null. */
export function topNProblem(node: TopNNode, inputs: readonly Edge[], output: Edge): string | null {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) return `it has ${inputs.length} inputs, not 1`;
  const columns = [...node.partition, ...node.order.map(({ column }) => column), node.time];
  const missing = missingColumn(columns, input);
  if (missing !== null) return missing;
  const width = input.schema.fields.length;
  if (output.schema.fields.length !== width + (node.rank ? 1 : 0) || !keepsColumns(input, output))
    return "its columns are not its input's";
  const rank = output.schema.fields[width];
  if (node.rank && (rank === undefined || !sameType(rank.type, bigintType))) return 'a rank is a BIGINT';
  if ((node.emit === 'updates') !== (node.time === null)) return 'it has no time to wait for';
  const takes = node.emit === 'updates' ? ['append', 'retract'] : ['append'];
  if (!takes.includes(input.changes.kind)) return `it does not take ${input.changes.kind}`;
  const gives = node.emit === 'updates' ? 'updates' : 'inserts';
  return (output.changes.kind === 'append') === (gives === 'inserts') ? null : `it gives ${gives}`;
}

/** What is wrong with an OVER between these edges, or null. */
export function overProblem(node: OverNode, inputs: readonly Edge[], output: Edge): string | null {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) return `it has ${inputs.length} inputs, not 1`;
  const used = node.calls.map(({ argument }) => argument);
  const order = node.order.map(({ column }) => column);
  const missing = missingColumn([...node.partition, ...order, ...used, node.time], input);
  if (missing !== null) return missing;
  const width = input.schema.fields.length;
  if (output.schema.fields.length !== width + node.calls.length || !keepsColumns(input, output))
    return "its columns are not its input's";
  const appends = input.changes.kind === 'append' && output.changes.kind === 'append';
  return appends ? null : 'it takes and gives inserts only';
}
