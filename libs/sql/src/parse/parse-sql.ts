import type { Statement } from '../ast/statement.ts';
import { type Diagnostic, DiagnosticFailure } from '../diagnostics/diagnostic.ts';
import { lex } from '../lex/lexer.ts';
import { parseExpression } from './expression.ts';
import { Parser } from './parser.ts';
import { parseQuery } from './query.ts';
import { parseStatement } from './statement.ts';

export interface ParseResult {
  /** Those statements that could be read. */
  readonly statements: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a text of statements separated by `;`. Never throws: an error costs its statement, and reading goes on behind the next `;`. */
export function parseSql(text: string): ParseResult {
  const { tokens, diagnostics: lexical } = lex(text);
  const diagnostics: Diagnostic[] = [...lexical];
  const parser = new Parser(tokens, { expression: parseExpression, query: parseQuery });
  const statements: Statement[] = [];
  while (!parser.atEnd) {
    if (parser.accept(';')) continue;
    const start = parser.peek();
    try {
      const statement = parseStatement(parser);
      if (!parser.atEnd && !parser.at(';')) parser.unexpected("';' or the end of the statement");
      statements.push(statement);
    } catch (error) {
      if (!(error instanceof DiagnosticFailure)) throw error;
      parser.skipStatement();
      // A broken token was reported already; what it does to the grammar behind it is no news.
      const end = parser.peek().start;
      const lexicalInside = lexical.some(({ span }) => span.start >= start.start && span.start < end);
      if (!lexicalInside) diagnostics.push(error.diagnostic);
    }
  }
  return { statements, diagnostics: diagnostics.toSorted((a, b) => a.span.start - b.span.start) };
}
