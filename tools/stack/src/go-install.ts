import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, runCommand } from './run-command.ts';

/** Builds a Go program into a folder. @returns its path, or undefined where there is no Go or it doesn't build */
export async function goInstall(
  module: string,
  folder: string,
  program: string,
): Promise<string | undefined> {
  const go = findOnPath('go');
  if (go === undefined) return undefined;
  const built = await runCommand(go, ['install', module], { env: { GOBIN: folder }, deadlineMs: 600_000 });
  const path = join(folder, program);
  return built.ok && existsSync(path) ? path : undefined;
}
