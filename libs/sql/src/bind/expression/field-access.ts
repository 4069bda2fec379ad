import { formatType } from '@weir/columnar/sql-type.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { Identifier } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';

/** `value.field` of a struct; of a struct that was just built, the part itself. */
export function fieldAccess(value: Expression, field: Identifier, span: Span): Expression {
  if (value.type.kind === 'json') {
    fail(
      'unknownField',
      span,
      `'${field.name}' is inside JSON`,
      `write -> '${field.name}' for JSON, ->> '${field.name}' for its text`,
    );
  }
  if (value.type.kind !== 'struct') {
    fail('unknownField', span, `${formatType(value.type)} has no fields, so no '${field.name}'`);
  }
  const { fields } = value.type;
  const exact = fields.findIndex(({ name }) => name === field.name);
  const loose = field.quoted
    ? -1
    : fields.findIndex(({ name }) => name.toLowerCase() === field.name.toLowerCase());
  const index = exact >= 0 ? exact : loose;
  const found = fields[index];
  if (found === undefined) {
    const names = fields.map(({ name }) => name);
    return fail(
      'unknownField',
      field.span,
      `no field '${field.name}' in the struct`,
      suggest(field.name, names, 'fields'),
    );
  }
  if (value.kind === 'call' && value.function === 'struct') {
    const part = value.arguments[index];
    if (part !== undefined) return part;
  }
  return {
    kind: 'field',
    argument: value,
    index,
    type: found.type,
    nullable: value.nullable || found.nullable,
  };
}
