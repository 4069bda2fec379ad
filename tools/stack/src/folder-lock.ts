import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';
import { runCommand } from './run-command.ts';

interface Owner {
  readonly pid: number;
  /** When that process began, as `ps` tells it: a pid is given out again. Empty where there is no `ps`. */
  readonly began: string;
}

async function beginOf(pid: number): Promise<string> {
  return (await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim();
}

async function isAlive({ pid, began }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return (await beginOf(pid)) === began;
}

/**
 * Makes `folder` this process's own until the returned function is called or this process is gone.
 * @throws WeirError WEIR-9010 if another process that is alive has it
 */
export async function lockFolder(folder: string): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'owner.json');
  const own: Owner = { pid: process.pid, began: await beginOf(process.pid) };
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readOwner(file);
    if (owner !== undefined && (await isAlive(owner))) {
      throw new WeirError(
        'WEIR-9010',
        `${folder} is in use by process ${owner.pid}: stop it first, or take another folder`,
      );
    }
    rmSync(file, { force: true });
  }
}

/** Undefined if the file is gone, or was left half written by a process that is gone. */
function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}
