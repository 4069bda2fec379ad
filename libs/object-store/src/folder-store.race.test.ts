import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderStore } from './folder-store.ts';

interface Racer {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<void>;
}

let root: string;
const running = new Set<ChildProcess>();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weir-store-race-'));
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

function race(
  name: string,
  keys: number,
  increments: number,
  onLine: (racer: Racer) => void = () => undefined,
): Racer {
  const script = join(import.meta.dirname, 'testing/race-writer.ts');
  const args = [script, `file://${root}`, name, String(keys), String(increments)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const lines: string[] = [];
  const ended = new Promise<void>((resolve) => child.on('close', () => (running.delete(child), resolve())));
  const racer: Racer = { child, lines, ended };
  child.stdout.on('data', (chunk: Buffer) => {
    lines.push(
      ...chunk
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    );
    onLine(racer);
  });
  return racer;
}

const counter = async (): Promise<number> => {
  const object = await new FolderStore(root).get('counter');
  return object === undefined ? 0 : Number(new TextDecoder().decode(object.bytes));
};

it(
  'of processes that create the same objects exactly one wins each, and no increment is lost',
  { timeout: 60_000 },
  async () => {
    const racers = ['a', 'b', 'c'].map((name) => race(name, 40, 60));
    await Promise.all(racers.map((racer) => racer.ended));
    const lines = racers.flatMap((racer) => racer.lines);
    expect(lines.filter((line) => line.startsWith('created')).toSorted()).toEqual(
      Array.from({ length: 40 }, (_, key) => `created ${key}`).toSorted(),
    );
    const unknown = lines.filter((line) => line === 'unknown').length;
    const added = lines.filter((line) => line === 'added').length;
    expect(added + unknown).toBe(180);
    expect(await counter()).toBeGreaterThanOrEqual(added);
    expect(await counter()).toBeLessThanOrEqual(added + unknown);
    const versions = await readdir(join(root, 'counter@v'));
    expect(versions.length).toBeLessThan(12);
  },
);

it(
  'a process killed, or frozen and woken, at any point neither blocks the others nor undoes what they did',
  { timeout: 60_000 },
  async () => {
    const killed = race(
      'killed',
      0,
      1_000_000,
      (racer) => racer.lines.length >= 15 && racer.child.kill('SIGKILL'),
    );
    let frozenAt = 0;
    const frozen = race('frozen', 0, 60, (racer) => {
      if (racer.lines.length < 10 || frozenAt > 0) return;
      frozenAt = racer.lines.length;
      racer.child.kill('SIGSTOP');
    });
    const free = race('free', 0, 120);
    await Promise.all([killed.ended, free.ended]);
    expect(free.lines).toHaveLength(120);
    frozen.child.kill('SIGCONT');
    await frozen.ended;
    const lines = [killed, frozen, free].flatMap((racer) => racer.lines);
    const added = lines.filter((line) => line === 'added').length;
    const unknown = lines.filter((line) => line === 'unknown').length;
    expect(frozen.lines).toHaveLength(60);
    expect(await counter()).toBeGreaterThanOrEqual(added);
    expect(await counter()).toBeLessThanOrEqual(added + unknown + 1); // the killed one may not have told its last
  },
);
