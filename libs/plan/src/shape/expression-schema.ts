import type { Call, Expression, Literal } from '../expression.ts';
import {
  byKind,
  flag,
  index,
  listOf,
  longestOperands,
  name,
  shapeOf,
  only,
  ref,
  type ShapeSchema,
} from './shape-schema.ts';

type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;
type Branch = ExpressionOf<'case'>['branches'][number];

const expression = ref('expression');
const typed = { type: ref('type'), nullable: flag };

const expressions: { readonly [K in Expression['kind']]: ShapeSchema } = {
  column: shapeOf<ExpressionOf<'column'>>({ kind: only('column'), index, ...typed }),
  literal: shapeOf<Literal>({
    kind: only('literal'),
    value: { type: ['string', 'number', 'boolean', 'null'] },
    ...typed,
  }),
  call: shapeOf<Call>({
    kind: only('call'),
    function: name,
    arguments: listOf(expression, longestOperands),
    ...typed,
  }),
  case: shapeOf<ExpressionOf<'case'>>({
    kind: only('case'),
    branches: listOf(shapeOf<Branch>({ when: expression, then: expression })),
    otherwise: expression,
    ...typed,
  }),
  cast: shapeOf<ExpressionOf<'cast'>>({ kind: only('cast'), argument: expression, safe: flag, ...typed }),
  field: shapeOf<ExpressionOf<'field'>>({ kind: only('field'), argument: expression, index, ...typed }),
};

/** The definition that `ref('expression')` means. */
export const expressionDefinition: ShapeSchema = byKind(Object.values(expressions));
