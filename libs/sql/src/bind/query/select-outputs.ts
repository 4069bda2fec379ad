import { suggest } from '@weir/kernel/nearest-name.ts';
import type { Expr } from '../../ast/query.ts';
import { formatName } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Relation } from '../../logical/relation.ts';
import { matches } from '../scope.ts';
import { columnAt, type Output } from './project.ts';

/** `*`, `t.*` */
export function expandStar(star: Extract<Expr, { kind: 'star' }>, input: Relation): Output[] {
  const qualifier = star.qualifier?.parts.at(-1);
  const outputs = input.columns.flatMap((entry, index): Output[] => {
    if (entry.hidden === true) return [];
    if (qualifier !== undefined && (entry.qualifier === null || !matches(qualifier, entry.qualifier)))
      return [];
    return [{ name: entry.name, qualifier: entry.qualifier, value: columnAt(input, index) }];
  });
  if (outputs.length === 0 && qualifier !== undefined && star.qualifier !== null) {
    const known = [...new Set(input.columns.flatMap((entry) => entry.qualifier ?? []))];
    const name = formatName(star.qualifier);
    fail(
      'unknownTable',
      star.span,
      `there is no table '${name}' in this query`,
      suggest(name, known, 'tables'),
    );
  }
  return outputs;
}

/** The name of a column without an alias: that of the column or function, else col1, col2, …. */
export function outputName(expr: Expr, index: number): string {
  switch (expr.kind) {
    case 'name':
      return expr.parts.at(-1)?.name ?? `col${index + 1}`;
    case 'field':
      return expr.name.name;
    case 'call':
      return formatName(expr.name).toLowerCase();
    case 'cast':
      return outputName(expr.operand, index);
    case 'extract':
      return 'extract';
    case 'case':
      return 'case';
    default:
      return `col${index + 1}`;
  }
}
