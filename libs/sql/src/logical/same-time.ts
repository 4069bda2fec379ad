import type { Expression } from '@weir/plan/expression.ts';
import { sameExpression } from './expressions.ts';
import type { LogicalNode } from './nodes.ts';

/** Do two columns of a node hold the same time in every row, give or take their precision? True where one column was selected twice. */
export function sameTime(node: LogicalNode, a: number, b: number): boolean {
  if (a === b) return true;
  switch (node.kind) {
    case 'calc':
      return sameValue(node.input, node.projections[a], node.projections[b]);
    case 'union':
      return node.inputs.every((input) => sameTime(input, a, b));
    case 'watermark':
    case 'window_assign': {
      const width = node.input.output.length;
      return a < width && b < width && sameTime(node.input, a, b);
    }
    default:
      return false;
  }
}

function sameValue(input: LogicalNode, a: Expression | undefined, b: Expression | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const [x, y] = [plainTime(a), plainTime(b)];
  if (x.kind === 'column' && y.kind === 'column') return sameTime(input, x.index, y.index);
  return sameExpression(x, y);
}

/** Without casts between timestamps: a UNION casts its branches to a common precision. */
function plainTime(expression: Expression): Expression {
  const isTime = expression.kind === 'cast' && expression.type.kind === 'timestamp';
  return isTime && expression.argument.type.kind === 'timestamp'
    ? plainTime(expression.argument)
    : expression;
}
