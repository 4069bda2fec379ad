import type { Statement } from '../ast/statement.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import { describeToken } from '../lex/token.ts';
import { parseCreateConnectionProfile, parseCreateFunction, parseCreateView } from './create-other.ts';
import { parseCreateTable } from './create-table.ts';
import type { Parser } from './parser.ts';
import { parseDescribe, parseSet, parseShow } from './session.ts';

const statementWords = ['SELECT', 'INSERT', 'CREATE', 'WITH', 'EXPLAIN', 'DESCRIBE', 'SHOW', 'SET', 'VALUES'];

/** Statements that other systems know, and what to write instead. */
const foreignStatements: Readonly<Record<string, string>> = {
  EXECUTE: 'write the INSERTs one after the other: all INSERTs of a text run as one pipeline',
  BEGIN: 'write the INSERTs one after the other: all INSERTs of a text run as one pipeline',
  END: 'write the INSERTs one after the other: all INSERTs of a text run as one pipeline',
  DROP: 'a pipeline has exactly the tables that its text creates; remove the CREATE statement',
  ALTER: 'a pipeline has exactly the tables that its text creates; change the CREATE statement',
  UPDATE: 'streams are not updated in place; write INSERT INTO … SELECT',
  DELETE: 'streams are not deleted from; filter with WHERE',
  USE: 'there are no catalogs or databases; name tables by their plain names',
  ADD: 'write CREATE FUNCTION … LANGUAGE javascript',
  RESET: 'settings hold for one text; remove the SET statement',
  TRUNCATE: 'streams are not truncated',
  COPY: "read files through a table with connector = 'single_file'",
};

/** One statement, without its `;`. */
export function parseStatement(parser: Parser): Statement {
  const token = parser.peek();
  switch (token.keyword) {
    case 'CREATE':
      return parseCreate(parser);
    case 'INSERT':
      return parseInsert(parser);
    case 'SELECT':
    case 'WITH':
    case 'VALUES':
    case 'TABLE':
    case '(': {
      const query = parser.rules.query(parser);
      return { kind: 'select', query, span: query.span };
    }
    case 'EXPLAIN':
      return parseExplain(parser);
    case 'DESCRIBE':
    case 'DESC':
      return parseDescribe(parser);
    case 'SHOW':
      return parseShow(parser);
    case 'SET':
      return parseSet(parser);
    default: {
      const foreign = foreignStatements[token.keyword];
      if (foreign !== undefined)
        fail('foreignStatement', token, `there is no ${token.keyword} statement`, foreign);
      const hint =
        token.kind === 'word' ? suggest(token.value, statementWords, 'statements start with') : undefined;
      return fail('unknownStatement', token, `no statement starts with ${describeToken(token)}`, hint);
    }
  }
}

function parseCreate(parser: Parser): Statement {
  const start = parser.expect('CREATE');
  if (parser.accept('OR', 'REPLACE')) {
    fail(
      'foreignStatement',
      parser.previous,
      'nothing is replaced: a text creates each name once',
      'write CREATE',
    );
  }
  const temporary = parser.accept('TEMPORARY') || parser.accept('TEMP');
  switch (parser.peek().keyword) {
    case 'TABLE':
      return parseCreateTable(parser, start, temporary);
    case 'VIEW':
      return parseCreateView(parser, start, temporary);
    case 'FUNCTION':
    case 'ASYNC':
    case 'AGGREGATE':
      return parseCreateFunction(parser, start);
    case 'CONNECTION':
      return parseCreateConnectionProfile(parser, start);
    default:
      return parser.unexpected('TABLE, VIEW, FUNCTION or CONNECTION PROFILE');
  }
}

/** `INSERT INTO t [(columns)] query` */
function parseInsert(parser: Parser): Statement {
  const start = parser.expect('INSERT');
  parser.expect('INTO');
  parser.accept('TABLE');
  const table = parser.objectName('a table');
  const hasColumns = parser.at('(') && !['SELECT', 'WITH', 'VALUES', '('].includes(parser.peek(1).keyword);
  const columns = hasColumns ? parser.parenthesised(() => parser.identifier('a column')) : [];
  const query = parser.rules.query(parser);
  return { kind: 'insert', table, columns, query, span: parser.spanSince(start) };
}

function parseExplain(parser: Parser): Statement {
  const start = parser.expect('EXPLAIN');
  const verbose = parser.accept('VERBOSE');
  if (!verbose && parser.accept('PLAN')) parser.expect('FOR');
  const statement = parser.nested(() => parseStatement(parser));
  return { kind: 'explain', verbose, statement, span: parser.spanSince(start) };
}
