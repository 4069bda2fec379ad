import type { Batch } from '@weir/columnar/batch.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';

/**
 * Checks a sink's NOT NULL columns. Costs a look at one field a column and batch, unless the batch holds NULLs there.
 * @throws WeirError WEIR-2330 naming table and column
 */
export function notNullCheck(node: SinkNode): (batch: Batch) => void {
  const columns = node.schema.fields.flatMap((field, index) => (field.nullable ? [] : [index]));
  return (batch) => {
    for (const index of columns) {
      const nulls = batch.columns[index]?.nulls;
      if (nulls === null || nulls === undefined) continue;
      const row = nulls.indexOf(1);
      if (row < 0 || row >= batch.rowCount) continue;
      const name = node.schema.fields[index]?.name ?? '';
      throw new WeirError(
        'WEIR-2330',
        `table ${node.table}: column ${name} is NOT NULL, and a row has NULL there`,
        {
          hint: `declare ${name} without NOT NULL, or filter with WHERE … IS NOT NULL or coalesce(…) in the query`,
        },
      );
    }
  };
}
