import type { Expr, Query } from '../ast/query.ts';
import type { Identifier, ObjectName } from '../ast/identifier.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';
import { describeToken, type Token } from '../lex/token.ts';
import { present } from '@weir/kernel/assert.ts';
import { nearestName } from '@weir/kernel/nearest-name.ts';
import { foreignClauseForAlias, refuseForeign } from './foreign-clauses.ts';
import { isReserved } from './reserved-words.ts';

/** Rules that call each other across files: handed over at the start, so that files needn't import in circles. */
export interface ParseRules {
  /** `least`: only operators that bind stronger are read (powers.ts); 0 when left out. */
  readonly expression: (parser: Parser, least?: number) => Expr;
  readonly query: (parser: Parser) => Query;
}

/** Keywords that are taken for a name, or an alias, when they are misspelt. */
const misspelt = [
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'UNION',
  'JOIN',
  'VALUES',
  'INTO',
];

function keywordHint(token: Token): string | undefined {
  if (token.kind !== 'word' || token.value.length < 3 || isReserved(token.keyword)) return undefined;
  const nearest = nearestName(token.value, misspelt);
  return nearest === undefined ? undefined : `did you mean ${nearest}?`;
}

/** Deeper input than any person writes ends with a diagnostic, not with a full stack. */
const maximumDepth = 200;

/**
 * A cursor over the tokens of a text with the moves that all rules share. `accept…` moves on only if it fits; `expect…` fails with a
 * diagnostic (DiagnosticFailure), which the statement list catches.
 */
