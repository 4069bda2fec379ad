import type { Command } from './process-group.ts';
import { findOnPath, runCommand } from './run-command.ts';

/** True if there is a Docker client and its engine answers. */
export async function dockerAnswers(): Promise<boolean> {
  if (findOnPath('docker') === undefined) return false;
  return (await runCommand('docker', ['info'], { deadlineMs: 10_000 })).ok;
}

export interface DockerRun {
  readonly image: string;
  /** Container names begin with it; left out for a command that ends by itself. */
  readonly name?: string;
  /** Seen under the same path inside, and written as the user that we are. */
  readonly folder: string;
  /** The same inside and on 127.0.0.1. */
  readonly ports?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  readonly entrypoint?: string;
  /** What stands behind the image. */
  readonly args: readonly string[];
}

let containers = 0;

/** A container in the foreground, which is gone when it ends. */
export function dockerRun({ image, name, folder, ports, env, entrypoint, args }: DockerRun): Command {
  const container = name === undefined ? undefined : `${name}-${process.pid}-${++containers}`;
  const options = [
    ...(container === undefined ? [] : ['--name', container]),
    ...['--volume', `${folder}:${folder}`],
    ...['--user', `${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`],
    ...Object.entries(env ?? {}).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...(ports ?? []).flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]),
    ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
  ];
  return {
    program: 'docker',
    args: ['run', '--rm', '--init', ...options, image, ...args],
    ...(container === undefined ? {} : { container }),
  };
}
