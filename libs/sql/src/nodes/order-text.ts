import type { Field } from '@weir/columnar/sql-type.ts';
import type { SortOrder } from '@weir/plan/nodes/sort-order.ts';

/** `price descending, ts` */
export function orderText(order: readonly SortOrder[], fields: readonly Field[]): string {
  return order
    .map(({ column, descending }) => `${fields[column]?.name ?? '?'}${descending ? ' descending' : ''}`)
    .join(', ');
}
