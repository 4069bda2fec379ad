import type { Statement } from '../ast/statement.ts';
import type { Span } from '../lex/span.ts';
import type { Parser } from './parser.ts';

/**
 * Flink's statement sets, in all their spellings:
 * ```
 * EXECUTE STATEMENT SET BEGIN INSERT …; INSERT …; END;
 * BEGIN STATEMENT SET; INSERT …; INSERT …; END;
 * EXPLAIN STATEMENT SET BEGIN INSERT …; INSERT …; END;
 * ```
 * All INSERTs of a text are one pipeline, so that a set is its INSERTs.
 */
export class StatementSets {
  readonly #parser: Parser;
  #open: (Span & { readonly explain: boolean }) | null = null;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** Where the set begins that was not closed. */
  get open(): Span | null {
    return this.#open;
  }

  /** Reads the beginning or the end of a set, or the EXECUTE before an INSERT; false if none stands here. */
  acceptEdge(): boolean {
    const parser = this.#parser;
    const start = parser.peek();
    if (this.#open === null) {
      const explain = parser.at('EXPLAIN', 'STATEMENT');
      const executed = explain || parser.at('EXECUTE', 'STATEMENT');
      const edge = executed ? parser.at(start.keyword, 'STATEMENT', 'SET', 'BEGIN') : false;
      const begun = edge
        ? parser.accept(start.keyword, 'STATEMENT', 'SET', 'BEGIN')
        : parser.accept('BEGIN', 'STATEMENT', 'SET', ';');
      if (begun) this.#open = { start: start.start, end: parser.previous.end, explain };
      return begun || this.#acceptExecute();
    }
    if (!this.#atEndOfSet()) return this.#acceptExecute();
    parser.next();
    this.#open = null;
    return true;
  }

  /** A statement of an explained set is explained. */
  explained(statement: Statement): Statement {
    if (this.#open?.explain !== true) return statement;
    return { kind: 'explain', verbose: false, statement, span: statement.span };
  }

  #atEndOfSet(): boolean {
    const after = this.#parser.peek(1);
    return this.#parser.at('END') && (after.kind === 'end' || after.keyword === ';');
  }

  #acceptExecute(): boolean {
    const parser = this.#parser;
    const next = ['INSERT', 'SELECT', 'WITH', 'VALUES'].includes(parser.peek(1).keyword);
    return next && parser.accept('EXECUTE');
  }
}
