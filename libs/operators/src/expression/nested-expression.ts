import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Expression } from '@weir/plan/expression.ts';

/** A field access resolved: a path into an input column, or another expression of the same value. */
export type ResolvedField =
  | { readonly kind: 'path'; readonly path: readonly number[] }
  | { readonly kind: 'expression'; readonly expression: Expression };

/** Path into the input for `column.field.field`, or null for anything else. */
export function columnPath(expression: Expression): readonly number[] | null {
  if (expression.kind === 'column') return [expression.index];
  if (expression.kind !== 'field') return null;
  const parent = columnPath(expression.argument);
  return parent === null ? null : [...parent, expression.index];
}

/** Moves a field access inwards: into the argument of a struct(), into the branches of a CASE. */
export function fieldOfExpression(field: Extract<Expression, { kind: 'field' }>): ResolvedField {
  const path = columnPath(field);
  if (path !== null) return { kind: 'path', path };
  return { kind: 'expression', expression: fieldOf(field.argument, field) };
}

function fieldOf(argument: Expression, field: Extract<Expression, { kind: 'field' }>): Expression {
  switch (argument.kind) {
    case 'case':
      return {
        kind: 'case',
        branches: argument.branches.map(({ when, then }) => ({ when, then: fieldOf(then, field) })),
        otherwise: fieldOf(argument.otherwise, field),
        type: field.type,
        nullable: true,
      };
    case 'literal':
      return { kind: 'literal', value: null, type: field.type, nullable: true };
    case 'column':
      return { ...field, argument, nullable: true };
    case 'field': {
      const inner = fieldOfExpression(argument);
      if (inner.kind === 'path') return { ...field, argument };
      return fieldOf(inner.expression, field);
    }
    case 'call':
      if (argument.function === 'struct')
        return present(argument.arguments[field.index], 'argument of struct()');
      if (argument.function === 'coalesce') return fieldOf(coalesceAsCase(argument), field);
      break;
    default:
      if (argument.type.kind === 'struct' && argument.argument.type.kind === 'struct') {
        return fieldOf(argument.argument, field);
      }
  }
  throw new WeirError('WEIR-2305', `a field of a value made by ${argument.kind} cannot be read`, {
    hint: 'name the fields first, in a derived table',
  });
}

/** coalesce(a, b, …) of structs as CASE WHEN a IS NOT NULL THEN a … ELSE the last. */
export function coalesceAsCase(call: Extract<Expression, { kind: 'call' }>): Expression {
  const last = present(call.arguments.at(-1), 'argument of coalesce');
  if (call.arguments.length === 1) return last;
  return {
    kind: 'case',
    branches: call.arguments.slice(0, -1).map((argument) => ({
      when: {
        kind: 'call',
        function: 'is_not_null',
        arguments: [argument],
        type: { kind: 'boolean' },
        nullable: false,
      },
      then: argument,
    })),
    otherwise: last,
    type: call.type,
    nullable: call.nullable,
  };
}
