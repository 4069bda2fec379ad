import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const lookEveryMs = 500;
/** npm, the shell that it starts a command with, and the `weir` that forwards under an older Node: never more than these. */
const mostBetween = 4;
const npmCommand = /^(npm|npx|pnpm|yarn)\b|[/\\](npm|npx|pnpm|yarn)(-cli)?(\.c?js)?( |$)/;

/**
 * Calls `gone` once when the npm under which this process was started has ended, however it ended (a SIGKILL tells nobody). Does nothing where
 * there is none. It never keeps the process alive.
 */
export function whenNpmIsGone(gone: () => void): void {
  if (!process.env['npm_lifecycle_event']) return;
  const chain = throughNpm();
  const timer = setInterval(() => {
    if (!isBroken(chain)) return;
    clearInterval(timer);
    gone();
  }, lookEveryMs);
  timer.unref();
}

/** Pids from this process up to npm, or to its parent where npm can't be found. */
function throughNpm(): readonly number[] {
  const chain = [process.pid, process.ppid];
  for (let above = process.ppid; chain.length <= mostBetween + 1;) {
    const facts = factsOf(above);
    if (facts === undefined) break;
    if (npmCommand.test(facts.command)) return chain;
    above = facts.parent;
    if (above <= 1) break;
    chain.push(above);
  }
  return [process.pid, process.ppid];
}

/**
 * Whose parent has ended gets another one. Of this process the system tells it; of those between it and npm Linux tells it by a file, and elsewhere
 * their parent's end is seen by itself: to ask for their parents each time would start a program.
 */
function isBroken(chain: readonly number[]): boolean {
  if (process.ppid !== chain[1]) return true;
  return chain.slice(1, -1).some((pid, index) => {
    const above = chain[index + 2] as number;
    return process.platform === 'linux' ? factsOf(pid)?.parent !== above : !exists(above);
  });
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function factsOf(pid: number): { readonly parent: number; readonly command: string } | undefined {
  try {
    if (process.platform === 'linux') {
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return { parent: Number(parent), command };
    }
    const line = execFileSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [, parent, command = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    return parent === undefined ? undefined : { parent: Number(parent), command };
  } catch {
    return undefined; // it has ended, or nothing tells of it
  }
}
