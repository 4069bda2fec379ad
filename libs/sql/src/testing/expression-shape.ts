import type { Expr } from '../ast/query.ts';
import { formatName } from '../ast/identifier.ts';

/** An expression with all its parentheses, so that tests see how it was grouped: `((a + (b * c)) = d)`. */
export function shapeOf(expr: Expr): string {
  switch (expr.kind) {
    case 'name':
      return expr.parts.map((part) => part.name).join('.');
    case 'number':
      return expr.text;
    case 'string':
      return `'${expr.value}'`;
    case 'boolean':
      return String(expr.value);
    case 'null':
      return 'null';
    case 'star':
      return '*';
    case 'interval':
      return `interval[${expr.text}${expr.unit === null ? '' : ` ${expr.unit.from}`}]`;
    case 'unary':
      return `(${expr.operator.toLowerCase()} ${shapeOf(expr.operand)})`;
    case 'binary':
      return `(${shapeOf(expr.left)} ${expr.operator.toLowerCase()} ${shapeOf(expr.right)})`;
    case 'is':
      return `(${shapeOf(expr.operand)} is ${expr.not ? 'not ' : ''}${expr.what})`;
    case 'is_distinct':
      return `(${shapeOf(expr.left)} is ${expr.not ? 'not ' : ''}distinct ${shapeOf(expr.right)})`;
    case 'between':
      return `(${shapeOf(expr.operand)} ${expr.not ? 'not ' : ''}between ${shapeOf(expr.low)} ${shapeOf(expr.high)})`;
    case 'in_list':
      return `(${shapeOf(expr.operand)} ${expr.not ? 'not ' : ''}in ${expr.items.map(shapeOf).join(',')})`;
    case 'like':
      return `(${shapeOf(expr.operand)} ${expr.not ? 'not ' : ''}${expr.style} ${shapeOf(expr.pattern)})`;
    case 'cast':
      return `cast(${shapeOf(expr.operand)} ${expr.type.kind === 'simple' ? expr.type.name.toLowerCase() : expr.type.kind})`;
    case 'call': {
      const args = expr.arguments.map((argument) =>
        argument.kind === 'value' ? shapeOf(argument.value) : argument.kind,
      );
      return `${formatName(expr.name).toLowerCase()}(${args.join(', ')})`;
    }
    case 'extract':
      return `extract(${expr.field.name.toLowerCase()} ${shapeOf(expr.from)})`;
    case 'field':
      return `${shapeOf(expr.of)}.${expr.name.name}`;
    case 'subscript':
      return `${shapeOf(expr.of)}[${shapeOf(expr.index)}]`;
    case 'row':
      return `row(${expr.items.map(({ value }) => shapeOf(value)).join(', ')})`;
    case 'array':
      return `array(${expr.items.map(shapeOf).join(', ')})`;
    case 'at_time_zone':
      return `(${shapeOf(expr.operand)} at ${shapeOf(expr.zone)})`;
    case 'case':
      return `case(${[
        ...(expr.operand === null ? [] : [shapeOf(expr.operand)]),
        ...expr.branches.map(({ when, then }) => `${shapeOf(when)}:${shapeOf(then)}`),
        ...(expr.otherwise === null ? [] : [shapeOf(expr.otherwise)]),
      ].join(', ')})`;
    default:
      return expr.kind;
  }
}
