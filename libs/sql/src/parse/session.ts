import type { Statement } from '../ast/statement.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Parser } from './parser.ts';
import { parseOptionKey, parseOptionValue } from './with-options.ts';

/** What PostgreSQL sets beside settings; each is followed by no `=`. */
const foreignSettings = ['LOCAL', 'SESSION', 'TIME', 'ROLE', 'TRANSACTION', 'CONSTRAINTS'];

/** `SET key = value`, `SET 'key' = 'value'`, `SET key TO value` */
export function parseSet(parser: Parser): Statement {
  const start = parser.expect('SET');
  const keyToken = parser.peek();
  const next = parser.peek(1).keyword;
  if (parser.atEnd || parser.at(';')) {
    fail('foreignStatement', start, 'SET alone is not supported', 'write SET key = value');
  }
  if (parser.atAny(foreignSettings) && !['=', 'TO', '.', '-'].includes(next)) {
    const hint = 'write SET key = value, such as SET parallelism = 2; times are held at UTC';
    fail('foreignStatement', keyToken, `SET ${keyToken.keyword} is not supported`, hint);
  }
  const key = parseOptionKey(parser);
  const keySpan = parser.spanSince(keyToken);
  if (!parser.accept('TO')) parser.expect('=', 'settings are written SET key = value');
  const value = parseOptionValue(parser);
  if (!parser.atEnd && !parser.at(';')) {
    const hint = `write it in quotes, such as SET ${key} = '10 minutes'`;
    fail('foreignStatement', parser.peek(), 'a value of several words is not supported here', hint);
  }
  return { kind: 'set', key, keySpan, value, span: parser.spanSince(start) };
}

/** What else Flink describes. */
const foreignDescriptions = ['CATALOG', 'DATABASE', 'JOB', 'FUNCTION', 'MODEL', 'EXTENDED'];

/** `DESCRIBE t`, `DESC t` */
export function parseDescribe(parser: Parser): Statement {
  const start = parser.next();
  const what = parser.peek();
  const lone = parser.peek(1).kind === 'end' || parser.peek(1).keyword === ';';
  if (parser.atAny(foreignDescriptions) && !lone) {
    fail('foreignStatement', what, `DESCRIBE ${what.keyword} is not supported`, 'write DESCRIBE and a table');
  }
  parser.accept('TABLE');
  const table = parser.objectName('a table');
  return { kind: 'describe', table, span: parser.spanSince(start) };
}

const shown: Readonly<Record<string, Extract<Statement, { kind: 'show' }>['what']>> = {
  TABLES: 'tables',
  VIEWS: 'views',
  FUNCTIONS: 'functions',
};

/** What to write for what other systems show. */
const showHints: Readonly<Record<string, string>> = {
  CREATE: 'the text of a pipeline holds its CREATE statements: weir status',
  COLUMNS: 'write DESCRIBE t',
  JOBS: 'use the command: weir ls',
  JARS: 'all functions are built in',
  MODULES: 'all functions are built in',
  CATALOGS: 'there are no catalogs or databases',
  DATABASES: 'there are no catalogs or databases',
  CURRENT: 'there are no catalogs or databases',
};

/** `SHOW TABLES | VIEWS | FUNCTIONS | CONNECTION PROFILES` */
export function parseShow(parser: Parser): Statement {
  const start = parser.expect('SHOW');
  const { keyword } = parser.peek();
  const profiles = parser.accept('CONNECTION', 'PROFILES');
  const what = profiles ? 'connection_profiles' : Object.hasOwn(shown, keyword) ? shown[keyword] : undefined;
  if (what === undefined) {
    const hint = Object.hasOwn(showHints, keyword) ? showHints[keyword] : undefined;
    const token = parser.peek();
    if (token.kind !== 'word') parser.unexpected('TABLES, VIEWS, FUNCTIONS or CONNECTION PROFILES');
    const there = 'there are SHOW TABLES, VIEWS, FUNCTIONS and CONNECTION PROFILES';
    fail('foreignStatement', token, `there is no SHOW ${keyword}`, hint ?? there);
  }
  if (!profiles) parser.next();
  if (!parser.atEnd && !parser.at(';')) {
    const hint = `write SHOW ${keyword}`;
    fail('foreignStatement', parser.peek(), `SHOW ${keyword} takes no ${parser.peek().value}`, hint);
  }
  return { kind: 'show', what, span: parser.spanSince(start) };
}
