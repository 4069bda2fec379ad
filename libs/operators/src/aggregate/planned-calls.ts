import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { GroupAggregateNode, GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import { CountAccumulator } from '../aggregates/count.ts';
import { createAccumulator } from '../aggregates/create-accumulator.ts';
import type { DistinctOptions } from './distinct-values.ts';

/** Of which set of distinct values, and under which of its filters, a DISTINCT call takes its rows. */
interface DistinctPlace {
  readonly set: number;
  readonly filter: number;
}

export interface PlannedCall {
  readonly call: GroupedCall;
  readonly accumulator: Accumulator;
  /** null: it takes all rows. */
  readonly distinct: DistinctPlace | null;
}

/** How the calls of a grouped aggregate are worked out: what they share, and what each keeps. */
export interface PlannedCalls {
  readonly calls: readonly PlannedCall[];
  /** Rows of a group; count(*) is the same. The first of `accumulators`. */
  readonly rows: CountAccumulator;
  /** Whose values are in a group's record, each once. */
  readonly accumulators: readonly Accumulator[];
  readonly sets: readonly DistinctOptions[];
}

export function planCalls(
  node: GroupAggregateNode,
  input: Schema,
  retracts: boolean,
  ttlSeconds: number,
): PlannedCalls {
  const rows = new CountAccumulator();
  const accumulators: Accumulator[] = [rows];
  const filtersOf = new Map<number, (number | null)[]>();
  const calls = node.aggregates.map((call): PlannedCall => {
    const { argument, filter, distinct } = call;
    if (call.function === 'count' && argument === null && filter === null)
      return { call, accumulator: rows, distinct: null };
    const accumulator = createAccumulator(call, retracts);
    accumulators.push(accumulator);
    if (!distinct || argument === null) return { call, accumulator, distinct: null };
    const filters = filtersOf.get(argument) ?? [];
    filtersOf.set(argument, filters);
    if (!filters.includes(filter)) filters.push(filter);
    const place = { set: [...filtersOf.keys()].indexOf(argument), filter: filters.indexOf(filter) };
    return { call, accumulator, distinct: place };
  });
  const typeOf = (column: number) => present(input.fields[column], 'column').type;
  const sets = [...filtersOf].map(([argument, filters]): DistinctOptions => ({
    keys: node.keys,
    keyTypes: node.keys.map(typeOf),
    argument,
    argumentType: typeOf(argument),
    filters,
    retracts,
    ttlSeconds,
  }));
  return { calls, rows, accumulators, sets };
}
