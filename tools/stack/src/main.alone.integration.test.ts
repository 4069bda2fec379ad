import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kafkaAnswers } from './kafka-ready.ts';
import { waitUntil } from './wait-until.ts';

const program = new URL('./main.ts', import.meta.url).pathname;
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-stack-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

interface RunningStack {
  readonly child: ChildProcess;
  readonly kafkaPort: number;
  readonly natsUrl: string;
  readonly exited: Promise<number | null>;
}

function launch(...args: string[]) {
  const child = spawn(process.execPath, [program, '--json', '--folder', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, said, exited };
}

async function startStackProgram(): Promise<RunningStack> {
  const { child, said, exited } = launch();
  const line = await waitUntil(() => said.out.includes('\n') && said.out, {
    what: 'the stack to print its addresses',
    giveUp: () => (child.exitCode === null ? undefined : new Error(said.err)),
  });
  const env = JSON.parse(line) as { WEIR_KAFKA_BOOTSTRAP: string; WEIR_NATS_URL: string };
  return {
    child,
    kafkaPort: Number(env.WEIR_KAFKA_BOOTSTRAP.split(':')[1]),
    natsUrl: env.WEIR_NATS_URL,
    exited,
  };
}

const natsPort = (stack: RunningStack) => Number(new URL(stack.natsUrl).port);

async function isGone(stack: RunningStack): Promise<boolean> {
  const { connect } = await import('node:net');
  const refused = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
      socket.once('connect', () => socket.destroy());
    });
  return (await refused(stack.kafkaPort)) && (await refused(natsPort(stack)));
}

test('starts, refuses a second one on its folder, stops on Ctrl-C, and comes back at the same addresses', async () => {
  const first = await startStackProgram();
  expect(await kafkaAnswers('127.0.0.1', first.kafkaPort)).toBe(true);

  const second = launch();
  expect(await second.exited).toBe(1);
  expect(second.said.err).toContain(`in use by process ${first.child.pid}`);

  first.child.kill('SIGINT');
  expect(await first.exited).toBe(0);
  expect(await isGone(first)).toBe(true);

  const again = await startStackProgram();
  expect([again.kafkaPort, again.natsUrl]).toEqual([first.kafkaPort, first.natsUrl]);
  again.child.kill('SIGTERM');
  expect(await again.exited).toBe(0);
});

test('leaves neither Kafka nor NATS behind when it is killed', async () => {
  const stack = await startStackProgram();
  expect(await isGone(stack)).toBe(false);
  stack.child.kill('SIGKILL');
  await waitUntil(() => isGone(stack), { what: 'Kafka and NATS to be gone' });
});

test('an unknown option is a usage error', async () => {
  const { exited, said } = launch('--fast');
  expect(await exited).toBe(2);
  expect(said.err).toMatch(/--fast[^]*npm run stack/);
});
