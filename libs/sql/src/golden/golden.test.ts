import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileSql } from '../compile-sql.ts';
import { diagnosticCodes } from '../diagnostics/codes.ts';
import { renderDiagnostic } from '../diagnostics/render-diagnostic.ts';
import { explainPlan } from '../explain/explain-plan.ts';
import { testCatalog } from '../testing/test-catalog.ts';

/*
 * A golden file is a text `x.sql` and beside it `x.txt`: what the compiler says about it, as people see it. Lines that begin with
 * `-- with` put in a file of golden/tables first. `UPDATE_GOLDEN=1` writes the .txt files anew: read the difference before you commit it.
 */

const folder = new URL('.', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8');
}

async function compiled(text: string): Promise<string> {
  const included = [...text.matchAll(/^-- with (\S+)$/gm)].map(([, name]) => read(`tables/${name}.sql`));
  const full = [...included, text].join('\n');
  const offset = full.length - text.length;
  const { diagnostics, plan, answers } = await compileSql(full, { connectors: testCatalog });
  const own = diagnostics.map((diagnostic) => ({
    ...diagnostic,
    span: { start: diagnostic.span.start - offset, end: diagnostic.span.end - offset },
  }));
  const parts = own.map((diagnostic) => `${renderDiagnostic(text, diagnostic)}\n`);
  parts.push(...answers.map((answer) => answer.text));
  if (plan !== null) parts.push(explainPlan(plan, true));
  return parts.join('\n');
}

function check(path: string, actual: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(new URL(path, folder), actual);
  expect(existsSync(new URL(path, folder)), `${path} is there (UPDATE_GOLDEN=1 writes it)`).toBe(true);
  expect(actual).toBe(read(path));
}

const namesIn = (sub: string): string[] =>
  readdirSync(new URL(sub, folder))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -4));

describe('plans', () => {
  test.each(namesIn('plans'))('%s', async (name) => {
    const actual = await compiled(read(`plans/${name}.sql`));
    expect(actual).not.toContain('error WEIR');
    check(`plans/${name}.txt`, actual);
  });
});

describe('diagnostics', () => {
  test.each(namesIn('diagnostics'))('%s', async (name) => {
    const actual = await compiled(read(`diagnostics/${name}.sql`));
    expect(actual, 'the diagnostic that the file is named for').toContain(name.slice(0, 'WEIR-0000'.length));
    check(`diagnostics/${name}.txt`, actual);
  });

  test('there is a file for every code', () => {
    const files = namesIn('diagnostics');
    const without = Object.entries(diagnosticCodes).filter(
      ([, code]) => !files.some((name) => name.startsWith(code)),
    );
    expect(without).toEqual([]);
  });
});
