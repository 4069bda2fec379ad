import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, doubleType } from '@weir/columnar/sql-type.ts';
import type { AggregateCall } from '@weir/plan/nodes/window-aggregate.ts';

type AggregateId = AggregateCall['function'];

const planned: readonly AggregateId[] = ['count', 'sum', 'min', 'max', 'avg'];

/** In the dialect, refused until they are planned. */
const known = new Set(
  `array_agg string_agg listagg first_value last_value bool_and bool_or every bit_and bit_or bit_xor stddev stddev_pop stddev_samp
  var_pop var_samp variance covar_pop covar_samp corr regr_slope regr_intercept regr_r2 regr_count regr_avgx regr_avgy regr_sxx regr_syy
  regr_sxy median approx_distinct approx_count_distinct approx_percentile_cont approx_median percentile_cont percentile_disc mode grouping any_value collect json_agg`.split(
    /\s+/,
  ),
);

export function isAggregate(name: string): boolean {
  return planned.some((id) => id === name) || known.has(name);
}

export function plannedAggregate(name: string): AggregateId | undefined {
  return planned.find((id) => id === name);
}

/**
 * The type of an aggregate over values of a type, or undefined if it doesn't take them. count: BIGINT. sum: integers BIGINT (overflow is an
 * error), DECIMAL(38, s), floats DOUBLE. avg: DOUBLE, of DECIMAL(p, s) DECIMAL(38, max(s, 6)). min, max: the same type.
 */
export function aggregateType(id: AggregateId, type: SqlType): SqlType | undefined {
  switch (id) {
    case 'count':
      return bigintType;
    case 'sum':
      if (type.kind === 'integer') return bigintType;
      if (type.kind === 'float') return doubleType;
      if (type.kind === 'decimal') return { kind: 'decimal', precision: 38, scale: type.scale };
      return type.kind === 'interval' ? type : undefined;
    case 'avg':
      if (type.kind === 'integer' || type.kind === 'float') return doubleType;
      if (type.kind !== 'decimal') return undefined;
      return { kind: 'decimal', precision: 38, scale: Math.max(type.scale, 6) };
    case 'min':
    case 'max':
      return ['null', 'json', 'struct', 'list', 'map', 'bytes'].includes(type.kind) ? undefined : type;
  }
}
