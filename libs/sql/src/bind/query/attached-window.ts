import { visitColumns } from '@weir/plan/expression-parts.ts';
import type { FixedWindow, WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { call, column, strictCall } from '../../logical/expressions.ts';
import type { LogicalNode } from '../../logical/nodes.ts';
import { literal, nullLiteral } from '../../types/constants.ts';

/**
 * A chain of projections over `TABLE(TUMBLE(…))`, built anew without the window columns and with the time column itself at its end: then
 * the aggregate makes the windows, and no row is multiplied by a hop.
 */
export interface Bypassed {
  readonly node: LogicalNode;
  /** Index of the event time in `node`. */
  readonly time: number;
  /** Columns that held something of the window and must not be used any more. */
  readonly lost: ReadonlySet<number>;
  /** Of a session: its partition's columns in `node`; null: it was not one, or one of them is lost. */
  readonly partition: readonly number[] | null;
}

/** `time` is the index of window_time. Undefined where the window was not made by a window table just below. */
export function bypassWindowTable(node: LogicalNode, time: number): Bypassed | undefined {
  if (node.kind === 'window_assign') {
    const width = node.input.output.length;
    if (time !== width + 2) return undefined;
    const lost = new Set([width, width + 1, width + 2]);
    return { node: node.input, time: node.eventTime, lost, partition: node.partition ?? null };
  }
  if (node.kind !== 'calc') return undefined;
  const origin = node.projections[time];
  if (origin?.kind !== 'column') return undefined;
  const below = bypassWindowTable(node.input, origin.index);
  if (below === undefined) return undefined;
  if (node.condition !== null && uses(node.condition, below.lost)) return undefined;
  const lost = new Set<number>();
  const projections = node.projections.map((projection, index): Expression => {
    if (!uses(projection, below.lost)) return projection;
    lost.add(index);
    return nullLiteral(projection.type);
  });
  const field = below.node.output[below.time];
  if (field === undefined) return undefined;
  const calc: LogicalNode = {
    ...node,
    input: below.node,
    projections: [...projections, column(below.time, field.type, field.nullable)],
    output: [...node.output, field],
  };
  const partition = below.partition?.map((index) =>
    projections.findIndex((value) => value.kind === 'column' && value.index === index),
  );
  const known = partition === undefined || partition.includes(-1) ? null : partition;
  return { node: calc, time: projections.length, lost, partition: known };
}

export function uses(expression: Expression, columns: ReadonlySet<number>): boolean {
  let found = false;
  visitColumns(expression, (index) => {
    found ||= columns.has(index);
  });
  return found;
}

/**
 * The window that gathers rows which carry window_time (end - 1 ms) by their windows: a tumbling one whose ends are the windows' ends. It is as long as
 * they lie apart, so of all but tumbling ones its start says nothing.
 */
export function gatheringWindow(spec: FixedWindow): WindowSpec {
  if (spec.kind === 'tumble') return spec;
  const { sizeMicros, offsetMicros } = spec;
  const apart = spec.kind === 'hop' ? spec.slideMicros : spec.stepMicros;
  return { kind: 'tumble', sizeMicros: apart, offsetMicros: (offsetMicros + sizeMicros) % apart };
}

/** window_start of a window that ends then. */
export function startOfWindow(spec: FixedWindow, end: Expression): Expression {
  const micros = (value: number): Expression => literal(String(value), { kind: 'interval', unit: 'micros' });
  if (spec.kind !== 'cumulate') return strictCall('sub', [end, micros(spec.sizeMicros)], end.type);
  const inside = strictCall('sub', [end, micros(1)], end.type);
  const origin = literal(String(spec.offsetMicros), end.type);
  return call('date_bin', [micros(spec.sizeMicros), inside, origin], end.type, false);
}
