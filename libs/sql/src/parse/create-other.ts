import type {
  CreateConnectionProfile,
  CreateFunction,
  CreateView,
  FunctionParameter,
} from '../ast/create-other.ts';
import type { Identifier, ObjectName } from '../ast/identifier.ts';
import { DiagnosticFailure, fail } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';
import type { Parser } from './parser.ts';
import { acceptNotNull, parseTypeName } from './type-name.ts';
import { parseWithOptions } from './with-options.ts';

/** `VIEW v [(columns)] AS query`; the cursor stands at VIEW. */
export function parseCreateView(parser: Parser, start: Span, temporary: boolean): CreateView {
  parser.expect('VIEW');
  parser.accept('IF', 'NOT', 'EXISTS');
  const name = parser.objectName('the name of a view');
  const columns = parser.at('(') ? parser.parenthesised(() => viewColumn(parser)) : [];
  if (parser.accept('COMMENT')) parser.string('a comment');
  parser.expect('AS');
  const query = parser.rules.query(parser);
  return { kind: 'create_view', name, temporary, columns, query, span: parser.spanSince(start) };
}

/** `name [COMMENT '…']` */
function viewColumn(parser: Parser): Identifier {
  const name = parser.identifier('a column');
  if (parser.accept('COMMENT')) parser.string('a comment');
  return name;
}

/** `CONNECTION PROFILE p WITH (…)`; the cursor stands at CONNECTION. */
export function parseCreateConnectionProfile(parser: Parser, start: Span): CreateConnectionProfile {
  parser.expect('CONNECTION');
  if (!parser.at('PROFILE')) {
    const hint = "write the options of the connection into the table's WITH (…)";
    fail('foreignStatement', parser.previous, 'there is no CREATE CONNECTION', hint);
  }
  parser.expect('PROFILE');
  const ifNotExists = parser.accept('IF', 'NOT', 'EXISTS');
  const name = parser.objectName('the name of a profile');
  if (!parser.at('WITH', '(')) parser.unexpected('WITH (…)', "a profile needs at least 'connector'");
  const options = parseWithOptions(parser);
  return { kind: 'create_connection_profile', name, ifNotExists, options, span: parser.spanSince(start) };
}

/**
 * `[ASYNC | AGGREGATE] FUNCTION f(a BIGINT) RETURNS BIGINT LANGUAGE javascript [WITH (…)] AS $$ … $$`. The forms of Flink (of a class) and
 * PostgreSQL are read as far as the name, and refused by it.
 */
export function parseCreateFunction(parser: Parser, start: Span): CreateFunction {
  const style = parser.accept('ASYNC') ? 'async' : parser.accept('AGGREGATE') ? 'aggregate' : 'scalar';
  parser.accept('SYSTEM');
  parser.expect('FUNCTION');
  parser.accept('IF', 'NOT', 'EXISTS');
  const name = parser.objectName('the name of a function');
  if (parser.atAny(['AS', 'LANGUAGE', 'USING'])) {
    const hint = 'functions of classes are not loaded; use the built-in functions';
    fail('notPlanned', name.span, 'CREATE FUNCTION … AS a class is not supported yet', hint);
  }
  try {
    return functionBehindName(parser, start, style, name);
  } catch (error) {
    if (!(error instanceof DiagnosticFailure)) throw error;
    // Whatever its form is: functions of one's own aren't there.
    return fail(
      'notPlanned',
      name.span,
      'CREATE FUNCTION is not supported yet',
      'use the built-in functions',
    );
  }
}

function functionBehindName(
  parser: Parser,
  start: Span,
  style: CreateFunction['style'],
  name: ObjectName,
): CreateFunction {
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
