import { sameType } from '@weir/columnar/sql-type.ts';
import {
  appendMode,
  keyOfMode,
  sameKey,
  sameKeys,
  sameMode,
  type ChangeMode,
  type UniqueKey,
} from './change-mode.ts';
import { expressionProblem } from './check-expression.ts';
import { materializeProblem, normalizeProblem } from './check-repairs.ts';
import { groupAggregateProblem } from './check-group-aggregate.ts';
import { joinProblem } from './check-join.ts';
import { overProblem, topNProblem } from './check-ranks.ts';
import type { Edge } from './edge.ts';
import type { Expression } from './expression.ts';
import type { CalcNode } from './nodes/calc.ts';
import type { RegularJoinNode } from './nodes/regular-join.ts';
import type { SinkNode } from './nodes/sink.ts';
import type { TimeBoundedJoinNode } from './nodes/time-bounded-join.ts';
import type { UnnestNode } from './nodes/unnest.ts';
import type { WindowAssignNode } from './nodes/window-assign.ts';
import type { WindowAggregateNode } from './nodes/window-aggregate.ts';
import type { OperatorNode } from './physical-plan.ts';

/** What is wrong with a node between these edges, or null. */
type NodeRule<N> = (node: N, inputs: readonly Edge[], output: Edge) => string | null;

const nodeRules: {
  readonly [K in OperatorNode['kind']]: NodeRule<Extract<OperatorNode, { readonly kind: K }>>;
} = {
  source: (node, inputs, output) =>
    countOf(inputs, 0) ??
    (output.changes.kind === node.changes ? null : `it gives ${node.changes}, not ${output.changes.kind}`) ??
    (output.changes.kind !== 'upsert' || sameKey(output.changes.key, node.primaryKey)
      ? null
      : 'the key of its upsert is not its primary key'),
  watermark: (node, inputs, output) =>
    countOf(inputs, 1) ??
    columnProblem(node.eventTime, inputs[0]) ??
    expressionsProblem([node.expression], inputs[0]) ??
    sameEdge(inputs[0], output),
  calc: calcRule,
  union: unionRule,
  window_assign: windowAssignRule,
  window_aggregate: windowAggregateRule,
  group_aggregate: groupAggregateProblem,
  normalize: normalizeProblem,
  materialize: materializeProblem,
  time_bounded_join: timeBoundedJoinRule,
  regular_join: regularJoinRule,
  over: overProblem,
  top_n: topNProblem,
  unnest: unnestRule,
  sink: sinkRule,
};

export function nodeProblem(node: OperatorNode, inputs: readonly Edge[], output: Edge): string | null {
  const rule = nodeRules[node.kind] as NodeRule<OperatorNode>;
  return rule(node, inputs, output);
}

/** Whether the columns that an edge names are among its own. */
export function edgeProblem(edge: Edge): string | null {
  const { schema, changes, keys } = edge;
  const named = [schema.eventTime ?? null, ...keys.flat(), ...(keyOfMode(changes) ?? [])];
  for (const column of named) {
    const problem = column === null ? null : columnProblem(column, edge);
    if (problem !== null) return problem;
  }
  const key = keyOfMode(changes);
  const stated = key === null || keys.some((each) => sameKey(each, key));
  return stated ? null : 'the key of its changes is none of its keys';
}

function countOf(inputs: readonly Edge[], count: number): string | null {
  return inputs.length === count ? null : `it has ${inputs.length} inputs, not ${count}`;
}

function columnProblem(column: number, edge: Edge | undefined): string | null {
  const count = edge?.schema.fields.length ?? 0;
  return Number.isInteger(column) && column >= 0 && column < count ? null : `there is no column ${column}`;
}

function expressionsProblem(expressions: readonly Expression[], input: Edge | undefined): string | null {
  for (const expression of expressions) {
    const problem = expressionProblem(expression, input?.schema.fields ?? []);
    if (problem !== null) return problem;
  }
  return null;
}

function sameEdge(input: Edge | undefined, output: Edge): string | null {
  if (input === undefined || input.schema.fields.length !== output.schema.fields.length)
    return "its columns are not its input's";
  const same = sameMode(input.changes, output.changes) && sameKeys(input.keys, output.keys);
  return same ? null : "its changes or its keys are not its input's";
}

function calcRule(node: CalcNode, inputs: readonly Edge[], output: Edge): string | null {
  const [input] = inputs;
  const { condition, projections } = node;
  const problem =
    countOf(inputs, 1) ??
    expressionsProblem(condition === null ? projections : [condition, ...projections], input) ??
    (projections.length === output.schema.fields.length ? null : 'it has another number of columns') ??
    (projections.every(({ type }, place) => sameType(type, output.schema.fields[place]?.type ?? type))
      ? null
      : 'its columns are of other types than its projections');
  if (problem !== null || input === undefined) return problem;
  const dropsOldRows = input.changes.kind === 'retract' && output.changes.kind === 'upsert';
  if (output.changes.kind !== input.changes.kind && !dropsOldRows)
    return `it takes ${input.changes.kind} and can't give ${output.changes.kind}`;
  // A row that leaves the filter must be deleted by what it was, which an upsert doesn't tell.
  if (input.changes.kind === 'upsert' && condition !== null) return 'it filters an upsert';
  const comesFrom = (key: UniqueKey, below: UniqueKey): boolean =>
    below.every((column) =>
      key.some((place) => {
        const projection = projections[place];
        return projection?.kind === 'column' && projection.index === column;
      }),
    );
  const [after, before] = [keyOfMode(output.changes), keyOfMode(input.changes)];
  const fits =
    output.keys.every((key) => input.keys.some((below) => comesFrom(key, below))) &&
    (after === null || (before !== null && comesFrom(after, before)));
  return fits ? null : "its keys are not made of its input's";
}

