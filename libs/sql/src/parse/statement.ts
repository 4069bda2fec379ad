import type { Identifier } from '../ast/identifier.ts';
import type { Statement } from '../ast/statement.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import { describeToken } from '../lex/token.ts';
import { parseCreateConnectionProfile, parseCreateFunction, parseCreateView } from './create-other.ts';
import { parseCreateTable } from './create-table.ts';
import { refuseForeignCreation, refuseForeignStatement } from './foreign-statements.ts';
import type { Parser } from './parser.ts';
import { parseDescribe, parseSet, parseShow } from './session.ts';

const statementWords = ['SELECT', 'INSERT', 'CREATE', 'WITH', 'EXPLAIN', 'DESCRIBE', 'SHOW', 'SET', 'VALUES'];

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
      refuseForeignStatement(token);
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
  if (parser.at('GLOBAL', 'TEMPORARY') || parser.at('LOCAL', 'TEMPORARY') || parser.at('LOCAL', 'TEMP')) {
    parser.next();
  }
  const temporary = parser.accept('TEMPORARY') || parser.accept('TEMP');
  parser.accept('UNLOGGED');
  switch (parser.peek().keyword) {
    case 'TABLE':
      return parseCreateTable(parser, start, temporary);
    case 'VIEW':
      return parseCreateView(parser, start, temporary);
    case 'SYSTEM':
    case 'FUNCTION':
    case 'ASYNC':
      return parseCreateFunction(parser, start);
    case 'AGGREGATE':
      if (parser.at('AGGREGATE', 'FUNCTION')) return parseCreateFunction(parser, start);
      break;
    case 'CONNECTION':
      return parseCreateConnectionProfile(parser, start);
    default:
      break;
  }
  refuseForeignCreation(parser);
  return parser.unexpected('TABLE, VIEW, FUNCTION or CONNECTION PROFILE');
}

/** `INSERT INTO t [(columns)] query` */
function parseInsert(parser: Parser): Statement {
  const start = parser.expect('INSERT');
  if (parser.at('OVERWRITE')) {
    const hint = 'write INSERT INTO: what a stream has written stays';
    fail('foreignStatement', parser.peek(), 'INSERT OVERWRITE is not supported', hint);
  }
  parser.expect('INTO');
  parser.accept('TABLE');
  const table = parser.objectName('a table');
  if (parser.at('AS')) {
    fail('foreignStatement', parser.peek(), 'an alias of the table is not supported here', 'remove it');
  }
  const hasColumns = parser.at('(') && !['SELECT', 'WITH', 'VALUES', '('].includes(parser.peek(1).keyword);
  const columns = hasColumns ? parser.parenthesised(() => targetColumn(parser)) : [];
  const query = parser.rules.query(parser);
  return { kind: 'insert', table, columns, query, span: parser.spanSince(start) };
}

function targetColumn(parser: Parser): Identifier {
  const column = parser.identifier('a column');
  if (parser.atAny(['.', '['])) {
    const hint = 'name whole columns, and build the value in the query';
    fail('foreignStatement', parser.peek(), 'a part of a column is not supported here', hint);
  }
  return column;
}

/** What Flink and PostgreSQL can show beside the plan. */
const explainDetails = [
  'ESTIMATED_COST',
  'CHANGELOG_MODE',
  'PLAN_ADVICE',
  'JSON_EXECUTION_PLAN',
  'AST',
  'ANALYZE',
];

function parseExplain(parser: Parser): Statement {
  const start = parser.expect('EXPLAIN');
  if (parser.atAny(explainDetails) || parser.at('(', 'ANALYZE') || isOptionList(parser)) {
    const what = parser.at('(') ? 'EXPLAIN (…)' : `EXPLAIN ${parser.peek().keyword}`;
    const hint = 'write EXPLAIN or EXPLAIN VERBOSE';
    fail('foreignStatement', parser.peek(), `${what} is not supported`, hint);
  }
  const verbose = parser.accept('VERBOSE');
  if (!verbose && parser.accept('PLAN')) parser.expect('FOR');
  const statement = parser.nested(() => parseStatement(parser));
  return { kind: 'explain', verbose, statement, span: parser.spanSince(start) };
}

/** `(VERBOSE, FORMAT JSON)` */
function isOptionList(parser: Parser): boolean {
  return (
    parser.at('(') &&
    parser.peek(1).kind === 'word' &&
    !['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(parser.peek(1).keyword)
  );
}
