import { exact, index, indexes, listOf, only, orNull, ref, shapeOf } from '../shape/shape-schema.ts';
import type { OverCall, OverFrame, OverNode } from './over.ts';
import { sortOrders } from './top-n-schema.ts';

const functions = [
  ...['count', 'sum', 'min', 'max', 'avg', 'row_number', 'rank', 'dense_rank'],
  ...['lag', 'lead', 'first_value', 'last_value'],
];

export const overSchema = shapeOf<OverNode>({
  kind: only('over'),
  emit: only('window', 'time'),
  partition: indexes,
  order: sortOrders,
  calls: listOf(
    shapeOf<OverCall>({
      function: only(...functions),
      argument: orNull(index),
      argumentType: orNull(ref('type')),
      frame: shapeOf<OverFrame>({ unit: only('rows', 'range'), from: orNull(exact), to: orNull(exact) }),
      offset: index,
      type: ref('type'),
    }),
  ),
  time: index,
});
