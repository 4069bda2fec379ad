// npm test: the checks, then every test; the ten slowest files; as the very last line `N passed, N failed`.
//   --no-check   the tests alone; anything else is handed to vitest (a part of a file's name, --project unit, …)
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCounts } from './count-reporter.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const slowestShown = 10;

/** Runs one of our programs under this Node with our terminal; gives its exit code. A signal to us goes to it too. */
function runNode(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGTERM', forward).on('SIGINT', forward);
    child.once('error', () => resolve(1));
    child.once('exit', (code) => {
      process.off('SIGTERM', forward).off('SIGINT', forward);
      resolve(code ?? 1);
    });
  });
}

function printSlowest(counts: TestCounts): void {
  const slowest = [...counts.files].sort((a, b) => b.seconds - a.seconds).slice(0, slowestShown);
  if (slowest.length === 0) return;
  console.log(`\nthe ${slowest.length} slowest files:`);
  for (const { seconds, project, file } of slowest)
    console.log(`${seconds.toFixed(1).padStart(8)} s  ${project}  ${file}`);
  if (counts.skipped > 0) console.log(`\n${counts.skipped} skipped`);
}

async function runTests(args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-counts-'));
  const file = join(folder, 'counts.json');
  try {
    const reporters = ['--reporter=default', `--reporter=${join(here, 'count-reporter.ts')}`];
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const code = await runNode([vitest, 'run', ...reporters, ...args], { WEIR_TEST_COUNTS: file });
    if (!existsSync(file)) {
      console.log('the test run ended before its tests did\n0 passed, 1 failed');
      return code || 1;
    }
    const counts = JSON.parse(readFileSync(file, 'utf8')) as TestCounts;
    printSlowest(counts);
    // vitest may also fail as a whole, for example because a server could not be stopped
    const failed = counts.failed === 0 && code !== 0 ? 1 : counts.failed;
    console.log(`${counts.passed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
const withChecks = !args.includes('--no-check');
if (withChecks && (await runNode([join(here, 'run-checks.ts')])) !== 0) {
  console.log('a check failed, so no tests were run\n0 passed, 1 failed');
  process.exitCode = 1;
} else {
  process.exitCode = await runTests(args.filter((arg) => arg !== '--no-check'));
}
