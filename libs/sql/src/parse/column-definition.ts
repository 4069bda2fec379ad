import type { ColumnDefinition, GeneratedColumn, MetadataColumn, PrimaryKey } from '../ast/create-table.ts';
import type { Expr } from '../ast/query.ts';
import type { Identifier } from '../ast/identifier.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';
import type { Parser } from './parser.ts';
import { parseTypeName } from './type-name.ts';

/** Parts of a column that may stand in any order behind its type. */
interface ColumnParts {
  notNull: boolean;
  default: Expr | null;
  generated: GeneratedColumn | null;
  metadata: MetadataColumn | null;
  comment: string | null;
  primaryKey: PrimaryKey | null;
}

/** `name type {NOT NULL | PRIMARY KEY | DEFAULT e | GENERATED … | METADATA … | COMMENT '…'}` or `name AS e`. */
export function parseColumn(parser: Parser): { column: ColumnDefinition; primaryKey: PrimaryKey | null } {
  const name = parser.identifier('the name of a column');
  const parts: ColumnParts = {
    notNull: false,
    default: null,
    generated: null,
    metadata: null,
    comment: null,
    primaryKey: null,
  };
  if (parser.atAny([',', ')'])) {
    const hint = `write its type: ${name.name} BIGINT, or no columns before AS SELECT`;
    fail('notPlanned', name.span, `the column '${name.name}' without a type is not supported yet`, hint);
  }
  const computed = parser.at('AS');
  const type = computed ? null : parseTypeName(parser);
  if (computed) {
    const start = parser.next();
    const value = parser.rules.expression(parser);
    const stored = parser.accept('PERSISTED');
    parts.generated = { value, stored, span: parser.spanSince(start) };
  }
  while (parseColumnPart(parser, name, parts));
  const { primaryKey, ...rest } = parts;
  return { column: { name, type, ...rest, span: parser.spanSince(name.span) }, primaryKey };
}

/** Reads one part; false where none begins. */
function parseColumnPart(parser: Parser, name: Identifier, parts: ColumnParts): boolean {
  const start = parser.peek();
  if (parser.accept('NOT', 'NULL')) {
    parts.notNull = true;
  } else if (parser.accept('NULL')) {
    parts.notNull = false;
  } else if (parser.accept('PRIMARY', 'KEY')) {
    const enforced = parser.accept('ENFORCED');
    if (!enforced) parser.accept('NOT', 'ENFORCED');
    parts.primaryKey = { columns: [name], enforced, span: parser.spanSince(start) };
  } else if (parser.accept('DEFAULT')) {
    once(parts.default, start, 'DEFAULT');
    parts.default = parser.rules.expression(parser);
  } else if (parser.at('GENERATED')) {
    once(parts.generated, start, 'GENERATED');
    parts.generated = parseGenerated(parser);
  } else if (parser.at('METADATA')) {
    once(parts.metadata, start, 'METADATA');
    parts.metadata = parseMetadata(parser);
  } else if (parser.at('CONSTRAINT')) {
    parser.next();
    parser.identifier('the name of a constraint');
  } else if (parser.atAny(foreignParts)) {
    refuseConstraint(parser);
  } else if (parser.accept('COMMENT')) {
    parts.comment = parser.string('a comment');
  } else {
    return false;
  }
  return true;
}

/** Parts of a column in PostgreSQL that Weir's columns don't have. */
const foreignParts = [
  'REFERENCES',
  'UNIQUE',
  'CHECK',
  'COLLATE',
  'STORAGE',
  'COMPRESSION',
  'AUTO_INCREMENT',
  'IDENTITY',
  'ON',
];

/** @throws DiagnosticFailure foreignStatement, always */
export function refuseConstraint(parser: Parser): never {
  const token = parser.peek();
  const hint = {
    CHECK: 'filter with WHERE in the query that writes it',
    COLLATE: 'texts are compared by their bytes',
    UNIQUE: 'only PRIMARY KEY is known',
  }[token.keyword];
  const what = `${token.keyword} of a table or a column is not supported`;
  return fail('foreignStatement', token, what, hint ?? 'only PRIMARY KEY and NOT NULL are known');
}

function once(before: unknown, at: Span, what: string): void {
  if (before !== null) fail('repeatedClause', at, `this column has ${what} already`);
}

/** `GENERATED ALWAYS AS (e) [STORED | VIRTUAL]` */
function parseGenerated(parser: Parser): GeneratedColumn {
  const start = parser.expect('GENERATED');
  if (parser.at('BY', 'DEFAULT') || parser.at('ALWAYS', 'AS', 'IDENTITY')) {
    const hint = 'compute the value in the query that writes it';
    fail('foreignStatement', start, 'GENERATED … AS IDENTITY is not supported', hint);
  }
  parser.expect('ALWAYS');
  parser.expect('AS');
  parser.expect('(');
  const value = parser.rules.expression(parser);
  parser.expect(')');
  const stored = parser.accept('STORED');
  if (!stored) parser.accept('VIRTUAL');
  return { value, stored, span: parser.spanSince(start) };
}

/** `METADATA [FROM 'offset'] [VIRTUAL]` */
function parseMetadata(parser: Parser): MetadataColumn {
  const start = parser.expect('METADATA');
  const key = parser.accept('FROM') ? parser.string("a metadata key, such as 'offset'") : null;
  const virtual = parser.accept('VIRTUAL');
  return { key, virtual, span: parser.spanSince(start) };
}
