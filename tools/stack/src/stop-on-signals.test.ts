import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from './wait-until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says `ready`, and on a stop request its reason; then it ends, or hangs if `hang`. */
function startProgram(hang: boolean): {
  child: ChildProcess;
  said: () => string;
  exited: Promise<number | null>;
} {
  const module = new URL('./stop-on-signals.ts', import.meta.url).pathname;
  const program = join(folder, 'program.ts');
  writeFileSync(
    program,
    `import { stopOnSignals } from ${JSON.stringify(module)};
     const { requested } = stopOnSignals();
     const alive = setInterval(() => undefined, 1000);
     console.log('ready');
     console.log('stopping: ' + (await requested));
     if (!${hang}) clearInterval(alive);`,
  );
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, said: () => text, exited };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s asks for an orderly end', async (signal) => {
  const { child, said, exited } = startProgram(false);
  await waitUntil(() => said().includes('ready'), { what: 'the program' });
  child.kill(signal);
  expect(await exited).toBe(0);
  expect(said()).toContain(`stopping: ${signal}`);
});

test('a second Ctrl-C ends at once', async () => {
  const { child, said, exited } = startProgram(true);
  await waitUntil(() => said().includes('ready'), { what: 'the program' });
  child.kill('SIGINT');
  await waitUntil(() => said().includes('stopping'), { what: 'the program to begin its end' });
  expect(child.exitCode).toBeNull();
  // Presses that come together count as one, so keep pressing as a person would.
  await waitUntil(
    () => {
      if (child.exitCode === null) child.kill('SIGINT');
      return child.exitCode !== null;
    },
    { what: 'the program to end', everyMs: 100 },
  );
  expect(await exited).toBe(130);
});
