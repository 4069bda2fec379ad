import type { Call, Expression, Literal } from '../expression.ts';
import {
  byKind,
  flag,
  index,
  listOf,
  longestOperands,
  name,
  objectOf,
  only,
  ref,
  type JsonSchema,
} from './json-schema.ts';

type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;
type Branch = ExpressionOf<'case'>['branches'][number];

const expression = ref('expression');
const typed = { type: ref('type'), nullable: flag };

const expressions: { readonly [K in Expression['kind']]: JsonSchema } = {
  column: objectOf<ExpressionOf<'column'>>({ kind: only('column'), index, ...typed }),
  literal: objectOf<Literal>({
    kind: only('literal'),
    value: { type: ['string', 'number', 'boolean', 'null'] },
    ...typed,
  }),
  call: objectOf<Call>({
    kind: only('call'),
    function: name,
    arguments: listOf(expression, longestOperands),
    ...typed,
  }),
  case: objectOf<ExpressionOf<'case'>>({
    kind: only('case'),
    branches: listOf(objectOf<Branch>({ when: expression, then: expression })),
    otherwise: expression,
    ...typed,
  }),
  cast: objectOf<ExpressionOf<'cast'>>({ kind: only('cast'), argument: expression, safe: flag, ...typed }),
  field: objectOf<ExpressionOf<'field'>>({ kind: only('field'), argument: expression, index, ...typed }),
};

/** The definition that `ref('expression')` means. */
export const expressionDefinition: JsonSchema = byKind(Object.values(expressions));
