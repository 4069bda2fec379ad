import type { Statement } from '../ast/statement.ts';
import type { Parser } from './parser.ts';
import { parseOptionKey, parseOptionValue } from './with-options.ts';

/** `SET key = value`, `SET 'key' = 'value'`, `SET key TO value` */
export function parseSet(parser: Parser): Statement {
  const start = parser.expect('SET');
  const keyToken = parser.peek();
  const key = parseOptionKey(parser);
  const keySpan = parser.spanSince(keyToken);
  if (!parser.accept('TO')) parser.expect('=', 'settings are written SET key = value');
  const value = parseOptionValue(parser);
  return { kind: 'set', key, keySpan, value, span: parser.spanSince(start) };
}

/** `DESCRIBE t`, `DESC t` */
export function parseDescribe(parser: Parser): Statement {
  const start = parser.next();
  parser.accept('TABLE');
  const table = parser.objectName('a table');
  return { kind: 'describe', table, span: parser.spanSince(start) };
}

/** `SHOW TABLES | VIEWS | FUNCTIONS | CONNECTION PROFILES` */
export function parseShow(parser: Parser): Statement {
  const start = parser.expect('SHOW');
  const finish = (what: Extract<Statement, { kind: 'show' }>['what']): Statement => ({
    kind: 'show',
    what,
    span: parser.spanSince(start),
  });
  if (parser.accept('TABLES')) return finish('tables');
  if (parser.accept('VIEWS')) return finish('views');
  if (parser.accept('FUNCTIONS')) return finish('functions');
  if (parser.accept('CONNECTION', 'PROFILES')) return finish('connection_profiles');
  return parser.unexpected('TABLES, VIEWS, FUNCTIONS or CONNECTION PROFILES');
}
