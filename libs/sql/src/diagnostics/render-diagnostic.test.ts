import { expect, test } from 'vitest';
import { diagnose } from './diagnostic.ts';
import { positionOf, renderDiagnostic } from './render-diagnostic.ts';

test('the caret stands under the place, behind tabs and wide characters too', () => {
  const text = "SELECT a,\n\t'日本' AS x, pric\r\nFROM t";
  const start = text.indexOf('pric');
  const diagnostic = diagnose(
    'unknownColumn',
    { start, end: start + 4 },
    "no column 'pric' in t",
    'did you mean price?',
  );
  expect(renderDiagnostic(text, diagnostic, 'q.sql')).toBe(
    [
      "q.sql:2:13: error WEIR-1202: no column 'pric' in t",
      "  \t'日本' AS x, pric",
      '  \t             ^^^^',
      '  hint: did you mean price?',
    ].join('\n'),
  );
});

test('a place at the end of the text has a caret, too', () => {
  const diagnostic = diagnose('unexpectedToken', { start: 8, end: 8 }, 'expected an expression');
  expect(renderDiagnostic('SELECT 1', diagnostic)).toBe(
    '1:9: error WEIR-1010: expected an expression\n  SELECT 1\n          ^',
  );
});

test('lines and columns count from 1, columns in characters', () => {
  expect(positionOf('a\n🎉b', 4)).toEqual({ line: 2, column: 2 });
});
