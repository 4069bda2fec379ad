import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, doubleType } from '@weir/columnar/sql-type.ts';
import { aggregateFunctions, type AggregateCall } from '@weir/plan/nodes/window-aggregate.ts';

type AggregateId = AggregateCall['function'];

/** Other names of some. */
const aliases: Readonly<Record<string, AggregateId>> = {
  every: 'bool_and',
  variance: 'var_samp',
  stddev: 'stddev_samp',
};

/** In the dialect, refused until they are planned. */
const known = new Set(
  `array_agg string_agg listagg first_value last_value bit_and bit_or bit_xor covar_pop covar_samp corr regr_slope regr_intercept regr_r2 regr_count regr_avgx regr_avgy regr_sxx regr_syy
  regr_sxy median approx_distinct approx_count_distinct approx_percentile_cont approx_median percentile_cont percentile_disc mode grouping grouping_id any_value collect json_agg`.split(
    /\s+/,
  ),
);

export function isAggregate(name: string): boolean {
  return plannedAggregate(name) !== undefined || known.has(name);
}

export function plannedAggregate(name: string): AggregateId | undefined {
  return Object.hasOwn(aliases, name) ? aliases[name] : aggregateFunctions.find((id) => id === name);
}

/**
 * The type of an aggregate over values of a type, or undefined if it doesn't take them. count: BIGINT. sum: integers BIGINT (overflow is an
 * error), DECIMAL(38, s), floats DOUBLE. avg: DOUBLE, of DECIMAL(p, s) DECIMAL(38, max(s, 6)). min, max: the same type. Deviations: DOUBLE, of numbers.
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
    case 'bool_and':
    case 'bool_or':
      return type.kind === 'boolean' ? type : undefined;
    case 'var_pop':
    case 'var_samp':
    case 'stddev_pop':
    case 'stddev_samp':
      return ['integer', 'float', 'decimal'].includes(type.kind) ? doubleType : undefined;
    case 'min':
    case 'max':
      return ['null', 'json', 'struct', 'list', 'map', 'bytes'].includes(type.kind) ? undefined : type;
  }
}

/** An aggregate of numbers that it takes as DOUBLE, whatever they are. */
export function takesDoubles(id: AggregateId): boolean {
  return id.startsWith('var_') || id.startsWith('stddev_');
}
