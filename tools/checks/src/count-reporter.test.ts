import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestCounts } from './count-reporter.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
let folder: string;

beforeAll(() => {
  // below node_modules, so that the files find vitest
  const parent = join(root, 'node_modules/.cache');
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, 'weir-counts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs vitest on one file and gives what the reporter counted. */
function countsOf(name: string, text: string): Omit<TestCounts, 'files'> {
  const at = join(folder, name);
  mkdirSync(at);
  writeFileSync(
    join(at, 'x.spec.ts'),
    `import { beforeAll, describe, expect, test } from 'vitest';\n${text}`,
  );
  writeFileSync(
    join(at, 'vitest.config.ts'),
    `export default { test: { include: ['*.spec.ts'], exclude: [] } };\n`,
  );
  const counts = join(at, 'counts.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', at, `--reporter=${join(here, 'count-reporter.ts')}`];
  const env: NodeJS.ProcessEnv = { ...process.env, WEIR_TEST_COUNTS: counts };
  for (const variable of ['VITEST', 'VITEST_WORKER_ID', 'VITEST_POOL_ID', 'VITEST_MODE', 'NODE_ENV'])
    delete env[variable];
  spawnSync(process.execPath, args, { cwd: at, env, encoding: 'utf8' });
  const { passed, failed, skipped } = JSON.parse(readFileSync(counts, 'utf8')) as TestCounts;
  return { passed, failed, skipped };
}

test.each([
  [
    'passed, failed and skipped tests',
    `test('a', () => {}); test('b', () => expect(1).toBe(2)); test.skip('c', () => {});`,
    { passed: 1, failed: 1, skipped: 1 },
  ],
  [
    'a table, row by row',
    `test.each([1, 2, 3])('%s', (n) => expect(n).toBeLessThan(3));`,
    { passed: 2, failed: 1, skipped: 0 },
  ],
  ['a file that does not load', `throw new Error('no');`, { passed: 0, failed: 1, skipped: 0 }],
  ['a file without tests', ``, { passed: 0, failed: 1, skipped: 0 }],
  [
    'a suite whose set-up fails',
    `test('a', () => {}); describe('s', () => { beforeAll(() => { throw new Error('no'); }); test('b', () => {}); });`,
    { passed: 1, failed: 1, skipped: 1 },
  ],
  [
    'an error outside every test',
    `test('a', async () => { setTimeout(() => { throw new Error('late'); }, 0); await new Promise((r) => setTimeout(r, 50)); });`,
    { passed: 1, failed: 1, skipped: 0 },
  ],
  [
    'a test that is expected to fail',
    `test.fails('a', () => expect(1).toBe(2));`,
    { passed: 1, failed: 0, skipped: 0 },
  ],
])('%s', (name, text, counts) => {
  expect(countsOf(name.replaceAll(' ', '-'), text)).toEqual(counts);
});
