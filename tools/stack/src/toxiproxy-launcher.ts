import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './download-cache.ts';
import type { Ways } from './first-way.ts';
import { goInstall } from './go-install.ts';
import type { Command } from './process-group.ts';
import { findOnPath, isAtLeast, parseVersion, runCommand } from './run-command.ts';

/** A way to run Toxiproxy on this machine: a proxy whose connections can be cut and slowed down. */
export interface ToxiproxyLauncher {
  /** For people: where it came from. */
  readonly source: string;
  /** The proxy in the foreground; it is told what to do on this port of 127.0.0.1. */
  serve(port: number): Command;
}

const module = 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0';
/** The first that closes the connections on which data was lost, once `timeout` is taken away. */
const minimumToxiproxy = [2, 3] as const;

function launcherFor(program: string, from: string): ToxiproxyLauncher {
  return {
    source: `toxiproxy ${from}`,
    serve: (port) => ({ program, args: ['-host', '127.0.0.1', '-port', String(port)] }),
  };
}

async function onPath(): Promise<ToxiproxyLauncher | undefined> {
  const program = findOnPath('toxiproxy-server');
  if (program === undefined) return undefined;
  const answer = await runCommand(program, ['-version']);
  const version = parseVersion(answer.stdout);
  // One that somebody has built says "git": it is taken for new.
  const oldOne = version !== undefined && !isAtLeast(version, minimumToxiproxy);
  return answer.ok && !oldOne ? launcherFor(program, 'on the PATH') : undefined;
}

/** Takes 10 to 40 s the first time; afterwards it is in the cache. */
async function fromGo(say: (line: string) => void): Promise<ToxiproxyLauncher | undefined> {
  const folder = await cached('toxiproxy', async (target) => {
    say('building toxiproxy (go install)');
    const built = await goInstall(module, target, 'server');
    if (built === undefined) return false;
    renameSync(built, join(target, 'toxiproxy-server'));
    return true;
  });
  return folder === undefined
    ? undefined
    : launcherFor(join(folder, 'toxiproxy-server'), 'built by go install');
}

/** On the PATH, or built with Go now or earlier. */
export const toxiproxyWays: Ways<ToxiproxyLauncher> = {
  what: 'Toxiproxy',
  ways: { path: onPath, go: fromGo },
  missing: { code: 'WEIR-9014', install: 'install toxiproxy-server, or Go' },
};
