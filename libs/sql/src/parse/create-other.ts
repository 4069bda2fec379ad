import type {
  CreateConnectionProfile,
  CreateFunction,
  CreateView,
  FunctionParameter,
} from '../ast/create-other.ts';
import type { Span } from '../lex/span.ts';
import type { Parser } from './parser.ts';
import { acceptNotNull, parseTypeName } from './type-name.ts';
import { parseWithOptions } from './with-options.ts';

/** `VIEW v [(columns)] AS query`; the cursor stands at VIEW. */
export function parseCreateView(parser: Parser, start: Span, temporary: boolean): CreateView {
  parser.expect('VIEW');
  parser.accept('IF', 'NOT', 'EXISTS');
  const name = parser.objectName('the name of a view');
  const columns = parser.at('(') ? parser.parenthesised(() => parser.identifier('a column')) : [];
  parser.expect('AS');
  const query = parser.rules.query(parser);
  return { kind: 'create_view', name, temporary, columns, query, span: parser.spanSince(start) };
}

/** `CONNECTION PROFILE p WITH (…)`; the cursor stands at CONNECTION. */
export function parseCreateConnectionProfile(parser: Parser, start: Span): CreateConnectionProfile {
  parser.expect('CONNECTION');
  parser.expect('PROFILE');
  const ifNotExists = parser.accept('IF', 'NOT', 'EXISTS');
  const name = parser.objectName('the name of a profile');
  if (!parser.at('WITH', '(')) parser.unexpected('WITH (…)', "a profile needs at least 'connector'");
  const options = parseWithOptions(parser);
  return { kind: 'create_connection_profile', name, ifNotExists, options, span: parser.spanSince(start) };
}

/** `[ASYNC | AGGREGATE] FUNCTION f(a BIGINT) RETURNS BIGINT LANGUAGE javascript [WITH (…)] AS $$ … $$` */
export function parseCreateFunction(parser: Parser, start: Span): CreateFunction {
  const style = parser.accept('ASYNC') ? 'async' : parser.accept('AGGREGATE') ? 'aggregate' : 'scalar';
  parser.expect('FUNCTION');
  const name = parser.objectName('the name of a function');
  parser.expect('(');
  const parameters = parser.at(')') ? [] : parser.list(() => parseParameter(parser));
  parser.expect(')');
  parser.expect('RETURNS');
  const returns = parseTypeName(parser);
  const returnsNotNull = acceptNotNull(parser);
  parser.expect('LANGUAGE');
  const language = parser.label('a language, such as javascript');
  const options = parseWithOptions(parser);
  parser.expect('AS');
  const bodyToken = parser.peek();
  const body = parser.string('the body between $$ and $$');
  return {
    kind: 'create_function',
    name,
    style,
    parameters,
    returns,
    returnsNotNull,
    language,
    options,
    body,
    bodySpan: { start: bodyToken.start, end: bodyToken.end },
    span: parser.spanSince(start),
  };
}

/** `a BIGINT [NOT NULL]`, or the type alone. */
function parseParameter(parser: Parser): FunctionParameter {
  const start = parser.peek();
  const alone = [',', ')', '(', '[', '<'].includes(parser.peek(1).keyword);
  const name = alone ? null : parser.identifier('the name of a parameter');
  const type = parseTypeName(parser);
  return { name, type, notNull: acceptNotNull(parser), span: parser.spanSince(start) };
}
