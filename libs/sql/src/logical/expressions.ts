import type { SqlType } from '@weir/columnar/sql-type.ts';
import { booleanType } from '@weir/columnar/sql-type.ts';
import type { Call, Expression } from '@weir/plan/expression.ts';
import { partsOf } from '@weir/plan/expression-parts.ts';
import { unreachable } from '@weir/kernel/assert.ts';

export type ColumnExpression = Extract<Expression, { kind: 'column' }>;

export function column(index: number, type: SqlType, nullable: boolean): ColumnExpression {
  return { kind: 'column', index, type, nullable };
}

/** A call that is NULL exactly where an argument is. */
export function strictCall(name: string, args: readonly Expression[], type: SqlType): Call {
  const nullable = args.some((argument) => argument.nullable);
  return { kind: 'call', function: name, arguments: args, type, nullable };
}

export function call(name: string, args: readonly Expression[], type: SqlType, nullable: boolean): Call {
  return { kind: 'call', function: name, arguments: args, type, nullable };
}

/** The expression with its direct parts mapped. */
export function mapParts(expression: Expression, map: (part: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return expression;
    case 'call':
      return { ...expression, arguments: expression.arguments.map(map) };
    case 'case':
      return {
        ...expression,
        branches: expression.branches.map(({ when, then }) => ({ when: map(when), then: map(then) })),
        otherwise: map(expression.otherwise),
      };
    case 'cast':
    case 'field':
      return { ...expression, argument: map(expression.argument) };
    default:
      return unreachable(expression);
  }
}

/** Replaces every column reference. */
export function replaceColumns(
  expression: Expression,
  replace: (reference: ColumnExpression) => Expression,
): Expression {
  if (expression.kind === 'column') return replace(expression);
  return mapParts(expression, (part) => replaceColumns(part, replace));
}

/** Moves column references to new places. */
export function shiftColumns(expression: Expression, place: (index: number) => number): Expression {
  return replaceColumns(expression, (reference) => ({ ...reference, index: place(reference.index) }));
}

/** Calls, cases and casts in it: how much work it is. */
export function workOf(expression: Expression): number {
  const own = expression.kind === 'column' || expression.kind === 'literal' ? 0 : 1;
  return partsOf(expression).reduce((sum, part) => sum + workOf(part), own);
}

/** Same computation: plans are plain data, built in one order. */
export function sameExpression(a: Expression, b: Expression): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `a AND b AND c`, flat; conditions of nested ANDs are taken in, in their order. */
export function conjunction(conditions: readonly Expression[]): Expression | null {
  const flat = conditions.flatMap((condition) =>
    condition.kind === 'call' && condition.function === 'and' ? condition.arguments : [condition],
  );
  const [first] = flat;
  if (first === undefined) return null;
  return flat.length === 1 ? first : strictCall('and', flat, booleanType);
}
