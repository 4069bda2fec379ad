import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { sinkNode } from '@weir/plan/testing/table-node.ts';
import { expect, test } from 'vitest';
import { notNullCheck } from './not-null-check.ts';

const schema: Schema = {
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'note', type: textType, nullable: true },
  ],
};
const node = sinkNode({ table: 'out', connector: 'blackhole', options: {}, schema });

test('a NULL in a NOT NULL column of a sink is an error that names the table and the column; elsewhere it is none', () => {
  const check = notNullCheck(node);
  check(
    batchOfRows(new BatchBuilder(schema), [
      [1n, null],
      [2n, 'x'],
    ]),
  );
  const broken = batchOfRows(new BatchBuilder(schema), [
    [1n, 'x'],
    [null, 'y'],
  ]);
  expect(() => check(broken)).toThrow(/table out: column id is NOT NULL/);
  expect(() => check({ ...broken, rowCount: 1 })).not.toThrow();
});
