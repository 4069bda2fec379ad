import type { Span } from '../../lex/span.ts';
import type { LogicalGroupAggregate } from '../../logical/nodes.ts';
import type { Relation } from '../../logical/relation.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { shownType } from '../../types/shown-type.ts';
import { AggregateInputs, type AggregateParts } from './aggregate-inputs.ts';
import { calcNode, columnsOf, visibleOutputs } from './project.ts';

/** Aggregates for all time: their results are updated. */
export function groupAggregate(parts: AggregateParts, span: Span): Relation {
  const inputs = new AggregateInputs(parts);
  const node: LogicalGroupAggregate = {
    kind: 'group_aggregate',
    input: calcNode(parts.input.node, parts.condition, inputs.columns),
    keys: inputs.keys,
    aggregates: inputs.calls,
    output: inputs.fields(),
    span,
  };
  return {
    node: calcNode(node, parts.having, parts.items),
    columns: columnsOf(parts.items),
    eventTime: null,
    window: null,
    title: 'this query',
  };
}

/** Each row of a query once: SELECT DISTINCT, UNION. Event time stays where the query shows it. */
export function distinctRows(relation: Relation, span: Span): Relation {
  const outputs = visibleOutputs(relation);
  for (const { name, value } of outputs) {
    if (['struct', 'list', 'map', 'json'].includes(value.type.kind)) {
      const message = `DISTINCT can't tell rows apart by column '${name}' of type ${shownType(value.type)}`;
      fail('typeMismatch', span, message, 'select scalars of it');
    }
  }
  const input = calcNode(relation.node, null, outputs);
  const { eventTime } = relation;
  const time = outputs.findIndex(({ value }) => value.kind === 'column' && value.index === eventTime);
  return {
    node: {
      kind: 'group_aggregate',
      input,
      keys: outputs.map((_, index) => index),
      aggregates: [],
      output: input.output,
      span,
    },
    columns: columnsOf(outputs),
    eventTime: time < 0 ? null : time,
    window: null,
    title: relation.title,
  };
}
