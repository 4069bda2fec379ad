import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { GroupAggregateNode, GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import { CountAccumulator } from '../aggregates/count.ts';
import { createAccumulator } from '../aggregates/create-accumulator.ts';
import type { DistinctOptions } from './distinct-values.ts';
import type { OrderedValuesOptions } from './ordered-values.ts';

/** Of which set of distinct values, and under which of its filters, a DISTINCT call takes its rows. */
interface DistinctPlace {
  readonly set: number;
  readonly filter: number;
}

/**
 * How a call comes to its result: `record`: from all rows, its values are in the group's record; `distinct`: the same from rows that bring a value or take the
 * last of one; `extreme`: from the group's values in order.
 */
export type PlannedCall =
  | { readonly kind: 'record'; readonly call: GroupedCall; readonly accumulator: Accumulator }
  | {
      readonly kind: 'distinct';
      readonly call: GroupedCall;
      readonly accumulator: Accumulator;
      readonly place: DistinctPlace;
    }
  | { readonly kind: 'extreme'; readonly order: number; readonly least: boolean };

/** How the calls of a grouped aggregate are worked out: what they share, and what each keeps. */
export interface PlannedCalls {
  readonly calls: readonly PlannedCall[];
  /** Rows of a group; count(*) is the same. The first of `accumulators`. */
  readonly rows: CountAccumulator;
  /** Whose values are in a group's record, each once. */
  readonly accumulators: readonly Accumulator[];
  readonly sets: readonly DistinctOptions[];
  readonly orders: readonly OrderedValuesOptions[];
}

export function planCalls(
  node: GroupAggregateNode,
  input: Schema,
  retracts: boolean,
  ttlSeconds: number,
): PlannedCalls {
  const rows = new CountAccumulator();
  const accumulators: Accumulator[] = [rows];
  const orders: OrderedValuesOptions[] = [];
  const typeOf = (column: number) => present(input.fields[column], 'column').type;
  const grouped = { keys: node.keys, keyTypes: node.keys.map(typeOf) };
  const valueOf = (argument: number) => ({ argument, argumentType: typeOf(argument) });
  const filtersOf = new Map<number, (number | null)[]>();
  const calls = node.aggregates.map((call): PlannedCall => {
    const { argument, filter, distinct } = call;
    if (call.function === 'count' && argument === null && filter === null)
      return { kind: 'record', call, accumulator: rows };
    if (retracts && argument !== null && (call.function === 'min' || call.function === 'max')) {
      const known = orders.findIndex((each) => each.argument === argument && each.filter === filter);
      const order = known >= 0 ? known : orders.push({ ...grouped, ...valueOf(argument), filter }) - 1;
      return { kind: 'extreme', order, least: call.function === 'min' };
    }
    const accumulator = createAccumulator(call, retracts);
    accumulators.push(accumulator);
    if (!distinct || argument === null) return { kind: 'record', call, accumulator };
    const filters = filtersOf.get(argument) ?? [];
    filtersOf.set(argument, filters);
    if (!filters.includes(filter)) filters.push(filter);
    const place = { set: [...filtersOf.keys()].indexOf(argument), filter: filters.indexOf(filter) };
    return { kind: 'distinct', call, accumulator, place };
  });
  const sets = [...filtersOf].map(([argument, filters]): DistinctOptions => ({
    ...grouped,
    ...valueOf(argument),
    filters,
    retracts,
    ttlSeconds,
  }));
  return { calls, rows, accumulators, sets, orders };
}
