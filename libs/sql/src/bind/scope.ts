import type { Expression } from '@weir/plan/expression.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type { Identifier } from '../ast/identifier.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { type Span, spanFrom } from '../lex/span.ts';
import { column } from '../logical/expressions.ts';
import type { Relation, RelationColumn } from '../logical/relation.ts';
import { fieldAccess } from './expression/field-access.ts';

/** Does an identifier name this? Quoted ones exactly, others in any case. */
export function matches(identifier: Identifier, name: string): boolean {
  if (identifier.name === name) return true;
  return !identifier.quoted && identifier.name.toLowerCase() === name.toLowerCase();
}

/** Of several that match, those that match exactly if there are any: `a` and `A` can live side by side. */
export function matching<T>(identifier: Identifier, items: readonly T[], nameOf: (item: T) => string): T[] {
  const found = items.filter((item) => matches(identifier, nameOf(item)));
  const exact = found.filter((item) => nameOf(item) === identifier.name);
  return exact.length > 0 ? exact : found;
}

interface IndexedColumn {
  readonly index: number;
  readonly column: RelationColumn;
}

/**
 * Resolves `a`, `t.a`, `a.field`, `t.a.field` in a relation.
 * @throws DiagnosticFailure unknownColumn, ambiguousColumn, unknownField
 */
export function resolveName(relation: Relation, parts: readonly Identifier[]): Expression {
  const [first, second, ...rest] = parts;
  if (first === undefined) return fail('unknownColumn', { start: 0, end: 0 }, 'an empty name');
  const columns = relation.columns.map((entry, index) => ({ index, column: entry }));
  if (second !== undefined) {
    const ofTable = columns.filter(
      ({ column: { qualifier } }) => qualifier !== null && matches(first, qualifier),
    );
    const qualified = matching(second, ofTable, ({ column: { name } }) => name);
    if (qualified.length > 0) {
      return withFields(single(qualified, second, relation), rest, spanFrom(first.span, second.span));
    }
    const plain = matching(first, columns, ({ column: { name } }) => name);
    if (plain.length === 0) {
      if (ofTable.length > 0) unknownColumn(relation, second, ofTable, first.name);
      unknownQualifier(relation, first);
    }
    return withFields(single(plain, first, relation), [second, ...rest], first.span);
  }
  const plain = matching(first, columns, ({ column: { name } }) => name);
  if (plain.length === 0) unknownColumn(relation, first, columns, relation.title);
  return single(plain, first, relation);
}

function single(found: readonly IndexedColumn[], name: Identifier, relation: Relation): Expression {
  // Of columns that USING has merged the first stands for all.
  const shown = found.length > 1 ? found.filter(({ column: entry }) => entry.hidden !== true) : found;
  const [only = found[0], ...others] = shown;
  if (only === undefined) return unknownColumn(relation, name, [], relation.title);
  if (others.length > 0) {
    const places = new Set(found.map(({ column: entry }) => `${entry.qualifier ?? '?'}.${entry.name}`));
    const hint =
      places.size > 1 ? `write one of ${[...places].join(', ')}` : 'give these columns aliases of their own';
    fail('ambiguousColumn', name.span, `column '${name.name}' is ambiguous`, hint);
  }
  return column(only.index, only.column.type, only.column.nullable);
}

function withFields(base: Expression, fields: readonly Identifier[], start: Span): Expression {
  return fields.reduce((value, field) => fieldAccess(value, field, spanFrom(start, field.span)), base);
}

function unknownColumn(
  relation: Relation,
  name: Identifier,
  columns: readonly IndexedColumn[],
  where: string,
): never {
  const names = columns
    .filter(({ column: entry }) => entry.hidden !== true)
    .map(({ column: entry }) => entry.name);
  const differsInCase = name.quoted && names.find((other) => other.toLowerCase() === name.name.toLowerCase());
  const hint = differsInCase
    ? `quoted names match exactly: write "${differsInCase}", or no quotes`
    : suggest(name.name, names, 'columns');
  return fail('unknownColumn', name.span, `no column '${name.name}' in ${where}`, hint);
}

function unknownQualifier(relation: Relation, name: Identifier): never {
  const tables = relation.columns.flatMap(({ qualifier }) => (qualifier === null ? [] : [qualifier]));
  const names = [...new Set([...tables, ...relation.columns.map((entry) => entry.name)])];
  return fail(
    'unknownColumn',
    name.span,
    `no table or column '${name.name}' in this query`,
    suggest(name.name, names, 'there is'),
  );
}
