import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import {
  batchOfRows,
  plainRows,
  plainValue,
  type PlainRow,
  type PlainValue,
} from '@weir/columnar/row-view.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { booleanType, type SqlType } from '@weir/columnar/sql-type.ts';
import { describe, expect, it } from 'vitest';
import { EvaluationFailure, interpret } from '../testing/interpret-expression.ts';
import { RandomExpressions, randomSchema, resultTypes } from '../testing/random-expression.ts';
import { CalcProgram } from './calc-program.ts';
import { describeExpression } from './describe-expression.ts';

/** What a row gives, or that it fails: the message's wording is tested elsewhere. */
type Outcome = readonly PlainValue[] | 'error';

function oracle(condition: Expression, projection: Expression, rows: readonly PlainRow[]): Outcome {
  const results: PlainValue[] = [];
  try {
    for (const row of rows) {
      if (interpret(condition, row) === true) results.push(interpret(projection, row));
    }
  } catch (error) {
    if (error instanceof EvaluationFailure || error instanceof WeirError) return 'error';
    throw error;
  }
  return results;
}

function compiled(program: CalcProgram, type: SqlType, rows: readonly PlainRow[]): Outcome {
  const batch = batchOfRows(new BatchBuilder(randomSchema), rows);
  try {
    const { columns, rowCount } = program.run(batch);
    return Array.from({ length: rowCount }, (_, row) => plainValue(columns[0]!, row, type));
  } catch (error) {
    if (error instanceof WeirError) return 'error';
    throw error;
  }
}

function normalised(outcome: Outcome): unknown {
  if (outcome === 'error') return outcome;
  return outcome.map((value) => (typeof value === 'number' && Object.is(value, -0) ? 0 : value));
}

describe('generated expressions', () => {
  const seeds = Array.from({ length: 25 }, (_, index) => 1000 + index);
  it.each(seeds)('agree with the plain interpreter, seed %i', (seed) => {
    const random = new RandomExpressions(seed);
    for (let round = 0; round < 50; round += 1) {
      const projection = random.expression(random.pick(resultTypes), 4);
      const always: Expression = { kind: 'literal', value: true, type: booleanType, nullable: false };
      const condition = random.below(2) === 0 ? always : random.expression(booleanType, 3);
      const program = new CalcProgram(condition, [projection], randomSchema);
      const shown = `${describeExpression(projection, randomSchema)} WHERE ${describeExpression(condition, randomSchema)}`;
      // Row by row, since an error ends a whole batch; then all rows that have none at once.
      const rows = Array.from({ length: 12 }, () => random.row());
      const good: PlainRow[] = [];
      for (const row of rows) {
        const expected = oracle(condition, projection, [row]);
        const actual = compiled(program, projection.type, [row]);
        // AND and OR may leave out an operand that the oracle evaluates: an error there is allowed to stay away.
        if (
          expected === 'error' &&
          actual !== 'error' &&
          shown.match(/AND|OR|coalesce|in\(|between|greatest|least/)
        )
          continue;
        expect(normalised(actual), `${shown} over ${row.join(', ')}`).toEqual(normalised(expected));
        if (expected !== 'error') good.push(row);
      }
      expect(normalised(compiled(program, projection.type, good)), shown).toEqual(
        normalised(oracle(condition, projection, good)),
      );
    }
  });

  it('passes rows through unchanged when nothing is computed', () => {
    const random = new RandomExpressions(7);
    const rows = Array.from({ length: 50 }, () => random.row());
    const batch = batchOfRows(new BatchBuilder(randomSchema), rows);
    const columns = randomSchema.fields.map(({ type, nullable }, index): Expression => ({
      kind: 'column',
      index,
      type,
      nullable,
    }));
    const result = new CalcProgram(null, columns, randomSchema).run(batch);
    expect(plainRows({ ...batch, columns: result.columns, rowCount: result.rowCount })).toEqual(rows);
  });
});
