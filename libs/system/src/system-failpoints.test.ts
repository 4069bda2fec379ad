import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { systemFailpoints } from './system-failpoints.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-failpoints-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const module_ = fileURLToPath(new URL('./system-failpoints.ts', import.meta.url));

/** A process that comes to these steps, one after the other, and says which it has got past. */
async function reaching(
  spec: string,
  points: readonly string[],
): Promise<{ signal: NodeJS.Signals | null; past: string[] }> {
  const script = `
    import { writeSync } from 'node:fs';
    import { systemFailpoints } from ${JSON.stringify(module_)};
    const failpoints = systemFailpoints(${JSON.stringify(spec)});
    for (const point of ${JSON.stringify(points)}) {
      failpoints.reached(point);
      writeSync(1, point + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_, how) => resolve(how)),
  );
  return { signal, past: output.trim().split('\n').filter(Boolean) };
}

test.each([
  ['decide.after=kill', ['decide.before', 'decide.after', 'inject.before'], ['decide.before']],
  ['inject.after=kill, commit.before@2=kill', ['commit.before', 'commit.before'], ['commit.before']],
])('%s: the process dies there and then', async (spec, points, past) => {
  expect(await reaching(spec, points)).toEqual({ signal: 'SIGKILL', past });
});

test('steps that nobody named change nothing', async () => {
  const points = ['decide.before', 'decide.after'];
  expect(await reaching('decide.after@3=kill', points)).toEqual({ signal: null, past: points });
  expect(await reaching('', points)).toEqual({ signal: null, past: points });
});

test('a file is looked at whenever a step is reached; of those that share it one dies, and its times begin anew with each plan', async () => {
  const file = join(folder, 'plan');
  writeFileSync(file, 'commit.after@2=kill\n1\n');
  const points = ['commit.after', 'commit.after', 'commit.after'];
  expect(await reaching(`@${file}`, points)).toEqual({ signal: 'SIGKILL', past: ['commit.after'] });
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^plan\.\d+$/)]);
  expect(await reaching(`@${file}`, points)).toEqual({ signal: null, past: points });

  const failpoints = systemFailpoints(`@${file}`);
  writeFileSync(file, 'commit.after@2=kill\n2\n');
  failpoints.reached('commit.after');
  writeFileSync(file, 'commit.after@2=kill\n3\n');
  failpoints.reached('commit.after'); // the second time, but the first of this plan
  rmSync(file);
  failpoints.reached('commit.after');
});

test.each([
  ['decide.aftr=kill', 'did you mean decide.after?'],
  ['decide.after=explode', 'STEP=kill'],
  ['decide.after@0=kill', 'STEP=kill'],
  ['decide.after', 'STEP=kill'],
])('%s is refused', (spec, hint) => {
  expect(() => systemFailpoints(spec)).toThrowError(
    expect.objectContaining({ code: 'WEIR-8206', hint: expect.stringContaining(hint) as string }) as Error,
  );
});
