import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
let folder: string;
let reported: { code: string; filename: string; message: string }[];

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function writePackage(
  path: string,
  name: string,
  layer: string,
  dependencies: Record<string, string> = {},
): void {
  const nx = { tags: [`layer:${layer}`, `name:${name}`] };
  write(`${path}/package.json`, JSON.stringify({ name: `@weir/${name}`, type: 'module', dependencies, nx }));
}

const longFunction = `export function long(): number {\n${'  console.log(1);\n'.repeat(75)}  return 1;\n}\n`;

/** By file: its text, and the rules that have to speak up, in the order of their names. */
const files: Record<string, { text: string; rules: string[] }> = {
  'libs/sql/src/good.ts': {
    text: `import { now } from '@weir/kernel/now.ts';\nexport const later = (nowMs: number) => now(nowMs);\n`,
    rules: [],
  },
  'libs/sql/src/upwards.ts': {
    text: `export { x } from '@weir/app-cli/x.ts';\n`,
    rules: ['weir(layers)', 'weir(rooms)'],
  },
  'libs/sql/src/reads-files.ts': {
    text: `import { readFileSync } from 'node:fs';\nreadFileSync('x');\n`,
    rules: ['weir(layers)'],
  },
  'libs/sql/src/type-import.ts': {
    text: `export type T = import('node:fs').Stats;\n`,
    rules: ['weir(layers)'],
  },
  'libs/sql/src/dynamic.ts': {
    text: `export const load = () => import('node:fs');\n`,
    rules: ['weir(layers)'],
  },
  'libs/sql/src/reads-clock.ts': {
    text: `export const t = [Date.now(), new Date(), Math.random()];\n`,
    rules: ['weir(pure)', 'weir(pure)', 'weir(pure)'],
  },
  'libs/sql/src/sets-timer.ts': { text: `setTimeout(() => undefined, 1);\n`, rules: ['weir(pure)'] },
  'libs/sql/src/given-fetch.ts': {
    text: `export const load = (fetch: (key: string) => number) => fetch('x');\n`,
    rules: [],
  },
  'libs/sql/src/own-fetch.ts': {
    text: `export const load = () => fetch('http://x');\n`,
    rules: ['weir(pure)'],
  },
  'libs/sql/src/index.ts': { text: `export const x = 1;\n`, rules: ['weir(rooms)'] },
  'libs/sql/src/row-index.ts': { text: `export const x = 1;\n`, rules: [] },
  'libs/sql/src/given-time.ts': { text: `export const t = (ms: number) => new Date(ms);\n`, rules: [] },
  'libs/sql/src/clock.test.ts': { text: `export const t = Date.now();\n`, rules: [] },
  'apps/cli/src/clock.ts': { text: `export const t = () => Date.now();\n`, rules: [] },
  'libs/sql/src/string-utils.ts': { text: `export const x = 1;\n`, rules: ['weir(rooms)'] },
  'libs/sql/src/cycle-a.ts': {
    text: `import { b } from './cycle-b.ts';\nexport const a = () => b;\n`,
    rules: ['import(no-cycle)'],
  },
  'libs/sql/src/cycle-b.ts': {
    text: `import { a } from './cycle-a.ts';\nexport const b = () => a;\n`,
    rules: ['import(no-cycle)'],
  },
  'libs/sql/src/floating.ts': {
    text: `const f = async () => 1;\nf();\n`,
    rules: ['typescript(no-floating-promises)'],
  },
  'libs/sql/src/any.ts': { text: `export const x: any = 1;\n`, rules: ['typescript(no-explicit-any)'] },
  'libs/sql/src/ignore.ts': {
    text: `// @ts-ignore\nexport const x: number = '';\n`,
    rules: ['typescript(ban-ts-comment)'],
  },
  'libs/sql/src/long.ts': { text: longFunction, rules: ['eslint(max-lines-per-function)'] },
  'libs/sql/src/many-lines.ts': {
    text: `export const x = 1;\n${'// more\n'.repeat(501)}`,
    rules: ['eslint(max-lines)'],
  },
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-lint-'));
  write('package.json', JSON.stringify({ workspaces: ['libs/*', 'apps/*'], type: 'module' }));
  write(
    'tsconfig.json',
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions: { types: [] } }),
  );
  writePackage('libs/kernel', 'kernel', 'kernel');
  writePackage('libs/sql', 'sql', 'engine', { '@weir/kernel': '*' });
  writePackage('apps/cli', 'app-cli', 'app', { '@weir/kernel': '*' });
  for (const [path, { text }] of Object.entries(files)) write(path, text);
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const args = [
    oxlint,
    '--type-aware',
    '--format',
    'json',
    '-c',
    join(root, '.oxlintrc.json'),
    'libs',
    'apps',
  ];
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` };
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
  if (!stdout.startsWith('{')) throw new Error(`oxlint said: ${stdout}${stderr}`);
  reported = (JSON.parse(stdout) as { diagnostics: typeof reported }).diagnostics;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.entries(files))('%s', (path, { rules }) => {
  const found = reported.filter(({ filename }) => filename.endsWith(path));
  expect(found.map(({ code }) => code).sort()).toEqual(rules);
});
