import type { Expression } from '@weir/plan/expression.ts';
import { expressionText } from '../../explain/expression-text.ts';
import { conjunction, sameExpression, shiftColumns } from '../../logical/expressions.ts';
import type { LogicalJoinParts, LogicalNode } from '../../logical/nodes.ts';
import type { Relation } from '../../logical/relation.ts';
import { sideOf } from '../../logical/time-bounds.ts';
import { columnsOfTree, filtered, titleOfTree, type JoinBranch, type JoinTree } from './join-tree.ts';
import { buildUnnest } from './bind-unnest.ts';
import { joinTime, type JoinTime } from './join-time.ts';
import { calcNode, columnAt, type Output } from './project.ts';

/** The relation that a tree of joins gives; its columns are the tree's. @throws DiagnosticFailure */
export function buildJoin(tree: JoinTree): Relation {
  if (tree.kind === 'leaf') return filtered(tree.relation, tree.conditions);
  if (tree.kind === 'unnest') return filtered(buildUnnest(tree, buildJoin(tree.input)), tree.above);
  const left = buildJoin(tree.left);
  const right = buildJoin(tree.right);
  return filtered(new JoinBuilder(tree, left, right).build(), tree.above);
}

/** A side of a join, with columns behind its own for keys and times that must be computed. */
class JoinInput {
  readonly relation: Relation;
  readonly width: number;
  readonly #added: Output[] = [];

  constructor(relation: Relation) {
    this.relation = relation;
    this.width = relation.columns.length;
  }

  /** The column that holds a value over its columns. */
  column(value: Expression): number {
    if (value.kind === 'column') return value.index;
    const known = this.#added.findIndex((output) => sameExpression(output.value, value));
    if (known >= 0) return this.width + known;
    const name = expressionText(value, this.relation.node.output);
    return this.width + this.#added.push({ name, value }) - 1;
  }

  node() {
    if (this.#added.length === 0) return this.relation.node;
    const own = this.relation.columns.map(({ name }, index) => ({
      name,
      value: columnAt(this.relation, index),
    }));
    return calcNode(this.relation.node, null, [...own, ...this.#added]);
  }
}

class JoinBuilder {
  readonly #tree: JoinBranch;
  readonly #left: JoinInput;
  readonly #right: JoinInput;
  readonly #width: number;

  constructor(tree: JoinBranch, left: Relation, right: Relation) {
    this.#tree = tree;
    this.#left = new JoinInput(left);
    this.#right = new JoinInput(right);
    this.#width = left.columns.length;
  }

  build(): Relation {
    const { style, conditions } = this.#tree;
    const [left, right] = [this.#left.relation, this.#right.relation];
    const time = joinTime(style, conditions, left, right);
    const keys = this.#keys(conditions);
    if (time === null) return this.#finish({ kind: 'regular_join', ...this.#parts(keys) }, null, keys);
    const leftUntil = this.#left.column(time.leftUntil);
    const rightUntil = this.#right.column(shiftColumns(time.rightUntil, (index) => index - this.#width));
    const parts = this.#parts(keys);
    const { holdMicros, eventTime } = time;
    return this.#finish(
      { kind: 'time_bounded_join', ...parts, leftUntil, rightUntil, holdMicros, eventTime },
      time,
      keys,
    );
  }

  /** What else an inner join asks of its pairs stands behind it. */
  #finish(node: LogicalNode, time: JoinTime | null, keys: JoinKeys): Relation {
    const relation: Relation = {
      node,
      columns: columnsOfTree(this.#tree),
      eventTime: time?.eventTime ?? null,
      window: time?.window ?? null,
      title: titleOfTree(this.#tree),
    };
    return this.#tree.style === 'inner' ? filtered(relation, keys.rest) : relation;
  }

  #keys(conditions: readonly Expression[]): JoinKeys {
    const keys: JoinKeys = { left: [], right: [], nullSafe: [], rest: [] };
    for (const condition of conditions) {
      const equal = equalitySides(condition, this.#width);
      if (equal === null) keys.rest.push(condition);
      else {
        keys.left.push(this.#left.column(equal.left));
        keys.right.push(this.#right.column(shiftColumns(equal.right, (index) => index - this.#width)));
        keys.nullSafe.push(equal.nullSafe);
      }
    }
    return keys;
  }

  #parts(keys: JoinKeys): LogicalJoinParts {
    const { style, span } = this.#tree;
    const [left, right] = [this.#left.node(), this.#right.node()];
    const before = this.#width;
    const move = (index: number): number => (index < before ? index : index - before + left.output.length);
    const rest = style === 'inner' ? null : conjunction(keys.rest);
    const columns = columnsOfTree(this.#tree);
    return {
      style,
      left,
      right,
      leftKeys: keys.left,
      rightKeys: keys.right,
      nullSafe: keys.nullSafe,
      condition: rest === null ? null : shiftColumns(rest, move),
      columns: columns.map((_, index) => move(index)),
      output: columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
      span,
    };
  }
}

interface JoinKeys {
  readonly left: number[];
  readonly right: number[];
  readonly nullSafe: boolean[];
  /** What is no equality of the two sides. */
  readonly rest: Expression[];
}

/** `a = b` and `a IS NOT DISTINCT FROM b` with a side's columns on either side. */
function equalitySides(
  condition: Expression,
  width: number,
): { readonly left: Expression; readonly right: Expression; readonly nullSafe: boolean } | null {
  if (condition.kind !== 'call') return null;
  const nullSafe = condition.function === 'is_not_distinct';
  if (condition.function !== 'eq' && !nullSafe) return null;
  const [a, b] = condition.arguments;
  if (a === undefined || b === undefined || ['list', 'map', 'json'].includes(a.type.kind)) return null;
  const [of, to] = [sideOf(a, width), sideOf(b, width)];
  if (of === 'left' && to === 'right') return { left: a, right: b, nullSafe };
  return of === 'right' && to === 'left' ? { left: b, right: a, nullSafe } : null;
}
