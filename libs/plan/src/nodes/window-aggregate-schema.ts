import { byKind, exact, index, indexes, listOf, shapeOf, only, orNull, ref } from '../shape/shape-schema.ts';
import { aggregateFunctions } from './window-aggregate.ts';
import type { AggregateCall, WindowAggregateNode, WindowSpec } from './window-aggregate.ts';

type WindowOf<K extends WindowSpec['kind']> = Extract<WindowSpec, { readonly kind: K }>;

/** A window of no length would never end. */
const length = { ...exact, minimum: 1 };

export const windowSchema = byKind([
  shapeOf<WindowOf<'tumble'>>({ kind: only('tumble'), sizeMicros: length, offsetMicros: exact }),
  shapeOf<WindowOf<'hop'>>({
    kind: only('hop'),
    sizeMicros: length,
    slideMicros: length,
    offsetMicros: exact,
  }),
  shapeOf<WindowOf<'cumulate'>>({
    kind: only('cumulate'),
    sizeMicros: length,
    stepMicros: length,
    offsetMicros: exact,
  }),
  shapeOf<WindowOf<'session'>>({ kind: only('session'), gapMicros: length }),
]);

export const aggregateCallProperties = {
  function: only(...aggregateFunctions),
  argument: orNull(index),
  filter: orNull(index),
  type: ref('type'),
  argumentType: orNull(ref('type')),
};

export const windowAggregateSchema = shapeOf<WindowAggregateNode>({
  kind: only('window_aggregate'),
  window: windowSchema,
  eventTime: index,
  keys: indexes,
  aggregates: listOf(shapeOf<AggregateCall>(aggregateCallProperties)),
});
