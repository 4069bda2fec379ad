import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessGroup } from './process-group.ts';
import { waitUntil } from './wait-until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-group-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A zombie is gone: it only waits for its new parent to take note. */
function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

/** A shell and its child, whose pids it writes to `pids`; neither ends by itself. */
function shellWithChild(first = ''): {
  command: Parameters<typeof ProcessGroup.start>[0];
  pids: () => Promise<number[]>;
} {
  const file = join(folder, 'pids');
  const script = `${first} sleep 1000 & echo $$ $! > ${file}.new; mv ${file}.new ${file}; while :; do wait; done`;
  return {
    command: { program: '/bin/sh', args: ['-c', script] },
    pids: () =>
      waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').trim().split(' ').map(Number), {
        what: 'the shell to have started its child',
      }),
  };
}

const start = (command: Parameters<typeof ProcessGroup.start>[0]) =>
  ProcessGroup.start(command, { name: 'the shell', logFile: join(folder, 'log') });

test('stop ends the program and what it started', async () => {
  const { command, pids } = shellWithChild();
  const group = await start(command);
  const all = await pids();
  expect(all.every(isAlive)).toBe(true);
  expect(await group.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  await waitUntil(() => !all.some(isAlive), { what: 'the group to be gone' });
});

test('a program that ignores SIGTERM is killed after the deadline, with what it started', async () => {
  const { command, pids } = shellWithChild("trap '' TERM;");
  const group = await start(command);
  const all = await pids();
  expect(await group.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
  await waitUntil(() => !all.some(isAlive), { what: 'the group to be gone' });
});

test('a paused program can be stopped', async () => {
  const { command, pids } = shellWithChild();
  const group = await start(command);
  const all = await pids();
  group.signal('SIGSTOP');
  await group.stop();
  await waitUntil(() => !all.some(isAlive), { what: 'the group to be gone' });
});

test('when a leader ends by itself, what it left behind in its group is ended too', async () => {
  const file = join(folder, 'pid');
  const group = await start({ program: '/bin/sh', args: ['-c', `sleep 1000 & echo $! > ${file}`] });
  expect(await group.exited).toEqual({ code: 0, signal: null });
  const pid = Number(readFileSync(file, 'utf8'));
  await waitUntil(() => !isAlive(pid), { what: 'the child to be gone' });
});

test('no orphan outlives a parent that is killed', async () => {
  const { command, pids } = shellWithChild("trap '' TERM HUP;");
  const program = join(folder, 'parent.ts');
  const source = `import { ProcessGroup } from ${JSON.stringify(new URL('./process-group.ts', import.meta.url).pathname)};
    await ProcessGroup.start(${JSON.stringify(command)}, { name: 'x', logFile: ${JSON.stringify(join(folder, 'log'))} });`;
  writeFileSync(program, source);
  const parent = spawn(process.execPath, [program], { stdio: 'inherit' });
  const exited = new Promise((resolve) => parent.once('exit', resolve));
  const all = await pids();
  expect(all.every(isAlive)).toBe(true);
  parent.kill('SIGKILL');
  await exited;
  await waitUntil(() => !all.some(isAlive), { what: 'the orphans to be gone' });
});

test('a program that is missing, and one that ends early, say so', async () => {
  await expect(start({ program: join(folder, 'nothing'), args: [] })).rejects.toThrow(
    /the shell can't be started/,
  );
  const group = await start({ program: '/bin/sh', args: ['-c', 'echo the reason; exit 3'] });
  await group.exited;
  expect(group.endedEarly()?.message).toMatch(/the shell ended \(exit code 3\)[^]*the reason/);
});
