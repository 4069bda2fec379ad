import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';

/**
 * Checks a sink's NOT NULL columns, and the key of one that is written by its key: rows without one would take no row's place. Of a delete by key only the key
 * counts. Costs a look at one field a column and batch, unless the batch holds NULLs there.
 * @throws WeirError WEIR-2330 naming table and column
 */
export function notNullCheck(node: SinkNode): (batch: Batch) => void {
  const key = node.changes === 'upsert' ? node.primaryKey : [];
  const columns = node.schema.fields.flatMap((field, index) =>
    field.nullable && !key.includes(index) ? [] : [index],
  );
  return (batch) => {
    for (const index of columns) {
      const nulls = batch.columns[index]?.nulls;
      if (nulls === null || nulls === undefined) continue;
      const row = firstNull(nulls, batch, node.changes === 'upsert' && !key.includes(index));
      if (row < 0) continue;
      const name = node.schema.fields[index]?.name ?? '';
      throw new WeirError(
        'WEIR-2330',
        `table ${node.table}: column ${name} is ${key.includes(index) ? 'in the PRIMARY KEY' : 'NOT NULL'}, and a row has NULL there`,
        {
          hint: `${key.includes(index) ? '' : `declare ${name} without NOT NULL, or `}filter with WHERE … IS NOT NULL or coalesce(…) in the query`,
        },
      );
    }
  };
}

function firstNull(nulls: Uint8Array, { rowCount, rowKinds }: Batch, skipsDeletes: boolean): number {
  for (let row = nulls.indexOf(1); row >= 0 && row < rowCount; row = nulls.indexOf(1, row + 1))
    if (!skipsDeletes || rowKinds?.[row] !== rowKind.delete) return row;
  return -1;
}
