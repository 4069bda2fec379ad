import type { Statement } from '../ast/statement.ts';
import { diagnose, type Diagnostic, DiagnosticFailure } from '../diagnostics/diagnostic.ts';
import { lex } from '../lex/lexer.ts';
import type { Token } from '../lex/token.ts';
import { parseExpression } from './expression.ts';
import { Parser } from './parser.ts';
import { parseQuery } from './query.ts';
import { parseStatement } from './statement.ts';
import { StatementSets } from './statement-sets.ts';
import { type UnreadNames, unreadNames } from './unread-names.ts';

export interface ParseResult {
  /** Those statements that could be read. */
  readonly statements: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the others were about, so that it isn't missed. */
  readonly unread: UnreadNames;
}

/** Reads a text of statements separated by `;`. Never throws: an error costs its statement, and reading goes on behind the next `;`. */
export function parseSql(text: string): ParseResult {
  const { tokens, diagnostics: lexical } = lex(text);
  const diagnostics: Diagnostic[] = [...lexical];
  const parser = new Parser(tokens, { expression: parseExpression, query: parseQuery });
  const sets = new StatementSets(parser);
  const statements: Statement[] = [];
  const failed: Token[][] = [];
  while (!parser.atEnd) {
    if (parser.accept(';') || sets.acceptEdge()) continue;
    const start = parser.peek();
    try {
      const statement = sets.explained(parseStatement(parser));
      if (!parser.atEnd && !parser.at(';')) parser.unexpected("';' or the end of the statement");
      statements.push(statement);
    } catch (error) {
      if (!(error instanceof DiagnosticFailure)) throw error;
      parser.skipStatement();
      // A broken token was reported already; what it does to the grammar behind it is no news.
      const end = parser.peek().start;
      failed.push(tokens.filter((token) => token.start >= start.start && token.start < end));
      const lexicalInside = lexical.some(
        ({ span, severity }) => severity === 'error' && span.start >= start.start && span.start < end,
      );
      if (!lexicalInside) diagnostics.push(error.diagnostic);
    }
  }
  const open = sets.open;
  if (open !== null) {
    diagnostics.push(diagnose('unexpectedToken', open, 'this statement set has no end', 'close it with END'));
  }
  return {
    statements,
    diagnostics: diagnostics.toSorted((a, b) => a.span.start - b.span.start),
    unread: unreadNames(failed),
  };
}
