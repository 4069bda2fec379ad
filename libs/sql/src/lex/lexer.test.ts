import { describe, expect, test } from 'vitest';
import { lex } from './lexer.ts';

/** `kind:value` of each token, without the end. */
function shape(text: string): string[] {
  return lex(text)
    .tokens.slice(0, -1)
    .map(({ kind, value }) => `${kind}:${value}`);
}

describe('tokens', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['SELECT a1, _b', ['word:SELECT', 'word:a1', 'operator:,', 'word:_b']],
    ['größe', ['word:größe']],
    ['"a ""b"" c" `d``e`', ['quoted:a "b" c', 'quoted:d`e']],
    ["'it''s' ''", ["string:it's", 'string:']],
    ["E'a\\n\\'\\x41\\u00e9\\101\\q'", ["string:a\n'AéAq"]],
    ["'back\\slash'", ['string:back\\slash']],
    ["x'00FF'", ['bytes:00ff']],
    ["$$ it's $1 $$ $tag$ $$ $tag$", ["string: it's $1 ", 'string: $$ ']],
    [
      '1 2.5 .5 6. 1e3 1.5E-3 0xFF 1_000',
      [
        'number:1',
        'number:2.5',
        'number:.5',
        'number:6.',
        'number:1e3',
        'number:1.5E-3',
        'number:0xFF',
        'number:1000',
      ],
    ],
    [
      'a::b->>c->d||e<>f!=g<=h>=i=>j',
      [
        'word:a',
        'operator:::',
        'word:b',
        'operator:->>',
        'word:c',
        'operator:->',
        'word:d',
        'operator:||',
        'word:e',
        'operator:<>',
        'word:f',
        'operator:!=',
        'word:g',
        'operator:<=',
        'word:h',
        'operator:>=',
        'word:i',
        'operator:=>',
        'word:j',
      ],
    ],
    ['a !~* b', ['word:a', 'operator:!~*', 'word:b']],
    ['a -- to the end\nb /* one /* inside */ still */ c', ['word:a', 'word:b', 'word:c']],
    ["'{{ ENV }}'", ['string:{{ ENV }}']],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(shape(text)).toEqual(expected);
    expect(lex(text).diagnostics).toEqual([]);
  });

  test('every token says where it stands, in UTF-16 units', () => {
    const text = 'SELECT \'🎉\' AS "x y"';
    for (const token of lex(text).tokens) {
      const slice = text.slice(token.start, token.end);
      expect(slice.replaceAll(/^['"]|['"]$/g, '')).toBe(token.value);
    }
  });
});

describe('what can not be read is reported where it stands, and reading goes on', () => {
  const cases: readonly (readonly [string, string, string, number])[] = [
    // text, code, the text at the span, tokens that are read all the same
    ["a 'b", 'WEIR-1002', "'", 2],
    ['a "b', 'WEIR-1002', '"', 1],
    ['a $$b', 'WEIR-1002', '$', 1],
    ['a /* b', 'WEIR-1003', '/*', 1],
    ['a 12abc b', 'WEIR-1004', '12abc', 3],
    ['a 1__0 b', 'WEIR-1004', '1__0', 3],
    ["E'\\xzz' b", 'WEIR-1005', '\\x', 2],
    ["X'abc' b", 'WEIR-1005', "X'abc'", 2],
    ['a § b', 'WEIR-1001', '§', 2],
    ['a 😀 b', 'WEIR-1001', '😀', 2],
  ];
  test.each(cases)('%s', (text, code, at, tokens) => {
    const { diagnostics, tokens: read } = lex(text);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const [first] = diagnostics;
    expect(text.slice(first?.span.start, first?.span.end)).toBe(at);
    expect(read.length - 1).toBe(tokens);
  });
});

test.each([
  [String.raw`U&'d\0061t\+000061'`, 'string', 'data'],
  [String.raw`u&'d!0061t!!' UESCAPE '!'`, 'string', 'dat!'],
  [String.raw`U&'\D83D\DE00 it''s'`, 'string', "😀 it's"],
  [String.raw`U&"d\0061t\\"`, 'quoted', 'dat\\'],
])('Unicode escapes: %s', (text, kind, value) => {
  const { tokens, diagnostics } = lex(text);
  expect(diagnostics).toEqual([]);
  expect(tokens).toMatchObject([{ kind, value, start: 0, end: text.length }, { kind: 'end' }]);
});

test.each([String.raw`U&'\00'`, String.raw`U&'\D83D'`, `U&'a' UESCAPE '+'`, String.raw`U&'\+110000'`])(
  'escapes of no character: %s',
  (text) => {
    expect(lex(text).diagnostics).toMatchObject([{ code: 'WEIR-1005' }]);
  },
);
