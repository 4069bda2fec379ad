import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import { describe, expect, it } from 'vitest';
import { OperatorHarness } from './testing/operator-harness.ts';
import { UnionOperator } from './union.ts';

const input: Schema = { fields: [{ name: 'a', type: bigintType, nullable: false }] };

describe('union', () => {
  it('passes rows of all inputs on, with the least of their watermarks', () => {
    const harness = new OperatorHarness(new UnionOperator(2, input), { input });
    harness.watermark(10, 0);
    harness.rows([[1n]], 0);
    harness.watermark(5, 1);
    harness.rows([[2n]], 1);
    harness.watermark(20, 1);
    harness.watermark(Infinity, 0);
    expect(harness.emitted).toEqual([
      { kind: 'rows', rows: [[1n]] },
      { kind: 'watermark', micros: 5 },
      { kind: 'rows', rows: [[2n]] },
      { kind: 'watermark', micros: 10 },
      { kind: 'watermark', micros: 20 },
    ]);
  });
});