function unionRule(_: unknown, inputs: readonly Edge[], output: Edge): string | null {
  if (inputs.length === 0) return 'it has no inputs';
  if (inputs.some((input) => input.schema.fields.length !== output.schema.fields.length))
    return 'its inputs differ in their columns';
  if (inputs.some((input) => input.changes.kind === 'upsert')) return 'it would mix the keys of an upsert';
  const appends = inputs.every((input) => input.changes.kind === 'append');
  // Rows of different inputs may agree in all of their columns.
  const expected: ChangeMode = appends ? appendMode : { kind: 'retract', key: null };
  if (!sameMode(output.changes, expected)) return `it gives ${expected.kind}, not ${output.changes.kind}`;
  return output.keys.length === 0 ? null : 'a union has no key';
}

function windowAssignRule(node: WindowAssignNode, inputs: readonly Edge[], output: Edge): string | null {
  const [input] = inputs;
  const width = (input?.schema.fields.length ?? 0) + 3;
  const problem =
    countOf(inputs, 1) ??
    columnProblem(node.eventTime, input) ??
    (output.schema.fields.length === width ? null : `it has ${width} columns`);
  if (problem !== null) return problem;
  if (input?.changes.kind !== 'append' || output.changes.kind !== 'append')
    return 'a window takes and gives inserts only';
  const isKey = (key: UniqueKey): boolean =>
    (key.includes(width - 3) || key.includes(width - 2)) &&
    input.keys.some((below) => below.every((column) => key.includes(column)));
  return output.keys.every(isKey) ? null : "its keys are not its input's and the window";
}

function windowAggregateRule(
  node: WindowAggregateNode,
  inputs: readonly Edge[],
  output: Edge,
): string | null {
  const [input] = inputs;
  const used = node.aggregates.flatMap(({ argument, filter }) => [argument, filter]);
  const columns = [...node.keys, node.eventTime, ...used].filter((column) => column !== null);
  const width = node.keys.length + node.aggregates.length + 2;
  const problem =
    countOf(inputs, 1) ??
    columns.map((column) => columnProblem(column, input)).find((found) => found !== null) ??
    (output.schema.fields.length === width ? null : `it has ${width} columns`);
  if (problem !== null) return problem;
  if (input?.changes.kind !== 'append') return 'a window takes inserts only';
  if (output.changes.kind !== 'append') return 'a window gives inserts only';
  const isKey = (key: UniqueKey): boolean =>
    node.keys.every((_, place) => key.includes(place)) &&
    (key.includes(width - 2) || key.includes(width - 1));
  return output.keys.every(isKey) ? null : 'its keys are not what it groups by and the window';
}

function timeBoundedJoinRule(
  node: TimeBoundedJoinNode,
  inputs: readonly Edge[],
  output: Edge,
): string | null {
  const problem =
    joinProblem(node, inputs, output) ??
    columnProblem(node.leftUntil, inputs[0]) ??
    columnProblem(node.rightUntil, inputs[1]);
  if (problem !== null) return problem;
  const appends = [...inputs, output].every(({ changes }) => changes.kind === 'append');
  return appends ? null : 'a join by time takes and gives inserts only';
}

function regularJoinRule(node: RegularJoinNode, inputs: readonly Edge[], output: Edge): string | null {
  const problem = joinProblem(node, inputs, output);
  if (problem !== null) return problem;
  if (inputs.some(({ changes }) => changes.kind === 'upsert')) return 'it takes an upsert';
  const grows = inputs.every(({ changes }) => changes.kind === 'append');
  const onlyGrows = grows && (node.style === 'inner' || node.style === 'semi');
  return onlyGrows === (output.changes.kind === 'append') ? null : 'it gives what its inputs do not make';
}

function unnestRule(node: UnnestNode, inputs: readonly Edge[], output: Edge): string | null {
  const [input] = inputs;
  const type = input?.schema.fields[node.column]?.type;
  if (inputs.length !== 1 || input === undefined || (type?.kind !== 'list' && type?.kind !== 'map'))
    return 'it unnests what is no list or map';
  const width = input.schema.fields.length + (type.kind === 'list' ? 1 : 2) + (node.ordinality ? 1 : 0);
  if (output.schema.fields.length !== width) return `it has ${width} columns`;
  if (input.changes.kind === 'upsert') return 'it takes an upsert';
  return input.changes.kind === output.changes.kind ? null : `it gives ${input.changes.kind}`;
}

function sinkRule(node: SinkNode, inputs: readonly Edge[], output: Edge): string | null {
  const [input] = inputs;
  const problem =
    countOf(inputs, 1) ??
    sameEdge(input, output) ??
    (node.primaryKey.every((column) => columnProblem(column, output) === null)
      ? null
      : 'its primary key is not among its columns');
  if (problem !== null) return problem;
  const { changes } = output;
  if (changes.kind === 'append' || node.changes === 'any') return null;
  if (node.changes !== changes.kind) return `its table takes ${node.changes}, it is given ${changes.kind}`;
  if (changes.kind === 'upsert' && !sameColumns(changes.key, node.primaryKey))
    return 'the key of the upsert is not the primary key of its table';
  return null;
}

function sameColumns(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((column) => b.includes(column));
}
