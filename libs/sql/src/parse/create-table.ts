import type { ColumnDefinition, CreateTable, PrimaryKey, WatermarkClause } from '../ast/create-table.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';
import { parseColumn, refuseConstraint } from './column-definition.ts';
import type { Parser } from './parser.ts';
import { parseWithOptions } from './with-options.ts';

interface TableElements {
  readonly columns: ColumnDefinition[];
  primaryKey: PrimaryKey | null;
  watermark: WatermarkClause | null;
}

/** `CREATE [TEMPORARY] TABLE [IF NOT EXISTS] t [( elements )] [WITH ( options )] [AS query]`; the cursor stands at TABLE. */
export function parseCreateTable(parser: Parser, start: Span, temporary: boolean): CreateTable {
  parser.expect('TABLE');
  const ifNotExists = parser.accept('IF', 'NOT', 'EXISTS');
  const name = parser.objectName('the name of a table');
  const elements: TableElements = { columns: [], primaryKey: null, watermark: null };
  if (parser.accept('(')) {
    if (parser.at('LIKE')) parser.unexpected('a column');
    while (!parser.at(')')) {
      parseElement(parser, elements);
      if (!parser.accept(',')) break;
    }
    parser.expect(')');
  }
  refusePartitioning(parser);
  if (parser.accept('COMMENT')) {
    parser.string('a comment');
    refusePartitioning(parser);
  }
  const options = parseWithOptions(parser);
  refusePartitioning(parser);
  const query = parser.accept('AS') ? parser.rules.query(parser) : null;
  return {
    kind: 'create_table',
    name,
    temporary,
    ifNotExists,
    ...elements,
    options,
    query,
    span: parser.spanSince(start),
  };
}

function refusePartitioning(parser: Parser): void {
  if (!parser.atAny(['PARTITIONED', 'DISTRIBUTED', 'CLUSTER', 'PARTITION']) || parser.at('PARTITION', 'OF'))
    return;
  const word = parser.peek().keyword;
  fail(
    'foreignStatement',
    parser.peek(),
    `Weir's tables have no ${word} BY`,
    "a Kafka sink is partitioned by 'sink.key_field'",
  );
}

function parseElement(parser: Parser, elements: TableElements): void {
  const start = parser.peek();
  if (parser.at('WATERMARK', 'FOR')) {
    if (elements.watermark !== null) {
      fail('repeatedClause', start, 'a table has one WATERMARK, this is the second');
    }
    elements.watermark = parseWatermark(parser);
    return;
  }
  const named = parser.accept('CONSTRAINT');
  if (named) parser.identifier('the name of a constraint');
  if (parser.at('PRIMARY', 'KEY')) {
    setPrimaryKey(elements, parsePrimaryKey(parser));
    return;
  }
  const constraint =
    ['(', 'NULLS', 'USING'].includes(parser.peek(1).keyword) || parser.at('FOREIGN', 'KEY') || named;
  if (constraint && parser.atAny(['UNIQUE', 'FOREIGN', 'CHECK', 'EXCLUDE'])) refuseConstraint(parser);
  if (named) parser.unexpected('PRIMARY KEY', 'other constraints are not known');
  const { column, primaryKey } = parseColumn(parser);
  elements.columns.push(column);
  if (primaryKey !== null) setPrimaryKey(elements, primaryKey);
}

function setPrimaryKey(elements: TableElements, key: PrimaryKey): void {
  if (elements.primaryKey !== null) {
    const hint = 'name all its columns in one: PRIMARY KEY (a, b)';
    fail('repeatedClause', key.span, 'a table has one PRIMARY KEY, this is the second', hint);
  }
  elements.primaryKey = key;
}

/** `WATERMARK FOR ts [AS ts - INTERVAL '5 seconds']` */
function parseWatermark(parser: Parser): WatermarkClause {
  const start = parser.peek();
  parser.accept('WATERMARK', 'FOR');
  const column = parser.objectName('the event-time column');
  const value = parser.accept('AS') ? parser.rules.expression(parser) : null;
  return { column, value, span: parser.spanSince(start) };
}

/** `PRIMARY KEY (a, b) [[NOT] ENFORCED]` */
function parsePrimaryKey(parser: Parser): PrimaryKey {
  const start = parser.peek();
  parser.accept('PRIMARY', 'KEY');
  const columns = parser.parenthesised(() => parser.identifier('a column'));
  const enforced = parser.accept('ENFORCED');
  if (!enforced) parser.accept('NOT', 'ENFORCED');
  if (parser.atAny(['INCLUDE', 'DEFERRABLE', 'INITIALLY', 'USING', 'WITH'])) {
    const hint = 'write PRIMARY KEY (columns) NOT ENFORCED';
    fail(
      'foreignStatement',
      parser.peek(),
      `${parser.peek().keyword} of a PRIMARY KEY is not supported`,
      hint,
    );
  }
  return { columns, enforced, span: parser.spanSince(start) };
}
