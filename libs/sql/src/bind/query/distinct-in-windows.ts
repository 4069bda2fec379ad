import type { Field } from '@weir/columnar/sql-type.ts';
import type { GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import type { AggregateCall, FixedWindow } from '@weir/plan/nodes/window-aggregate.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { column } from '../../logical/expressions.ts';
import type { LogicalWindowAggregate } from '../../logical/nodes.ts';
import { windowTime } from './aggregate-scope.ts';
import type { AggregateInputs } from './aggregate-inputs.ts';
import { gatheringWindow } from './attached-window.ts';
import { calcNode } from './project.ts';

/**
 * `count(DISTINCT x)` in a window: first by the keys and x, then by the keys. Other aggregates are put together of those of each x: counts and sums are summed.
 * @param plain the aggregate over its input, with its keys and window; its calls are replaced
 */
export function distinctInWindow(
  plain: LogicalWindowAggregate,
  inputs: AggregateInputs,
  window: FixedWindow,
): LogicalWindowAggregate {
  const { keys, output, span } = plain;
  const value = distinctValue(inputs.calls, span);
  const others = inputs.calls.filter(({ distinct }) => !distinct);
  const field = plain.input.output[value];
  const ofValue: Field = {
    name: field?.name ?? 'value',
    type: field?.type ?? { kind: 'null' },
    nullable: true,
  };
  const partial = others.map(({ function: name, type }, index): Field => {
    return { name: `${name}${index + 1}`, type, nullable: name !== 'count' };
  });
  const times = output.slice(-2);
  const first: LogicalWindowAggregate = {
    ...plain,
    keys: [...keys, value],
    aggregates: others.map(plainCall),
    output: [...output.slice(0, keys.length), ofValue, ...partial, ...times],
  };
  const columns = first.output.slice(0, -2).map(({ name, type, nullable }, index) => ({
    name,
    value: column(index, type, nullable),
  }));
  const endPlace = first.output.length - 1;
  const end = column(endPlace, times[1]?.type ?? { kind: 'null' }, false);
  const gathered = calcNode(first, null, [...columns, { name: 'window_time', value: windowTime(end) }]);
  let next = keys.length;
  return {
    kind: 'window_aggregate',
    input: gathered,
    window: gatheringWindow(window),
    eventTime: columns.length,
    keys: keys.map((_, place) => place),
    aggregates: inputs.calls.map((call): AggregateCall => {
      if (call.distinct) return { ...plainCall(call), argument: keys.length };
      next += 1;
      const name = call.function === 'count' ? 'sum' : call.function;
      return { function: name, argument: next, filter: null, type: call.type, argumentType: call.type };
    }),
    output,
    span,
  };
}

function plainCall({ function: name, argument, filter, type, argumentType }: GroupedCall): AggregateCall {
  return { function: name, argument, filter, type, argumentType };
}

/** The one column whose values count once. */
function distinctValue(calls: readonly GroupedCall[], span: Span): number {
  const distinct = calls.filter((call) => call.distinct);
  const [value, ...more] = new Set(distinct.map(({ argument }) => argument ?? -1));
  if (value === undefined || more.length > 0) {
    const hint = 'write a query for each, and join them by the window';
    return fail('notPlanned', span, 'DISTINCT of several columns in one window is not supported yet', hint);
  }
  if (distinct.some(({ filter }) => filter !== null)) {
    const hint = 'write CASE WHEN … THEN x END as its argument, in a query of its own';
    return fail('notPlanned', span, 'DISTINCT with FILTER in a window is not supported yet', hint);
  }
  if (calls.some((call) => !call.distinct && call.function === 'avg')) {
    const hint = 'divide: sum(x) / count(x)';
    return fail('notPlanned', span, 'avg() beside DISTINCT in a window is not supported yet', hint);
  }
  return value;
}
