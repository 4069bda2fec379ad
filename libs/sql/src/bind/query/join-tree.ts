import type { Expression } from '@weir/plan/expression.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import type { JoinStyle } from '@weir/plan/nodes/join.ts';
import type { Span } from '../../lex/span.ts';
import { conjunction, shiftColumns } from '../../logical/expressions.ts';
import type { Relation, RelationColumn } from '../../logical/relation.ts';
import { sideOf } from '../../logical/time-bounds.ts';
import { calcNode, columnAt } from './project.ts';

/** What a FROM clause says, before it is known which of the conditions of WHERE belong to its joins. */
export type JoinTree = JoinLeaf | JoinBranch | JoinUnnest;

export interface JoinLeaf {
  readonly kind: 'leaf';
  readonly relation: Relation;
  /** What is to hold for its rows, over its columns. */
  readonly conditions: readonly Expression[];
}

export interface JoinBranch {
  readonly kind: 'branch';
  readonly style: JoinStyle;
  readonly left: JoinTree;
  readonly right: JoinTree;
  /** Over the columns of both sides. */
  readonly conditions: readonly Expression[];
  readonly span: Span;
  /** Columns that USING and NATURAL have merged: they don't stand in `*` a second time. */
  readonly merged: readonly number[];
  /** What is to hold for its rows, above an outer join. */
  readonly above: readonly Expression[];
}

/** `UNNEST(value)` behind what stands before it in FROM. */
export interface JoinUnnest {
  readonly kind: 'unnest';
  readonly input: JoinTree;
  /** Over the input's columns. */
  readonly value: Expression;
  readonly ordinality: boolean;
  /** What is empty gives one row all the same. */
  readonly outer: boolean;
  /** The columns that it adds. */
  readonly added: readonly RelationColumn[];
  readonly above: readonly Expression[];
}

export function leafOf(relation: Relation): JoinLeaf {
  return { kind: 'leaf', relation, conditions: [] };
}

/** The columns that a tree gives, as names are looked up in them: NULL where an outer join makes them so. */
export function columnsOfTree(tree: JoinTree): RelationColumn[] {
  if (tree.kind === 'leaf') return [...tree.relation.columns];
  if (tree.kind === 'unnest') return [...columnsOfTree(tree.input), ...tree.added];
  const left = columnsOfTree(tree.left);
  if (tree.style === 'semi' || tree.style === 'anti') return left;
  return bothColumns(tree, left, columnsOfTree(tree.right));
}

function bothColumns(
  { style, merged }: JoinBranch,
  left: readonly RelationColumn[],
  right: readonly RelationColumn[],
): RelationColumn[] {
  const leftNull = style === 'right' || style === 'full';
  const rightNull = style === 'left' || style === 'full';
  return [
    ...left.map((entry) => ({ ...entry, nullable: entry.nullable || leftNull })),
    ...right.map((entry) => ({ ...entry, nullable: entry.nullable || rightNull })),
  ].map((entry, index) => (merged.includes(index) ? { ...entry, hidden: true } : entry));
}

export function titleOfTree(tree: JoinTree): string {
  if (tree.kind === 'leaf') return tree.relation.title;
  if (tree.kind === 'unnest') return titleOfTree(tree.input);
  return `${titleOfTree(tree.left)} and ${titleOfTree(tree.right)}`;
}

/** The flat list of what is joined by AND. */
export function conjunctsOf(condition: Expression | null): readonly Expression[] {
  if (condition === null) return [];
  return condition.kind === 'call' && condition.function === 'and' ? condition.arguments : [condition];
}

/**
 * Moves conditions on a tree's rows as far down as that leaves the result alone: into the condition of an inner join, onto a side that is never
 * padded with NULLs. What must stay above is in `rest`.
 */
export function placeConditions(
  tree: JoinTree,
  conditions: readonly Expression[],
): { readonly tree: JoinTree; readonly rest: readonly Expression[] } {
  if (conditions.length === 0) return { tree, rest: [] };
  if (tree.kind === 'leaf')
    return { tree: { ...tree, conditions: [...tree.conditions, ...conditions] }, rest: [] };
  if (tree.kind === 'unnest') {
    const own = columnsOfTree(tree.input).length;
    const isBelow = (condition: Expression): boolean => maxColumn(condition) < own;
    const input = withConditions(tree.input, conditions.filter(isBelow));
    return { tree: { ...tree, input }, rest: conditions.filter((condition) => !isBelow(condition)) };
  }
  const { style } = tree;
  const width = columnsOfTree(tree.left).length;
  const toLeft: Expression[] = [];
  const toRight: Expression[] = [];
  const own: Expression[] = [];
  const rest: Expression[] = [];
  for (const condition of conditions) {
    const side = sideOf(condition, width);
    if (side === 'left' && style !== 'right' && style !== 'full') toLeft.push(condition);
    else if (side === 'right' && (style === 'inner' || style === 'right')) toRight.push(condition);
    else if (style === 'inner') own.push(condition);
    else rest.push(condition);
  }
  const moved = toRight.map((condition) => shiftColumns(condition, (index) => index - width));
  const left = withConditions(tree.left, toLeft);
  const right = withConditions(tree.right, moved);
  return { tree: { ...tree, left, right, conditions: [...tree.conditions, ...own] }, rest };
}

/** Conditions of a join's ON clause: those of one side alone go below it where rows that fail them can't be wanted. */
export function placeOn(tree: JoinBranch): JoinBranch {
  const { style } = tree;
  const width = columnsOfTree(tree.left).length;
  const goesLeft = style === 'inner' || style === 'semi' || style === 'right';
  const goesRight = style !== 'right' && style !== 'full';
  const ofLeft = (condition: Expression): boolean => goesLeft && sideOf(condition, width) === 'left';
  const ofRight = (condition: Expression): boolean => goesRight && sideOf(condition, width) === 'right';
  const toLeft = tree.conditions.filter(ofLeft);
  const toRight = tree.conditions.filter(ofRight);
  const moved = toRight.map((condition) => shiftColumns(condition, (index) => index - width));
  return {
    ...tree,
    left: withConditions(tree.left, toLeft),
    right: withConditions(tree.right, moved),
    conditions: tree.conditions.filter((condition) => !ofLeft(condition) && !ofRight(condition)),
  };
}

/** The tree with conditions above it, wherever they end up. */
function withConditions(tree: JoinTree, conditions: readonly Expression[]): JoinTree {
  const placed = placeConditions(tree, conditions);
  if (placed.rest.length === 0 || placed.tree.kind === 'leaf') return placed.tree;
  return { ...placed.tree, above: [...placed.tree.above, ...placed.rest] };
}

/** The last column that an expression names; -1: none. */
function maxColumn(expression: Expression): number {
  let last = -1;
  visitColumns(expression, (index) => {
    last = Math.max(last, index);
  });
  return last;
}

/** A relation whose rows fulfil conditions over its columns. */
export function filtered(relation: Relation, conditions: readonly Expression[]): Relation {
  const condition = conjunction(conditions);
  if (condition === null) return relation;
  const outputs = relation.columns.map(({ name }, index) => ({ name, value: columnAt(relation, index) }));
  return { ...relation, node: calcNode(relation.node, condition, outputs) };
}