export class Parser {
  readonly rules: ParseRules;
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], rules: ParseRules) {
    this.#tokens = [...tokens];
    this.rules = rules;
  }

  /** The token `ahead` places on; the end token beyond the end. */
  peek(ahead = 0): Token {
    return present(this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)], 'a token');
  }

  /** The token before the cursor: its end is the end of what was just read. */
  get previous(): Token {
    return present(this.#tokens[Math.max(0, this.#at - 1)], 'a token');
  }

  get atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** From a token read earlier to the last one read. */
  spanSince(start: Span): Span {
    return { start: start.start, end: Math.max(start.end, this.previous.end) };
  }

  /** Is the next token this keyword or operator (upper case)? With several: do they follow in this order? */
  at(...keywords: readonly string[]): boolean {
    return keywords.every((keyword, index) => this.peek(index).keyword === keyword);
  }

  /** Is the next token one of these keywords or operators? */
  atAny(keywords: readonly string[]): boolean {
    const { keyword } = this.peek();
    return keyword !== '' && keywords.includes(keyword);
  }

  accept(...keywords: readonly string[]): boolean {
    if (!this.at(...keywords)) return false;
    this.#at += keywords.length;
    return true;
  }

  expect(keyword: string, hint?: string): Token {
    if (this.peek().keyword !== keyword) this.unexpected(`'${keyword}'`, hint);
    return this.next();
  }

  /** What stands here can't stand here: refused by its name if it is something that other systems have. */
  unexpected(expected: string, hint?: string): never {
    refuseForeign(this);
    const token = this.peek();
    const advice = hint ?? keywordHint(this.previous) ?? keywordHint(token);
    fail('unexpectedToken', token, `expected ${expected}, found ${describeToken(token)}`, advice);
  }

  /** The closing `>` of a type; splits `>>`, so that `ARRAY<ARRAY<INT>>` needs no space. */
  expectTypeEnd(): void {
    const token = this.peek();
    if (token.keyword === '>>') {
      const middle = token.start + 1;
      this.#tokens.splice(
        this.#at,
        1,
        { ...token, end: middle, value: '>', keyword: '>' },
        { ...token, start: middle, value: '>', keyword: '>' },
      );
    }
    this.expect('>');
  }

  /** One or more of a rule, separated by commas. */
  list<T>(rule: () => T): T[] {
    const items = [rule()];
    while (this.accept(',')) items.push(rule());
    return items;
  }

  /** `( rule, rule )` */
  parenthesised<T>(rule: () => T): T[] {
    this.expect('(');
    const items = this.list(rule);
    this.expect(')');
    return items;
  }

  /** A name where only a name can stand. Reserved words need quotes. */
  identifier(what = 'a name'): Identifier {
    const token = this.peek();
    if (token.kind === 'quoted') {
      this.next();
      if (token.value === '') fail('unexpectedToken', token, `${what} can't be empty`);
      return { name: token.value, quoted: true, span: this.#spanOf(token) };
    }
    if (token.kind !== 'word') this.unexpected(what);
    if (isReserved(token.keyword)) {
      refuseForeign(this);
      fail(
        'reservedWord',
        token,
        `expected ${what}, found the keyword ${token.keyword}`,
        `write "${token.value}" in double quotes to use it as a name`,
      );
    }
    this.next();
    return { name: token.value, quoted: false, span: this.#spanOf(token) };
  }

  /** A name after a dot, or a key: any word will do. */
  label(what = 'a name'): Identifier {
    const token = this.peek();
    if (token.kind !== 'word') return this.identifier(what);
    this.next();
    return { name: token.value, quoted: false, span: this.#spanOf(token) };
  }

  objectName(what = 'a name'): ObjectName {
    const parts = [this.identifier(what)];
    const start = parts[0]?.span ?? this.peek();
    while (this.accept('.')) parts.push(this.label());
    return { parts, span: this.spanSince(start) };
  }

  /** `AS name`, or just a name that is no keyword. */
  acceptAlias(): Identifier | null {
    if (this.accept('AS')) {
      const token = this.peek();
      // After AS any word may stand, as in PostgreSQL.
      return token.kind === 'word' ? this.label() : this.identifier('an alias');
    }
    const token = this.peek();
    if (token.kind === 'quoted') return this.identifier();
    if (token.kind !== 'word' || isReserved(token.keyword) || this.#startsClause(token)) return null;
    if (foreignClauseForAlias(this)) return null;
    return this.identifier();
  }

  /** `OFFSET 5` and `WINDOW w AS` behind a table are clauses, though both words may be names. */
  #startsClause(token: Token): boolean {
    if (token.keyword === 'OFFSET') return this.peek(1).kind === 'number';
    return token.keyword === 'WINDOW' && this.peek(2).keyword === 'AS';
  }

  /** Refuses what is known and not there yet, by its name. */
  notPlanned(at: Span, what: string, hint?: string): never {
    fail('notPlanned', at, `${what} is not supported yet`, hint);
  }

  string(what: string): string {
    const token = this.peek();
    if (token.kind !== 'string') this.unexpected(what);
    this.next();
    return token.value;
  }

  /** An unsigned whole number, for type parameters. */
  wholeNumber(what: string): number {
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d{1,10}$/.test(token.value)) this.unexpected(what);
    this.next();
    return Number(token.value);
  }

  /** Runs a rule one level deeper. */
  nested<T>(rule: () => T): T {
    this.#depth++;
    if (this.#depth > maximumDepth) {
      fail(
        'nestedTooDeep',
        this.peek(),
        `nested more than ${maximumDepth} levels deep`,
        'split it into views',
      );
    }
    try {
      return rule();
    } finally {
      this.#depth--;
    }
  }

  /** A place to come back to, for the few rules that must look ahead without bound. */
  attempt<T>(rule: () => T | undefined): T | undefined {
    const at = this.#at;
    const result = rule();
    if (result === undefined) this.#at = at;
    return result;
  }

  /** Goes on behind the next `;` (or at the end): where parsing starts again after an error. */
  skipStatement(): void {
    this.#depth = 0;
    while (!this.atEnd && !this.at(';')) this.next();
  }

  #spanOf(token: Token): Span {
    return { start: token.start, end: token.end };
  }
}
