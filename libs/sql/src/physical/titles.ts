import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import { expressionText } from '../explain/expression-text.ts';
import type { LogicalNode, LogicalSink } from '../logical/nodes.ts';

const longestTitle = 100;

/** What an operator does, for people: in EXPLAIN, in `weir status`, in traces. */
export function titleOf(node: LogicalNode): string {
  switch (node.kind) {
    case 'scan':
      return `source ${node.table}`;
    case 'calc':
      return calcTitle(node);
    case 'watermark': {
      const name = node.output[node.eventTime]?.name ?? 'time';
      if (node.delayMicros === 0) return `watermark ${name}`;
      if (node.delayMicros !== null) return `watermark ${name} - ${formatMicros(node.delayMicros)}`;
      return `watermark ${expressionText(node.expression, node.input.output)}`;
    }
    case 'window_aggregate': {
      const names = node.keys.map((index) => node.input.output[index]?.name ?? '?');
      const aggregates = node.aggregates.map((aggregate) => {
        const argument =
          aggregate.argument === null ? '*' : (node.input.output[aggregate.argument]?.name ?? '?');
        return `${aggregate.function}(${argument})`;
      });
      const by = names.length === 0 ? '' : ` by ${names.join(', ')}`;
      return shorten(`${windowText(node.window)} ${aggregates.join(', ')}${by}`);
    }
    case 'union':
      return `union of ${node.inputs.length}`;
    case 'window_assign':
      return windowText(node.window);
  }
}

function calcTitle(node: Extract<LogicalNode, { kind: 'calc' }>): string {
  const fields = node.input.output;
  const filter = node.condition === null ? '' : `filter ${expressionText(node.condition, fields)}`;
  const computed = node.projections.map((projection, index) => {
    const text = expressionText(projection, fields);
    const name = node.output[index]?.name;
    return name === undefined || name === text ? text : `${text} AS ${name}`;
  });
  const project = `project ${computed.join(', ')}`;
  return shorten(filter === '' ? project : `${shorten(filter)}, ${project}`);
}

function shorten(text: string): string {
  return text.length <= longestTitle ? text : `${text.slice(0, longestTitle - 1)}…`;
}

export function sinkTitle(sink: LogicalSink): string {
  return `sink ${sink.table}`;
}

export function formatMicros(micros: number): string {
  return micros % 1000 === 0 ? formatDurationMs(micros / 1000) : `${micros}us`;
}

export function windowText(window: WindowSpec): string {
  const offset = window.offsetMicros === 0 ? '' : ` offset ${formatMicros(window.offsetMicros)}`;
  const size = formatMicros(window.sizeMicros);
  if (window.kind === 'tumble') return `tumble ${size}${offset}`;
  return `hop ${formatMicros(window.slideMicros)} of ${size}${offset}`;
}
