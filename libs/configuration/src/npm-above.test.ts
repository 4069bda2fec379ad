import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-npm-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A stand-in for npm which runs a command by a shell, as npm does; its end is no signal to anybody. */
function startNpm(command: string): { npm: ChildProcess; said: () => string } {
  const program = join(folder, 'npm-cli.js');
  writeFileSync(
    program,
    `process.title = 'npm exec weir up';
     require('node:child_process').spawn('/bin/sh', ['-c', ${JSON.stringify(command)}], { stdio: 'inherit' });
     setInterval(() => undefined, 1000);`,
  );
  const npm = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: 'npx' },
  });
  started.push(npm);
  let text = '';
  npm.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  return { npm, said: () => text };
}

function writeWatcher(): string {
  const program = join(folder, 'watcher.ts');
  const module = new URL('./npm-above.ts', import.meta.url).pathname;
  writeFileSync(
    program,
    `import { whenNpmIsGone } from ${JSON.stringify(module)};
     const alive = setInterval(() => undefined, 1000);
     whenNpmIsGone(() => { console.log('npm is gone'); clearInterval(alive); });
     console.log('ready');`,
  );
  return `'${process.execPath}' '${program}'`;
}

test.each([
  ['is the parent', (watcher: string) => `exec ${watcher}`],
  // What comes after it keeps the shell between the two.
  ['stands above a shell that stays', (watcher: string) => `${watcher}; echo ended`],
])('fault 1.2.10: the end of an npm that was killed is noticed when it %s', async (_where, command) => {
  const { npm, said } = startNpm(command(writeWatcher()));
  await expect.poll(said, { timeout: 60_000 }).toContain('ready');
  expect(said()).not.toContain('npm is gone');
  npm.kill('SIGKILL');
  await expect.poll(said, { timeout: 60_000 }).toContain('npm is gone');
});
