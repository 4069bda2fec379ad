import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';

const program = fileURLToPath(new URL('../../../tools/start/src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'weir-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

function start(...args: readonly string[]): Started {
  const child = spawn(process.execPath, [program, '--folder', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 150_000,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { child, ended, output: () => output };
}

const committedLine = /^epoch \d+ committed .* \| in [\d,]+ out [\d,]+ \| /m;
const lastEpoch = (output: string) => Number(/epoch (\d+) is committed/.exec(output)?.[1]);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

let last = 0;

test('npm start: five steps and a pipeline that commits, until its time is over', async () => {
  const { ended, output } = start('--duration', '2s');
  expect(await ended, output()).toBe(0);
  expect(output().match(/^\[\d\/5\]/gm)).toEqual(['[1/5]', '[2/5]', '[3/5]', '[4/5]', '[5/5]']);
  expect(output()).toContain('INSERT INTO auction_totals');
  expect(output()).toMatch(committedLine);
  last = lastEpoch(output());
  expect(last).toBeGreaterThan(0);
});

test('npm start goes on where it was stopped, and Ctrl-C ends it with a last checkpoint', async () => {
  const { child, ended, output } = start();
  await waitUntil(() => output().includes('first results'), { what: 'the first results' });
  child.kill('SIGINT');
  expect(await ended, output()).toBe(0);
  expect(output()).toContain('(there already)');
  expect(output()).toContain(`from epoch ${last} of the start before`);
  expect(lastEpoch(output())).toBeGreaterThan(last);
});

test('npm start leaves nothing behind when it is killed', async () => {
  const { child, ended, output } = start('--fresh');
  await waitUntil(() => output().includes('first results'), { what: 'the first results' });
  expect(output()).not.toContain('of the start before');
  const pids = [...output().matchAll(/ pid (\d+) /g)].map(([, pid]) => Number(pid));
  expect(pids.filter(isAlive)).toHaveLength(4);
  child.kill('SIGKILL');
  await ended;
  await waitUntil(() => !pids.some(isAlive), { what: 'the processes to be gone' });
});

test('npm start with a wrong flag says how it is used', async () => {
  const { ended, output } = start('--fersh');
  expect(await ended).toBe(2);
  expect(output()).toContain('--fresh');
});
