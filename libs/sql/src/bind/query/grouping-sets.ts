import { bigintType, booleanType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { CallExpr } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { call, column } from '../../logical/expressions.ts';
import type { LogicalUnion } from '../../logical/nodes.ts';
import type { Relation } from '../../logical/relation.ts';
import { literal, nullLiteral } from '../../types/constants.ts';
import { calcNode, columnAt, columnsOf, type Output } from './project.ts';

/** Keys of one set, by their places among all keys of a GROUP BY. */
export type GroupingSet = readonly number[];

/** A query may have so many: each row is aggregated once a set. */
export const mostSets = 64;

/** Stands for the number of a row's set among the keys of a query with GROUPING SETS. Nothing that a text may hold is it. */
export const setKey: Expression = call('grouping set', [], bigintType, false);

/** ROLLUP (a, b): (a, b), (a), (). */
export function rollup(parts: readonly GroupingSet[]): GroupingSet[] {
  return Array.from({ length: parts.length + 1 }, (_, left) => parts.slice(0, parts.length - left).flat());
}

/** CUBE (a, b): (a, b), (a), (b), (). */
export function cube(parts: readonly GroupingSet[]): GroupingSet[] {
  return parts.reduceRight<GroupingSet[]>(
    (sets, part) => [...sets.map((set) => [...part, ...set]), ...sets],
    [[]],
  );
}

/** Several items of a GROUP BY: each set of one with each of the other. */
export function crossSets(a: readonly GroupingSet[], b: readonly GroupingSet[]): GroupingSet[] {
  return a.flatMap((left) => b.map((right) => [...new Set([...left, ...right])]));
}

/**
 * Each row once a set: its columns, the keys (NULL where they are not of the set) and the number of the set, by which it is then grouped as well.
 * @returns the rows, and the keys over them
 */
export function expandSets(
  input: Relation,
  condition: Expression | null,
  keys: readonly Expression[],
  sets: readonly GroupingSet[],
): { readonly input: Relation; readonly keys: readonly Expression[] } {
  const width = input.columns.length;
  const own = input.columns.map((entry, index): Output => ({
    name: entry.name,
    qualifier: entry.qualifier,
    value: columnAt(input, index),
    ...(entry.hidden === true ? { hidden: true } : {}),
  }));
  const nameOf = (key: Expression, index: number): string =>
    (key.kind === 'column' ? input.columns[key.index]?.name : undefined) ?? `key${index + 1}`;
  const branches = sets.map((set, number): Output[] => [
    ...own,
    ...keys.map((key, index): Output => {
      const value = set.includes(index) ? key : nullLiteral(key.type);
      return { name: nameOf(key, index), value, hidden: true };
    }),
    { name: 'grouping set', value: literal(String(number), bigintType), hidden: true },
  ]);
  const inputs = branches.map((outputs) => calcNode(input.node, condition, outputs));
  const [first = []] = branches;
  const isKey = (index: number): boolean => index >= width && index < width + keys.length;
  const fields = first.map(({ name, value }, index) => {
    return { name, type: value.type, nullable: isKey(index) || value.nullable };
  });
  const node: LogicalUnion = { kind: 'union', inputs, output: fields };
  const columns = columnsOf(first).map((entry, index) =>
    isKey(index) ? { ...entry, nullable: true } : entry,
  );
  return {
    input: { ...input, node, columns },
    keys: [
      ...keys.map(({ type }, index) => column(width + index, type, true)),
      column(width + keys.length, bigintType, false),
    ],
  };
}

/**
 * GROUPING(a, b): a bit a key, 1 where the row's set hasn't got it; the last key's is the lowest.
 * @param places of its arguments among the keys
 */
export function groupingBits(
  expr: CallExpr,
  places: readonly number[],
  keys: number,
  sets: readonly GroupingSet[] | null,
): Expression {
  if (places.length === 0 || places.length > 31)
    fail('wrongArguments', expr.span, 'GROUPING takes the columns of GROUP BY, one to 31');
  const bitsOf = (set: GroupingSet): number =>
    places.reduce((bits, place) => bits * 2 + (set.includes(place) ? 0 : 1), 0);
  const number = column(keys, bigintType, false);
  const branches = (sets ?? []).map((set, index) => ({
    when: call('eq', [number, literal(String(index), bigintType)], booleanType, false),
    then: literal(String(bitsOf(set)), bigintType),
  }));
  const none = literal('0', bigintType);
  return branches.length === 0
    ? none
    : { kind: 'case', branches, otherwise: none, type: bigintType, nullable: false };
}
