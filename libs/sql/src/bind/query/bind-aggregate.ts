import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import type { Identifier } from '../../ast/identifier.ts';
import type { Select } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { column, replaceColumns, sameExpression } from '../../logical/expressions.ts';
import type { Span } from '../../lex/span.ts';
import type { LogicalNode, LogicalWindowAggregate } from '../../logical/nodes.ts';
import type { Relation } from '../../logical/relation.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { asBoolean } from '../expression/operand.ts';
import { AggregateScope, windowEndPlace, windowStartPlace, windowTime } from './aggregate-scope.ts';
import { bypassWindowTable, gatheringWindow, startOfWindow, uses } from './attached-window.ts';
import { AggregateInputs, type AggregateParts } from './aggregate-inputs.ts';
import { Attempts } from './attempts.ts';
import { spreadDistinct } from './distinct-in-window.ts';
import { expandSets, setKey } from './grouping-sets.ts';
import { groupAggregate } from './updating-aggregate.ts';
import { type GroupWindow, readGroupBy } from './group-by.ts';
import { calcNode, columnAt, columnsOf, type Output } from './project.ts';
import type { QueryPlace } from './query-place.ts';
import { outputName } from './select-outputs.ts';
import { windowKind } from './window-spec.ts';

/** SELECT with GROUP BY: a projection of keys and arguments, the aggregate, a projection of its results. */
export function bindAggregate(
  select: Select,
  input: Relation,
  condition: Expression | null,
  place: QueryPlace,
): Relation {
  const attempts = new Attempts(place.report);
  const read = readGroupBy(select, input, attempts);
  const grouping = read.sets === null ? read : { ...read, keys: [...read.keys, setKey] };
  const timeIndex = grouping.window?.via === 'attached' ? input.window?.time : input.eventTime;
  const timeType = input.columns[timeIndex ?? -1]?.type ?? { kind: 'timestamp', precision: 6, zoned: false };
  const scope = new AggregateScope(input, grouping, windowNames(select), timeType);
  const items = select.items.flatMap((item, index) => {
    const output = attempts.try((): Output => {
      if (item.value.kind === 'star') {
        fail('starNotAllowed', item.span, "* doesn't go with GROUP BY", 'name the columns that it groups by');
      }
      const value = bindExpression(item.value, scope.place);
      scope.refuseFailing([value]);
      return { name: item.alias?.name ?? outputName(item.value, index), value };
    });
    return output ?? [];
  });
  const { having } = select;
  const filter = having === null ? null : attempts.try(() => bindHaving(having, scope));
  attempts.finish();
  const expanded = read.sets === null ? null : expandSets(input, condition, read.keys, read.sets);
  const parts = {
    input: expanded?.input ?? input,
    condition: expanded === null ? condition : null,
    keys: expanded?.keys ?? grouping.keys,
    calls: scope.aggregates,
    items,
    having: filter ?? null,
  };
  const { window } = grouping;
  if (window === null) return groupAggregate(parts, select.span);
  if (timeIndex === undefined || timeIndex === null)
    return fail('noEventTime', select.span, 'there is no event time');
  const windowed = { ...parts, window, timeIndex, timeType };
  return scope.aggregates.some(({ distinct }) => distinct)
    ? distinctInWindow(windowed, select.span)
    : windowAggregate(windowed);
}

/** The second aggregate gathers the rows of the first by their window. */
function distinctInWindow(parts: WindowParts, span: Span): Relation {
  const { spec } = parts.window;
  if (spec.kind === 'session') {
    const hint = 'count a first query that groups by the column as well';
    return fail('notPlanned', span, 'DISTINCT aggregates of a session are not supported yet', hint);
  }
  const { inner, outer } = spreadDistinct(parts, span);
  const groups = windowAggregate({ ...parts, ...inner });
  const timeIndex = groups.window?.time;
  if (timeIndex === undefined) return fail('noEventTime', span, 'there is no event time');
  return windowAggregate({
    ...outer(groups),
    window: { ...parts.window, via: 'attached' },
    timeIndex,
    timeType: parts.timeType,
  });
}

function bindHaving(having: NonNullable<Select['having']>, scope: AggregateScope): Expression {
  const value = bindExpression(having, scope.place);
  scope.refuseFailing([value]);
  return asBoolean({ value, span: having.span }, 'the HAVING condition');
}

/** Aliases of the window in the select list, so that `w.start` can stand beside `tumble(…) AS w`. */
function windowNames(select: Select): Identifier[] {
  return select.items.flatMap(({ value, alias }) =>
    alias !== null && value.kind === 'call' && windowKind(value) !== undefined ? [alias] : [],
  );
}

interface WindowParts extends AggregateParts {
  readonly window: GroupWindow;
  readonly timeIndex: number;
  readonly timeType: SqlType;
}

