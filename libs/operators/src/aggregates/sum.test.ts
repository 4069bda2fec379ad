import { describe, expect, it } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { doubleType, type SqlType } from '@weir/columnar/sql-type.ts';
import { FloatSumAccumulator, type Finish } from './sum.ts';

const real: SqlType = { kind: 'float', bits: 32 };

/** The sum or average of values, of which each half is summed apart where there are two `parts`. */
function summed(
  finish: Finish,
  type: SqlType,
  values: readonly number[],
  parts: 1 | 2,
): number | null | undefined {
  const made = (some: readonly number[]): FloatSumAccumulator => {
    const one = new FloatSumAccumulator(finish, type);
    for (const column of one.columns) column.reserve(1);
    const column = { kind: 'float', values: Float64Array.from(some), nulls: null } as const;
    one.add(
      column,
      Int32Array.from(some.keys()),
      Int32Array.from(some, () => 0),
      some.length,
    );
    return one;
  };
  const half = parts === 1 ? values.length : values.length / 2;
  const total = made(values.slice(0, half));
  total.combine(made(values.slice(half)), 0, new Int32Array(1), 1);
  const builder = new BatchBuilder({ fields: [{ name: 'v', type, nullable: true }] }, 1);
  total.emit(new Int32Array(1), 1, builder.columns[0]!);
  builder.rowCount = 1;
  const [column] = builder.batch().columns;
  return column?.kind === 'float' ? column.values[0] : undefined;
}

describe.each([1, 2] as const)('sums of floats, in %i parts', (parts) => {
  it.each<[Finish, SqlType, number[]]>([
    ['sum', doubleType, [1e308, 1e308]],
    ['sum', doubleType, [-1e308, -1e308]],
    ['avg', doubleType, [1.7e308, 1.7e308]],
    ['sum', real, [3e38, 3e38]],
  ])('%s of %j %j leaves the range: an error, as in PostgreSQL', (finish, type, values) => {
    expect(() => summed(finish, type, values, parts)).toThrow(`${finish}: the result is out of range`);
  });

  it.each<[Finish, SqlType, number[], number]>([
    ['sum', doubleType, [1e308, 1], 1e308],
    ['sum', doubleType, [Infinity, 1], Infinity],
    ['sum', doubleType, [-Infinity, Infinity], NaN],
    ['avg', real, [3e38, 3e38], Math.fround(3e38)],
  ])('%s of %j %j is %d', (finish, type, values, expected) => {
    expect(summed(finish, type, values, parts)).toBe(expected);
  });
});
