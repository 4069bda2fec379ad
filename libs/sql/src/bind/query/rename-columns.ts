import type { Identifier } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Relation } from '../../logical/relation.ts';

/** Gives the columns a qualifier and, from the left, new names. */
export function renameColumns(
  relation: Relation,
  qualifier: string | null,
  names: readonly Identifier[],
): Relation {
  const visible = relation.columns.filter((entry) => entry.hidden !== true).length;
  const surplus = names[visible];
  if (surplus !== undefined) {
    fail('columnCount', surplus.span, `${names.length} column names for ${visible} columns`);
  }
  let next = 0;
  const columns = relation.columns.map((entry) => {
    if (entry.hidden === true) return entry;
    const name = names[next]?.name ?? entry.name;
    next += 1;
    return { ...entry, name, qualifier };
  });
  return { ...relation, columns };
}
