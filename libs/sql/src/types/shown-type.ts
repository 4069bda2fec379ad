import type { SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';

/** A type in a message about two that don't go together: both units of intervals have one name otherwise. */
export function shownType(type: SqlType): string {
  if (type.kind !== 'interval') return formatType(type);
  return type.unit === 'months' ? 'INTERVAL YEAR TO MONTH' : 'INTERVAL DAY TO SECOND';
}
