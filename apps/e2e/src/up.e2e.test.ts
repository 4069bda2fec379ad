import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject, test } from 'vitest';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const weir = fileURLToPath(new URL('../../cli/bin/weir.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'weir-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A cluster on the servers of this run, until the program that was asked for it ends. */
async function up(program: string, ...args: string[]): Promise<{ child: ChildProcess; pids: number[] }> {
  const child = spawn(program, [...args, 'up', '--workers', '1', '--folder', folder, '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WEIR_KAFKA_BOOTSTRAP: inject('kafkaBootstrap'), WEIR_NATS_URL: inject('natsUrl') },
    timeout: 150_000,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const line = await waitUntil(() => /^\{.*\}$/m.exec(output)?.[0], {
    what: 'the addresses',
    giveUp: () => (child.exitCode === null ? undefined : new Error(`it ended: ${output}`)),
  });
  const { processes } = JSON.parse(line) as { processes: { pid: number }[] };
  return { child, pids: processes.map(({ pid }) => pid) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['npm', ['npm', 'exec', '--', 'weir']],
  ['weir', [process.execPath, weir]],
])(
  'fault 1.2.10: weir up leaves nothing behind when %s is killed',
  async (_what, [program = '', ...args]) => {
    const { child, pids } = await up(program, ...args);
    expect(pids.filter(isAlive)).toHaveLength(3);
    child.kill('SIGKILL');
    await waitUntil(() => !pids.some(isAlive), { what: 'the processes to be gone' });
  },
);
