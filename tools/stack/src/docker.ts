import { findOnPath, runCommand } from './run-command.ts';

/** True if there is a Docker client and its engine answers. */
export async function dockerAnswers(): Promise<boolean> {
  if (findOnPath('docker') === undefined) return false;
  return (await runCommand('docker', ['info'], { deadlineMs: 10_000 })).ok;
}