function windowAggregate(parts: WindowParts): Relation {
  const { timeType } = parts;
  const inputs = new AggregateInputs(parts);
  const source = windowSource(parts, inputs);
  const eventTime = inputs.place(source.time);
  const output: Field[] = [
    ...inputs.fields(),
    { name: 'window_start', type: timeType, nullable: false },
    { name: 'window_end', type: timeType, nullable: false },
  ];
  const node: LogicalWindowAggregate = {
    kind: 'window_aggregate',
    input: calcNode(source.node, parts.condition, inputs.columns),
    window: source.window,
    eventTime,
    keys: inputs.keys,
    aggregates: inputs.plainCalls,
    output,
    span: parts.window.span,
  };
  return projectAggregate(parts, node, source.startOf);
}

interface WindowSource {
  readonly node: LogicalNode;
  readonly time: Expression;
  readonly window: WindowSpec;
  /** window_start by window_end, when the aggregate's own window_start says nothing. */
  readonly startOf: ((end: Expression) => Expression) | null;
}

/** Where the rows' time comes from, and which windows the aggregate makes of it. */
function windowSource(parts: WindowParts, inputs: AggregateInputs): WindowSource {
  const { input, timeIndex, condition } = parts;
  const { spec, via } = parts.window;
  const plain = { node: input.node, time: columnAt(input, timeIndex), startOf: null };
  if (via === 'event_time') return { ...plain, window: spec };
  const bypass = bypassWindowTable(input.node, timeIndex);
  const used = [...inputs.columns.map(({ value }) => value), ...(condition === null ? [] : [condition])];
  if (bypass !== undefined && !used.some((value) => uses(value, bypass.lost))) {
    const field = bypass.node.output[bypass.time];
    const type = field?.type ?? parts.timeType;
    if (spec.kind === 'session') checkPartition(parts, bypass.partition);
    return {
      node: bypass.node,
      time: column(bypass.time, type, field?.nullable ?? true),
      window: spec,
      startOf: null,
    };
  }
  if (spec.kind === 'session') {
    const hint = 'a session belongs to the keys that it was made for: aggregate it once';
    return fail(
      'notPlanned',
      parts.window.span,
      'grouping by a session that is made already is not supported yet',
      hint,
    );
  }
  const startOf = spec.kind === 'tumble' ? null : (end: Expression) => startOfWindow(spec, end);
  return { ...plain, window: gatheringWindow(spec), startOf };
}

/** Sessions are made by the keys of GROUP BY: those must be the columns of PARTITION BY. */
function checkPartition({ keys, window }: WindowParts, partition: readonly number[] | null): void {
  const grouped = keys.flatMap((key) => (key.kind === 'column' ? [key.index] : []));
  const same =
    partition !== null &&
    grouped.length === keys.length &&
    partition.length === new Set(grouped).size &&
    partition.every((index) => grouped.includes(index));
  if (same) return;
  const hint = 'GROUP BY exactly the columns of PARTITION BY, and window_start, window_end';
  fail(
    'notPlanned',
    window.span,
    'sessions of other keys than the query groups by are not supported yet',
    hint,
  );
}

/** The select list over the aggregate's output, with the window kept for a query around this one. */
function projectAggregate(
  parts: WindowParts,
  node: LogicalWindowAggregate,
  startOf: WindowSource['startOf'],
): Relation {
  const endIndex = node.output.length - 1;
  const end = column(endIndex, parts.timeType, false);
  const start = startOf === null ? column(endIndex - 1, parts.timeType, false) : startOf(end);
  const settle = (value: Expression): Expression =>
    replaceColumns(value, (reference) => {
      if (reference.index === windowStartPlace) return start;
      return reference.index === windowEndPlace ? end : reference;
    });
  const outputs: Output[] = parts.items.map((item) => ({ ...item, value: settle(item.value) }));
  const keep = (name: string, value: Expression): number => {
    const known = outputs.findIndex((item) => sameExpression(item.value, value));
    return known >= 0 ? known : outputs.push({ name, value, hidden: true }) - 1;
  };
  const struct = outputs.findIndex(({ value }) => isStructOf(value, start, end));
  const window = {
    spec: parts.window.spec,
    start: keep('$start', start),
    end: keep('$end', end),
    time: keep('$time', windowTime(end)),
    ...(struct < 0 ? {} : { struct }),
  };
  const having = parts.having === null ? null : settle(parts.having);
  return {
    node: calcNode(node, having, outputs),
    columns: columnsOf(outputs),
    eventTime: window.time,
    window,
    title: 'this query',
  };
}

function isStructOf(value: Expression, start: Expression, end: Expression): boolean {
  if (value.kind !== 'call' || value.function !== 'struct') return false;
  const [first, second, ...more] = value.arguments;
  if (first === undefined || second === undefined || more.length > 0) return false;
  return sameExpression(first, start) && sameExpression(second, end);
}
