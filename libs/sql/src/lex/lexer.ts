import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { hintProblem } from './optimizer-hint.ts';
import { readString } from './read-string.ts';
import { readUnicodeString } from './read-unicode-string.ts';
import type { Token, TokenKind } from './token.ts';

/** Longest first, so that the first that fits is the right one. */
const operators = [
  '!~*',
  '->>',
  '#>>',
  '<=>',
  '::',
  '->',
  '#>',
  '||',
  '<>',
  '!=',
  '<=',
  '>=',
  '=>',
  ':=',
  '==',
  '~*',
  '!~',
  '@>',
  '<@',
  '<<',
  '>>',
  '^@',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
  '.',
  ':',
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '<',
  '>',
  '~',
  '^',
  '&',
  '|',
  '#',
  '!',
  '?',
  '@',
];

const wordPattern = /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy;
const numberPattern = /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const spacePattern = /[\s﻿]+/y;
/** PostgreSQL's parameters and bit strings. */
const parameterPattern = /\$\d+/y;
const unicodePattern = /[uU]&['"]/y;
const bitsPattern = /[bB]'[01]*'/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

export interface LexResult {
  /** Ends with a token of kind `end`. */
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Cuts a text into tokens. Never throws: what can't be read is reported and skipped, and lexing goes on. */
export function lex(text: string): LexResult {
  const lexer = new Lexer(text);
  lexer.run();
  return { tokens: lexer.tokens, diagnostics: lexer.diagnostics };
}

class Lexer {
  readonly tokens: Token[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (this.#at < this.#text.length) {
      if (this.#skipSpace() || this.#skipComment()) continue;
      if (this.#unicodeString() || this.#foreign()) continue;
      if (this.#string() || this.#quotedIdentifier() || this.#dollarString()) continue;
      if (this.#number() || this.#word() || this.#operator()) continue;
      this.#badCharacter();
    }
    this.#push('end', this.#text.length, '', '');
  }

  #push(kind: TokenKind, end: number, value: string, keyword: string): void {
    this.tokens.push({ kind, start: this.#at, end, value, keyword });
    this.#at = end;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #skipSpace(): boolean {
    const space = this.#match(spacePattern);
    if (space === undefined) return false;
    this.#at += space.length;
    return true;
  }

  #skipComment(): boolean {
    if (this.#text.startsWith('--', this.#at)) {
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end === -1 ? this.#text.length : end;
      return true;
    }
    if (!this.#text.startsWith('/*', this.#at)) return false;
    const start = this.#at;
    let depth = 0;
    const edge = /\/\*|\*\//g;
    edge.lastIndex = start;
    for (let match = edge.exec(this.#text); match !== null; match = edge.exec(this.#text)) {
      depth += match[0] === '/*' ? 1 : -1;
      if (depth === 0) {
        const problem = hintProblem(this.#text, start, edge.lastIndex);
        if (problem !== undefined) this.diagnostics.push(problem);
        this.#at = edge.lastIndex;
        return true;
      }
    }
    this.diagnostics.push(
      diagnose(
        'unterminatedComment',
        { start, end: start + 2 },
        'this comment has no end',
        'close it with */',
      ),
    );
    this.#at = this.#text.length;
    return true;
  }

  #string(): boolean {
    const head = /(?:[eExXnN])?'/y;
    const prefix = this.#match(head);
    if (prefix === undefined) return false;
    const read = readString(this.#text, this.#at, prefix);
    this.diagnostics.push(...read.diagnostics);
    this.#push(read.kind, read.end, read.value, '');
    return true;
  }

  #unicodeString(): boolean {
    if (this.#match(unicodePattern) === undefined) return false;
    const read = readUnicodeString(this.#text, this.#at);
    if (read === undefined) {
      this.#unterminated('this text has no closing quote');
      return true;
    }
    this.diagnostics.push(...read.diagnostics);
    this.#push(read.kind, read.end, read.value, '');
    return true;
  }

  /** What other systems write, that is refused by its name: it goes on as a number or a text, so that the grammar bears it. */
  #foreign(): boolean {
    const parameter = this.#match(parameterPattern);
    const found = parameter ?? this.#match(bitsPattern);
    if (found === undefined) return false;
    const span = { start: this.#at, end: this.#at + found.length };
    const what = parameter === undefined ? 'the bit string' : 'the parameter';
    const hint = parameter === undefined ? "write a number, or X'…' for bytes" : 'write the value';
    this.diagnostics.push(diagnose('foreignStatement', span, `${what} ${found} is not supported`, hint));
    this.#push(parameter === undefined ? 'string' : 'number', span.end, found.slice(1), '');
    return true;
  }

  #quotedIdentifier(): boolean {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== '`') return false;
    let value = '';
    let at = this.#at + 1;
    for (;;) {
      const end = this.#text.indexOf(quote, at);
      if (end === -1) {
        this.#unterminated(`this identifier has no closing ${quote}`);
        return true;
      }
      value += this.#text.slice(at, end);
      if (this.#text[end + 1] !== quote) {
        this.#push('quoted', end + 1, value, '');
        return true;
      }
      value += quote;
      at = end + 2;
    }
  }

  #dollarString(): boolean {
    const tag = this.#match(dollarTag);
    if (tag === undefined) return false;
    const from = this.#at + tag.length;
    const end = this.#text.indexOf(tag, from);
    if (end === -1) {
      this.#unterminated(`this text has no closing ${tag}`);
      return true;
    }
    this.#push('string', end + tag.length, this.#text.slice(from, end), '');
    return true;
  }

  #unterminated(message: string): void {
    const start = this.#at;
    this.diagnostics.push(diagnose('unterminatedString', { start, end: start + 1 }, message));
    this.#at = this.#text.length;
  }

  #number(): boolean {
    const digits = this.#match(numberPattern);
    if (digits === undefined) return false;
    const start = this.#at;
    const end = start + digits.length;
    wordPattern.lastIndex = end;
    const junk = wordPattern.exec(this.#text)?.[0] ?? '';
    if (junk !== '' || /_$|__|_[.eE]|\._/.test(digits)) {
      const shown = digits + junk;
      this.diagnostics.push(
        diagnose('badNumber', { start, end: start + shown.length }, `'${shown}' is not a number`),
      );
    }
    this.#push('number', end + junk.length, digits.replaceAll('_', ''), '');
    return true;
  }

  #word(): boolean {
    const word = this.#match(wordPattern);
    if (word === undefined) return false;
    this.#push('word', this.#at + word.length, word, word.toUpperCase());
    return true;
  }

  #operator(): boolean {
    const operator = operators.find((candidate) => this.#text.startsWith(candidate, this.#at));
    if (operator === undefined) return false;
    this.#push('operator', this.#at + operator.length, operator, operator);
    return true;
  }

  #badCharacter(): void {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    const span = { start: this.#at, end: this.#at + character.length };
    const hint = /[‘’“”]/.test(character) ? 'write straight quotes: \' for text, " for names' : undefined;
    this.diagnostics.push(
      diagnose('unexpectedCharacter', span, `'${character}' means nothing in SQL here`, hint),
    );
    this.#at = span.end;
  }
}
