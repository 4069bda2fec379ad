import type { Diagnostic } from './diagnostic.ts';

/** A place as people count: line and column from 1; a column is a code point. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export function positionOf(text: string, offset: number): TextPosition {
  const before = text.slice(0, Math.min(offset, text.length));
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

/** East Asian wide characters and emoji take two cells in a terminal; combining marks none. */
function cellsOf(text: string): string {
  return text
    .replace(/\p{M}/gu, '')
    .replace(/\t/g, '\t')
    .replace(/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿＀-｠]|\p{Extended_Pictographic}/gu, '  ')
    .replace(/[^\t]/gu, ' ');
}

/**
 * Renders for a terminal:
 * ```
 * query.sql:2:8: error WEIR-1202: no column 'pricee' in bids
 *   SELECT pricee FROM bids
 *          ^^^^^^
 *   hint: did you mean price?
 * ```
 */
export function renderDiagnostic(text: string, diagnostic: Diagnostic, file?: string): string {
  const { line, column } = positionOf(text, diagnostic.span.start);
  const place = `${file === undefined ? '' : `${file}:`}${line}:${column}`;
  const source = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const lineStart = text.lastIndexOf('\n', diagnostic.span.start - 1) + 1;
  const from = Math.min(diagnostic.span.start - lineStart, source.length);
  const to = Math.max(from, Math.min(diagnostic.span.end - lineStart, source.length));
  const carets = '^'.repeat(Math.max(1, cellsOf(source.slice(from, to)).length));
  const lines = [
    `${place}: ${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`,
    `  ${source}`,
    `  ${cellsOf(source.slice(0, from))}${carets}`,
  ];
  if (diagnostic.hint !== undefined) lines.push(`  hint: ${diagnostic.hint}`);
  return lines.join('\n');
}
