import type { Field } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type { Argument, CallExpr, Expr } from '../../ast/query.ts';
import { formatName, type Identifier } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Relation, RelationColumn } from '../../logical/relation.ts';
import { recordTimeColumn } from '../../logical/record-time.ts';
import { sameTime } from '../../logical/same-time.ts';
import { resolveName } from '../scope.ts';
import type { QueryPlace } from './query-place.ts';
import { renameColumns } from './rename-columns.ts';
import { windowKind, windowSpec, type WindowKind } from './window-spec.ts';

/** Arguments of `TUMBLE(TABLE t, DESCRIPTOR(ts), size [, offset])`, by place or by name. */
interface WindowArguments {
  readonly data: Extract<Argument, { kind: 'table' }>;
  readonly time: Extract<Argument, { kind: 'descriptor' }>;
  readonly sizes: readonly Expr[];
}

const parameterNames = {
  tumble: ['data', 'timecol', 'size', 'offset'],
  hop: ['data', 'timecol', 'slide', 'size', 'offset'],
  cumulate: ['data', 'timecol', 'step', 'size', 'offset'],
  session: ['data', 'timecol', 'gap'],
} as const;

/** `TABLE(TUMBLE(…))`, `TABLE(HOP(…))`: the table's columns, then window_start, window_end, window_time. */
export function bindWindowTable(call: CallExpr, place: QueryPlace): Relation {
  const kind = windowKind(call);
  if (kind === undefined) {
    const name = formatName(call.name);
    const hint = suggest(name, ['tumble', 'hop', 'cumulate', 'session'], 'table functions');
    return fail('unknownFunction', call.name.span, `there is no table function ${name}()`, hint);
  }
  const { data, time, sizes } = argumentsOf(call, kind);
  const input = inputOf(data, place);
  const window = windowSpec(kind, sizes, call.span);
  const eventTime = eventTimeOf(input, time);
  const timeColumn = input.columns[eventTime];
  const type = timeColumn?.type ?? { kind: 'timestamp', precision: 6, zoned: false };
  const names = ['window_start', 'window_end', 'window_time'];
  const added = names.map((name): RelationColumn => ({ name, qualifier: null, type, nullable: false }));
  const fields = names.map((name): Field => ({ name, type, nullable: false }));
  const width = input.columns.length;
  return {
    node: {
      kind: 'window_assign',
      input: input.node,
      window,
      eventTime,
      ...(kind === 'session' ? { partition: partitionOf(data, input) } : {}),
      span: call.span,
      output: [...input.node.output, ...fields],
    },
    columns: [...input.columns, ...added],
    eventTime,
    window: { spec: window, start: width, end: width + 1, time: width + 2 },
    title: input.title,
  };
}

/** `TABLE t PARTITION BY a, b` */
function partitionOf(data: WindowArguments['data'], input: Relation): number[] {
  return data.partitionBy.map((expr) => {
    const value = expr.kind === 'name' ? resolveName(input, expr.parts) : undefined;
    if (value?.kind === 'column') return value.index;
    return fail('badWindow', expr.span, 'PARTITION BY of a window names columns');
  });
}

function argumentsOf(call: CallExpr, kind: WindowKind): WindowArguments {
  const name = formatName(call.name).toUpperCase();
  const usage = `${name}(TABLE t, DESCRIPTOR(ts), ${parameterNames[kind]
    .slice(2)
    .filter((each) => each !== 'offset')
    .join(', ')})`;
  const byName = new Map<string, Argument>();
  for (const [index, argument] of call.arguments.entries()) {
    const key = argument.kind === 'named' ? argument.name.name.toLowerCase() : parameterNames[kind][index];
    if (key === undefined || !parameterNames[kind].some((known) => known === key)) {
      const shown = argument.kind === 'named' ? argument.name.name : `argument ${index + 1}`;
      fail('badWindow', argument.span, `${name}() has no ${shown}`, `write ${usage}`);
    }
    byName.set(key, asTable(argument.kind === 'named' ? argument.value : argument));
  }
  const data = byName.get('data');
  const time = byName.get('timecol');
  if (data?.kind !== 'table' || time?.kind !== 'descriptor') {
    const wrong = data?.kind !== 'table' ? data : time;
    return fail(
      'badWindow',
      wrong?.span ?? call.span,
      `${name}() takes a table, its time column and sizes`,
      `write ${usage}`,
    );
  }
  const sizes = parameterNames[kind].slice(2).flatMap((key) => {
    const argument = byName.get(key);
    if (argument === undefined) return [];
    if (argument.kind === 'value') return [argument.value];
    return fail('badWindow', argument.span, `the ${key} of ${name}() must be an interval`);
  });
  return { data, time, sizes };
}

/** `(SELECT …)` stands for a table, too. */
function asTable(argument: Argument): Argument {
  if (argument.kind !== 'value' || argument.value.kind !== 'subquery') return argument;
  return { kind: 'table', table: argument.value.query, partitionBy: [], span: argument.span };
}

function inputOf(data: Extract<Argument, { kind: 'table' }>, place: QueryPlace): Relation {
  if ('kind' in data.table) return { ...place.query(data.table, place), title: 'the subquery' };
  const own = data.table.parts.at(-1)?.name ?? formatName(data.table);
  return renameColumns({ ...place.table(data.table), title: own }, own, []);
}

function eventTimeOf(input: Relation, descriptor: Extract<Argument, { kind: 'descriptor' }>): number {
  const [name, ...others] = descriptor.columns;
  if (name === undefined || others.length > 0) {
    return fail('badWindow', descriptor.span, 'DESCRIPTOR names one column: the event time');
  }
  return checkEventTime(input, [name]);
}

/** The event-time column by name: it must be the one that the watermark is for. */
export function checkEventTime(input: Relation, parts: readonly Identifier[]): number {
  const resolved = resolveName(input, parts);
  const span = parts[0]?.span ?? { start: 0, end: 0 };
  const name = parts.map((part) => part.name).join('.');
  if (resolved.type.kind !== 'timestamp') {
    fail('badEventTime', span, `'${name}' is ${formatType(resolved.type)}; a window needs a TIMESTAMP`);
  }
  const time = input.eventTime === null ? undefined : input.columns[input.eventTime];
  if (input.eventTime === null || time?.name === recordTimeColumn) {
    const hint = `add WATERMARK FOR ${name} to the table that it comes from`;
    return fail('noEventTime', span, `'${name}' has no watermark, so its windows would never end`, hint);
  }
  const { window, node, eventTime } = input;
  const times = window === null ? [eventTime] : [eventTime, window.time];
  if (resolved.kind !== 'column' || !times.some((index) => sameTime(node, resolved.index, index))) {
    const expected = input.columns[input.eventTime];
    const hint = expected?.hidden === true ? undefined : `the watermark is for ${expected?.name}`;
    return fail('badEventTime', span, `'${name}' is not the event time of ${input.title}`, hint);
  }
  return resolved.index;
}
