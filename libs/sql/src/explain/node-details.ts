import { isVariable } from '../redact-sql.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import type { CalcNode } from '@weir/plan/nodes/calc.ts';
import type { JoinParts } from '@weir/plan/nodes/join.ts';
import type { TimeBoundedJoinNode } from '@weir/plan/nodes/time-bounded-join.ts';
import type { OperatorNode } from '@weir/plan/physical-plan.ts';
import type { TableAccess } from '@weir/plan/table-spec.ts';
import { formatMicros } from '../physical/titles.ts';
import { expressionText } from './expression-text.ts';

/** Around the node whose details are written. */
export interface NodeContext {
  readonly output: readonly Field[];
  /** Columns of one of its inputs. */
  readonly input: (index: number) => readonly Field[];
  readonly verbose: boolean;
}

type DetailsTable = {
  readonly [K in OperatorNode['kind']]: (
    node: Extract<OperatorNode, { readonly kind: K }>,
    context: NodeContext,
  ) => readonly string[];
};

const detailsTable: DetailsTable = {
  source: (node, context) => [
    `connector ${node.connector}, columns: ${columnText(context.output) || 'none'}`,
    'state: the next offset of each partition',
    ...(context.verbose ? optionLines(node) : []),
  ],
  watermark: ({ idleTimeMs }) => [
    `state: the watermark of each partition; idle after ${formatDurationMs(idleTimeMs)}`,
  ],
  window_aggregate: ({ window }) => [
    window.kind === 'session'
      ? `state: one entry a key and session, dropped once the watermark is ${formatMicros(window.gapMicros)} above its last row`
      : `state: one entry a key and window, dropped once the watermark passes the window's end (${formatMicros(window.sizeMicros)})`,
  ],
  group_aggregate: ({ keys, aggregates, ttlMs }) => {
    const record = keys.length === 0 ? 'one record' : 'a record a key';
    const kept = keptText(keys.length === 0 ? 0 : ttlMs);
    const distinct = new Set(aggregates.flatMap((call) => (call.distinct ? [call.argument] : []))).size;
    const values = distinct === 0 ? '' : `, and one a distinct value`;
    return [`state: ${record}${values}, ${kept}`];
  },
  normalize: ({ ttlMs }) => [`state: the last row of each key, ${keptText(ttlMs)}`],
  materialize: ({ ttlMs }) => [`state: all rows of each key, ${keptText(ttlMs)}`],
  sink: (node, context) => [
    `connector ${node.connector}, columns: ${columnText(context.output)}`,
    ...(context.verbose ? optionLines(node) : []),
  ],
  time_bounded_join: (node, context) => [
    ...joinLines(node, context),
    `state: each row until the other side's watermark is above ${untilText(node, context)}`,
  ],
  regular_join: (node, context) => [
    ...joinLines(node, context),
    `state: the rows of both sides by key${lifetimeText(node.ttlMs)}`,
  ],
  over: ({ emit }) => [
    emit === 'window'
      ? 'state: the rows of each window, until the watermark has reached its end'
      : 'state: rows until the watermark is above them, and those that frames of later ones reach back to',
  ],
  top_n: ({ emit, limit, ttlMs }) => [
    emit === 'updates'
      ? `state: the first ${limit} rows of each partition${lifetimeText(ttlMs)}`
      : emit === 'window'
        ? `state: the first ${limit} rows of each partition, until the watermark has reached the window's end`
        : `state: the first row of each partition${lifetimeText(ttlMs)}`,
  ],
  unnest: () => [],
  window_assign: () => [],
  calc: (node, context) => (context.verbose ? calcLines(node, context) : []),
  union: () => [],
};

function lifetimeText(ttlMs: number): string {
  return ttlMs === 0 ? ', for ever' : `, each for ${formatDurationMs(ttlMs)} after its last change`;
}

function joinLines({ condition }: JoinParts, { input }: NodeContext): string[] {
  return condition === null ? [] : [`where ${expressionText(condition, [...input(0), ...input(1)])}`];
}

/** Until when the left and the right rows can match. */
function untilText({ leftUntil, rightUntil }: TimeBoundedJoinNode, { input }: NodeContext): string {
  const names = [input(0)[leftUntil]?.name ?? '?', input(1)[rightUntil]?.name ?? '?'];
  return `${names[0]} (left), ${names[1]} (right)`;
}

/** What EXPLAIN says below an operator's title: its columns, the state it keeps and for how long; `verbose`: its options and expressions. */
export function nodeDetails(node: OperatorNode, context: NodeContext): string[] {
  const details = detailsTable[node.kind] as (node: OperatorNode, context: NodeContext) => readonly string[];
  return [...details(node, context)];
}

function keptText(ttlMs: number): string {
  return ttlMs === 0 ? 'for ever' : `${formatDurationMs(ttlMs)} after its last change`;
}

function columnText(fields: readonly Field[]): string {
  return fields.map(({ name, type }) => `${name} ${formatType(type)}`).join(', ');
}

/** Secrets are shown where they are one `{{ VARIABLE }}` only. */
function optionLines(access: TableAccess): string[] {
  return Object.entries(access.options).map(([key, value]) => {
    const secret = access.secrets.includes(key) && !isVariable(value);
    return `option ${key} = '${secret ? '***' : value}'`;
  });
}

function calcLines(node: CalcNode, { input, output }: NodeContext): string[] {
  const fields = input(0);
  const lines = node.condition === null ? [] : [`filter ${expressionText(node.condition, fields)}`];
  return [
    ...lines,
    ...node.projections.map((projection, index) => {
      const field = output[index];
      const type = field === undefined ? '' : ` ${formatType(field.type)}`;
      return `${field?.name ?? index}${type} = ${expressionText(projection, fields)}`;
    }),
  ];
}
