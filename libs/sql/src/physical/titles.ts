import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import type { LogicalSink } from '../logical/nodes.ts';

const longestTitle = 100;

export function shorten(text: string): string {
  return text.length <= longestTitle ? text : `${text.slice(0, longestTitle - 1)}…`;
}

export function sinkTitle(sink: LogicalSink): string {
  return `sink ${sink.access.table}`;
}

export function formatMicros(micros: number): string {
  return micros % 1000 === 0 ? formatDurationMs(micros / 1000) : `${micros}us`;
}

export function windowText(window: WindowSpec): string {
  if (window.kind === 'session') return `session ${formatMicros(window.gapMicros)}`;
  const offset = window.offsetMicros === 0 ? '' : ` offset ${formatMicros(window.offsetMicros)}`;
  const size = formatMicros(window.sizeMicros);
  if (window.kind === 'tumble') return `tumble ${size}${offset}`;
  if (window.kind === 'cumulate') return `cumulate ${formatMicros(window.stepMicros)} up to ${size}${offset}`;
  return `hop ${formatMicros(window.slideMicros)} of ${size}${offset}`;
}
