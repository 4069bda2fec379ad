// npm run check: every check at once; a line each, and the output of those that fail.
import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** What to do about a failure, where its own output does not say. */
  readonly hint?: string;
}

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

function run(command: readonly string[]): Promise<Outcome> {
  const [program = '', ...args] = command;
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { cwd: root, env: { ...process.env, PATH: path }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ ok: error === null, output: stdout + stderr }),
    );
  });
}

/** The main branch, as this clone knows it, if it has .proto files to be compatible with. */
async function mainBranchWithProtos(): Promise<string | undefined> {
  for (const ref of ['origin/main', 'main']) {
    const listed = await run(['git', 'ls-tree', '-r', '--name-only', ref, 'proto']);
    if (listed.ok && /\.proto$/m.test(listed.output)) return ref;
  }
  return undefined;
}

async function checks(): Promise<Check[]> {
  const all: Check[] = [
    { name: 'types', command: ['tsc', '-p', 'tsconfig.json', '--noEmit'] },
    { name: 'lint', command: ['oxlint', '--type-aware'] },
    {
      name: 'format',
      command: ['prettier', '--check', '--log-level', 'warn', '--cache', '.'],
      hint: 'npm run format',
    },
  ];
  if (globSync('proto/**/*.proto', { cwd: root }).length === 0) return all;
  all.push({ name: 'proto', command: ['buf', 'lint'] });
  const main = existsSync(join(root, '.git')) ? await mainBranchWithProtos() : undefined;
  if (main !== undefined) {
    all.push({
      name: `proto is compatible with ${main}`,
      command: ['buf', 'breaking', '--against', `.git#ref=${main}`],
    });
  }
  return all;
}

async function runAndReport({ name, command, hint }: Check): Promise<boolean> {
  const begin = performance.now();
  const { ok, output } = await run(command);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`check: ${name} ${ok ? 'ok' : 'FAILED'} (${seconds} s)`);
  if (!ok) console.log(output.trimEnd());
  if (!ok && hint !== undefined) console.log(`to correct it: ${hint}`);
  return ok;
}

const results = await Promise.all((await checks()).map(runAndReport));
if (results.includes(false)) process.exitCode = 1;
