import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheFolder } from './download-cache.ts';
import type { Ways } from './first-way.ts';
import { goInstall } from './go-install.ts';
import { pipInstall } from './pip-install.ts';
import type { Command } from './process-group.ts';
import { findOnPath, isAtLeast, parseVersion, runCommand } from './run-command.ts';

/** A way to run an S3 server with conditional writes on this machine. */
export interface S3Launcher {
  /** For people: where it came from. */
  readonly source: string;
  /** Whether a bucket is a folder below the data folder that may be made there. */
  readonly bucketsAreFolders: boolean;
  /** The server in the foreground, with its data (if it keeps any) in the folder. */
  serve(run: { folder: string; port: number; accessKey: string; secretKey: string }): Command;
}

const versitygwModule = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
/** The first with `If-Match` on puts. */
const minimumMoto = [5, 1] as const;

/** Checks signatures, and keeps objects as files. */
function versitygw(program: string | undefined, from: string): S3Launcher | undefined {
  if (program === undefined || !existsSync(program)) return undefined;
  return {
    source: `versitygw ${from}`,
    bucketsAreFolders: true,
    serve: ({ folder, port, accessKey, secretKey }) => ({
      program,
      args: ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder],
      env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
    }),
  };
}

/** Starts at once, in memory; takes any signature. `modules` is where Python finds it, if it isn't installed. */
async function moto(modules: string | undefined, from: string): Promise<S3Launcher | undefined> {
  const python = findOnPath('python3', 'python');
  if (python === undefined) return undefined;
  const env = modules === undefined ? undefined : { PYTHONPATH: modules };
  const script = 'import moto, moto.server; print(moto.__version__)';
  const answer = await runCommand(python, ['-c', script], { ...(env ? { env } : {}), deadlineMs: 60_000 });
  const version = parseVersion(answer.stdout);
  if (!answer.ok || !isAtLeast(version, minimumMoto)) return undefined;
  return {
    source: `moto ${version?.join('.')} ${from}`,
    bucketsAreFolders: false,
    serve: ({ port }) => ({
      program: python,
      args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
      ...(env ? { env } : {}),
    }),
  };
}

async function motoFromPyPi(say: (line: string) => void): Promise<S3Launcher | undefined> {
  const folder = await cached('moto-server', async (target) => {
    say('fetching moto (PyPI), an S3 server for tests');
    return pipInstall('moto[server]', target);
  });
  return folder === undefined ? undefined : moto(folder, 'from PyPI');
}

/** Takes about two minutes; afterwards it is in the cache. */
async function versitygwFromGo(say: (line: string) => void): Promise<S3Launcher | undefined> {
  const folder = await cached('versitygw', async (target) => {
    say('building versitygw (go install, about two minutes)');
    return (await goInstall(versitygwModule, target, 'versitygw')) !== undefined;
  });
  return folder === undefined ? undefined : versitygw(join(folder, 'versitygw'), 'from go install');
}

/** versitygw on the PATH or built before, moto that is installed, moto from PyPI; versitygw is built when `go` is asked for. */
export const s3Ways: Ways<S3Launcher> = {
  what: 'an S3 server',
  variable: 'WEIR_STACK_S3',
  ways: {
    versitygw: async () =>
      versitygw(findOnPath('versitygw'), 'on the PATH') ??
      versitygw(join(cacheFolder(), 'versitygw', 'versitygw'), 'built before'),
    moto: () => moto(undefined, 'on this machine'),
    pypi: motoFromPyPi,
    go: versitygwFromGo,
  },
  onlyWhenNamed: ['go'],
  missing: { code: 'WEIR-9012', install: 'install Python with pip, or versitygw' },
};
