import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findLauncher } from './launchers.ts';

let folder: string;
const say = () => undefined;

/** A program on the PATH that prints `output`; with `exit` 1, one that fails. */
function program(name: string, output: string, exit = 0): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\necho '${output}'\nexit ${exit}\n`);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-s3-sources-'));
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('WEIR_STACK_S3', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const run = { folder: '/data', port: 20_001, accessKey: 'ak', secretKey: 'sk' };

describe('an S3 server comes from', () => {
  test('versitygw on the PATH, with its keys', async () => {
    program('versitygw', '');
    program('python3', '5.2.1');
    const launcher = await findLauncher('s3', say);
    expect(launcher.source).toBe('versitygw on the PATH');
    expect(launcher.serve(run)).toMatchObject({
      args: ['--port', '127.0.0.1:20001', '--quiet', 'posix', '/data'],
      env: { ROOT_ACCESS_KEY: 'ak', ROOT_SECRET_KEY: 'sk' },
    });
  });

  test('versitygw that was built before', async () => {
    mkdirSync(join(folder, 'cache/weir/versitygw'), { recursive: true });
    writeFileSync(join(folder, 'cache/weir/versitygw/versitygw'), '');
    expect((await findLauncher('s3', say)).source).toBe('versitygw built before');
  });

  test('moto, if it is installed and new enough', async () => {
    program('python3', '5.2.1');
    const launcher = await findLauncher('s3', say);
    expect(launcher.source).toBe('moto 5.2.1 on this machine');
    expect(launcher.serve(run).args).toEqual(['-m', 'moto.server', '-H', '127.0.0.1', '-p', '20001']);
  });

  test('the one that WEIR_STACK_S3 names, and no other', async () => {
    program('versitygw', '');
    program('python3', '5.2.1');
    vi.stubEnv('WEIR_STACK_S3', 'moto');
    expect((await findLauncher('s3', say)).source).toMatch(/^moto/);
  });

  test('nowhere: it says what to install', async () => {
    program('python3', '5.0.0');
    vi.stubEnv('WEIR_STACK_S3', 'moto');
    await expect(findLauncher('s3', say)).rejects.toThrow(/install Python with pip, or versitygw/);
  });
});
