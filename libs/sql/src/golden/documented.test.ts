import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileSql } from '../compile-sql.ts';
import { renderDiagnostic } from '../diagnostics/render-diagnostic.ts';
import { parseSql } from '../parse/parse-sql.ts';
import { testCatalog } from '../testing/test-catalog.ts';

/*
 * The forms that the documentation of Flink, Arroyo and PostgreSQL (and of what their users come from) shows, a statement a paragraph of
 * documented/*.sql. Each can be read, or is refused by its name; what the parser says stands in the .txt beside it. `UPDATE_GOLDEN=1` writes
 * those anew.
 */

const folder = new URL('documented/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.slice(0, -4));

function statementsOf(file: string): string[] {
  return readFileSync(new URL(`${file}.sql`, folder), 'utf8')
    .trim()
    .split('\n\n');
}

function said(text: string): string[] {
  return parseSql(text).diagnostics.map((diagnostic) => renderDiagnostic(text, diagnostic));
}

/** The parser's own words, which name what it looked for and not what the statement asks for. */
const raw = /expected .*found|no statement starts with|means nothing in SQL/;

describe.each(files)('%s', (file) => {
  test('no statement ends in what the parser expected', () => {
    const unnamed = statementsOf(file).flatMap((text) => said(text).filter((line) => raw.test(line)));
    expect(unnamed).toEqual([]);
  });

  test('nor does it when it is compiled, and the compiler bears each', async () => {
    for (const text of statementsOf(file)) {
      const { diagnostics } = await compileSql(text, { connectors: testCatalog });
      expect(diagnostics.filter(({ message }) => raw.test(message))).toEqual([]);
    }
  });

  test('what is refused is refused as before', () => {
    const refused = statementsOf(file).flatMap((text) => said(text));
    const actual = `${refused.join('\n\n')}\n`;
    const golden = new URL(`${file}.txt`, folder);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, actual);
    expect(actual).toBe(readFileSync(golden, 'utf8'));
  });
});
