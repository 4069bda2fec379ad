import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { launcherIfAny } from './launchers.ts';

let folder: string;
const say = () => undefined;

/** A program on the PATH that runs `script`. */
function program(name: string, script: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-toxiproxy-sources-'));
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('Toxiproxy comes from', () => {
  test.each(['2.12.0', 'git'])('the PATH, in version %s', async (version) => {
    program('toxiproxy-server', `echo toxiproxy-server version ${version}`);
    const launcher = await launcherIfAny('toxiproxy', say);
    expect(launcher?.source).toBe('toxiproxy on the PATH');
    expect(launcher?.serve(20_001).args).toEqual(['-host', '127.0.0.1', '-port', '20001']);
  });

  test('Go, if the one on the PATH is too old, and only once', async () => {
    program('toxiproxy-server', 'echo toxiproxy-server version 2.1.4');
    program('go', 'echo > "$GOBIN/server"');
    const built = await launcherIfAny('toxiproxy', say);
    expect(built?.source).toBe('toxiproxy built by go install');
    rmSync(join(folder, 'bin/go'));
    expect((await launcherIfAny('toxiproxy', say))?.serve(1).program).toBe(built?.serve(1).program);
  });

  test('nowhere, which is no error', async () => {
    expect(await launcherIfAny('toxiproxy', say)).toBeUndefined();
    program('go', 'exit 1');
    expect(await launcherIfAny('toxiproxy', say)).toBeUndefined();
  });
});
