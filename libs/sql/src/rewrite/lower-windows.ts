import { call, column, strictCall } from '../logical/expressions.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { LogicalNode, LogicalSink, LogicalWindowAssign } from '../logical/nodes.ts';
import { literal } from '../types/constants.ts';
import { mapGraph } from './graph.ts';

/** What is left of `TABLE(TUMBLE(…))` becomes a projection that computes the window of each row; a hop stays: it has several a row. */
export function lowerWindows(sinks: readonly LogicalSink[]): LogicalSink[] {
  return mapGraph(sinks, (node) => (node.kind === 'window_assign' ? lowerWindow(node) : node));
}

function lowerWindow(node: LogicalWindowAssign): LogicalNode {
  const { window, input, eventTime, output } = node;
  if (window.kind !== 'tumble') return node;
  const micros = { kind: 'interval', unit: 'micros' } as const;
  const columns = input.output.map((field, index) => column(index, field.type, field.nullable));
  const time: Expression = columns[eventTime] ?? column(eventTime, { kind: 'null' }, true);
  const size = literal(String(window.sizeMicros), micros);
  const start = call(
    'date_bin',
    [size, time, literal(String(window.offsetMicros), time.type)],
    time.type,
    time.nullable,
  );
  const end = strictCall('add', [start, size], time.type);
  const last = strictCall('sub', [end, literal('1000', micros)], time.type);
  return { kind: 'calc', input, condition: null, projections: [...columns, start, end, last], output };
}
