import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { givenAddress } from './given-address.ts';
import type { KafkaRun } from './kafka-launcher.ts';
import { findLauncher } from './launchers.ts';
import { isAtLeast, parseVersion } from './run-command.ts';
import { freePort } from './free-port.ts';

let folder: string;
const said: string[] = [];
const say = (line: string) => void said.push(line);

/** A program on the PATH that prints `output`; with `exit` 1, one that fails. */
function program(name: string, output: string, exit = 0): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\necho '${output}'\nexit ${exit}\n`);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sources-'));
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('JAVA_HOME', '');
  vi.stubEnv('WEIR_STACK_KAFKA', '');
  vi.stubEnv('WEIR_STACK_NATS', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const run = (at: string): KafkaRun => ({
  folder: at,
  configuration: `${at}/server.properties`,
  logging: `${at}/log4j2.properties`,
  jvmArgs: ['-Xmx512m'],
  ports: [20_001],
});

function kafkaOnPath(version: string): void {
  for (const name of ['kafka-server-start.sh', 'kafka-storage.sh', 'kafka-topics.sh']) program(name, version);
}

describe('Kafka comes from', () => {
  test('the PATH, if it is new enough', async () => {
    kafkaOnPath('4.1.1 (Commit:be816b82d25370ce)');
    program('docker', 'answers');
    const launcher = await findLauncher('kafka', say);
    expect(launcher.source).toMatch(/^Kafka 4\.1\.1 on the PATH/);
    expect(launcher.serve(run('/data')).args).toEqual(['/data/server.properties']);
  });

  test('Docker, if the one on the PATH is too old', async () => {
    kafkaOnPath('3.6.0 (Commit:60e845626d8a465a)');
    program('docker', 'answers');
    const launcher = await findLauncher('kafka', say);
    expect(launcher.source).toMatch(/^Docker \(apache\/kafka/);
    const command = launcher.serve(run('/data'));
    expect(command.args).toContain('127.0.0.1:20001:20001');
    expect(command.args).toContain('/data:/data');
    expect(command.args).toContain(command.container);
    expect(launcher.serve(run('/data')).container).not.toBe(command.container);
  });

  test('nowhere, in one line, if Docker has no engine and there is no Java', async () => {
    program('docker', 'Cannot connect to the Docker daemon', 1);
    await expect(findLauncher('kafka', say)).rejects.toThrow(
      /^no way to run Kafka: install Docker, or Java 17[^\n]*$/,
    );
  });

  test('no other source than the one that is asked for', async () => {
    vi.stubEnv('WEIR_STACK_KAFKA', 'docker');
    kafkaOnPath('4.1.1');
    await expect(findLauncher('kafka', say)).rejects.toThrow(/WEIR_STACK_KAFKA=docker/);
  });
});

describe('NATS comes from', () => {
  test('the PATH, if it is new enough', async () => {
    program('nats-server', 'nats-server: v2.12.3');
    expect((await findLauncher('nats', say)).source).toBe('nats-server 2.12.3 on the PATH');
  });

  test('Docker, if the one on the PATH is too old', async () => {
    program('nats-server', 'nats-server: v2.1.0');
    program('docker', 'answers');
    const command = (await findLauncher('nats', say)).serve({
      folder: '/data',
      configuration: '/data/nats.conf',
      ports: [20_001],
    });
    expect(command.args.slice(-2)).toEqual(['--config', '/data/nats.conf']);
    expect(command.args).toContain('127.0.0.1:20001:20001');
  });

  test('nowhere, in one line, if nothing is there', async () => {
    await expect(findLauncher('nats', say)).rejects.toThrow(
      /^no way to run NATS: install nats-server[^\n]*$/,
    );
  });
});

describe('an address in the environment', () => {
  test('is taken if one of its servers answers', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const value = `127.0.0.1:${await freePort()},127.0.0.1:${port}`;
    vi.stubEnv('WEIR_KAFKA_BOOTSTRAP', value);
    expect(await givenAddress('WEIR_KAFKA_BOOTSTRAP', 9092)).toBe(value);
    await new Promise((resolve) => server.close(resolve));
  });

  test('is an error, and no reason to start another server, if nothing answers', async () => {
    vi.stubEnv('WEIR_NATS_URL', `nats://127.0.0.1:${await freePort()}`);
    await expect(givenAddress('WEIR_NATS_URL', 4222)).rejects.toThrow(
      /nothing answers at WEIR_NATS_URL=nats/,
    );
  });
});

test.each([
  ['4.1.1 (Commit:x)', [4, 1, 1], true],
  ['nats-server: v4.0', [4, 0, 0], true],
  ['3.9.1', [3, 9, 1], false],
  ['no version here', undefined, false],
] as const)('the version in "%s"', (text, version, enough) => {
  expect(parseVersion(text)).toEqual(version);
  expect(isAtLeast(parseVersion(text), [4, 0])).toBe(enough);
});
