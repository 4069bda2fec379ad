import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import { findLauncher } from '@weir/tool-stack/launchers.ts';
import { NatsServer } from '@weir/tool-stack/nats-server.ts';
import { runCommand } from '@weir/tool-stack/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-security-'));
const password = 's:cret/@%';
let nats: NatsServer;
let cluster: WeirCluster;

beforeAll(async () => {
  const configuration = `authorization { user: weir, password: ${JSON.stringify(password)} }`;
  nats = await NatsServer.start(await findLauncher('nats', () => undefined), {
    folder: join(folder, 'nats'),
    configuration,
  });
  cluster = await WeirCluster.start({
    folder,
    cluster: `security-${process.pid}`,
    natsUrl: nats.url,
    workers: 1,
    environment: { WEIR_NATS_USER: 'weir', WEIR_NATS_PASSWORD: password },
  });
});
afterAll(async () => {
  await cluster?.kill();
  await nats?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const escaped = encodeURIComponent(password);

test('processes log in to NATS with user and password from settings or the URL, and never show the password', async () => {
  const byUrl = await cluster.addWorker({
    WEIR_NATS_URL: nats.url.replace('nats://', `nats://weir:${escaped}@`),
    WEIR_NATS_USER: '',
    WEIR_NATS_PASSWORD: '',
    WEIR_LOG_LEVEL: 'trace',
  });
  expect(byUrl.running).toBe(true);
  await expect(
    cluster.addWorker({
      WEIR_NATS_PASSWORD: `no${password}`,
    }),
  ).rejects.toThrow();
  const logs = [byUrl, ...cluster.processes].map(({ logFile }) => readFileSync(logFile, 'utf8'));
  const refused = readFileSync(join(folder, 'worker-3.log'), 'utf8');
  expect(refused).toContain('WEIR_NATS_PASSWORD'); // What to do.
  for (const log of [...logs, refused]) {
    expect(log.length).toBeGreaterThan(0);
    expect(log).not.toContain(password);
    expect(log).not.toContain(escaped);
  }
});

test.each(['controller', 'worker', 'schema-service'])(
  '%s does not listen on other addresses than loopback without --insecure',
  async (role) => {
    const main = fileURLToPath(new URL(`../../${role}/src/main.ts`, import.meta.url));
    for (const open of [
      ['--listen', '0.0.0.0:0', '--admin', '127.0.0.1:0'],
      ['--listen', '127.0.0.1:0', '--admin', '[::]:0'],
    ]) {
      const store = role === 'schema-service' ? [] : ['--store-url', `file://${folder}/store`];
      const { ok, stderr } = await runCommand(process.execPath, [main, ...open, ...store]);
      expect(ok).toBe(false);
      expect(stderr).toContain('can be reached from other machines');
      expect(stderr).toContain('--insecure');
    }
  },
);

test('with --insecure it listens there, and says so in its log', async () => {
  const service = await WeirProcess.start({
    role: 'schema-service',
    name: 'open-service',
    folder,
    listen: '0.0.0.0:0',
    admin: '127.0.0.1:0',
    environment: { WEIR_INSECURE: 'true' },
  });
  try {
    expect(service.addresses.address).toMatch(/^0\.0\.0\.0:\d+$/);
    expect(readFileSync(service.logFile, 'utf8')).toContain('insecure: whoever reaches --listen 0.0.0.0:0');
  } finally {
    await service.kill();
  }
});

/** The most memory that a process has had, MiB. */
function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Begins a call whose message is to have `announced` bytes, sends `sent` of them and never ends it. Resolves when it is closed. */
function neverEnded(
  session: ClientHttp2Session,
  path: string,
  announced: number,
  sent: number,
): Promise<void> {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => {});
  stream.resume();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(announced, 1);
  stream.write(head);
  const piece = Buffer.alloc(1024 * 1024, 1);
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  void (async () => {
    for (let at = 0; at < sent && !stream.closed; at += piece.length) {
      if (!stream.write(piece))
        await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), closed]);
    }
  })();
  return closed;
}

const mebibyte = 1024 * 1024;

test.each([
  ['schema-service', '/weir.v1.SchemaService/ValidateTables', 4],
  ['controller', '/weir.v1.PipelineService/CreatePipeline', 4],
  ['worker', '/weir.internal.v1.WorkerService/StartTasks', 16],
] as const)(
  'fault 1.2.7: calls that are never ended do not fill the memory of a %s',
  async (role, path, limit) => {
    const flooded: WeirProcess | undefined = cluster.processes.find(({ name }) => name.startsWith(role));
    const { pid, addresses } = flooded ?? expect.fail(`no ${role}`);
    const before = peakMemory(pid);
    // As found: 12 calls of 100 MiB each; then calls within the limit of a message, of which only the sum is too much.
    const session = connect(`http://${addresses.address}`, { maxSessionMemory: 10_000 });
    session.on('error', () => {});
    const calls = [
      ...Array.from({ length: 12 }, () => neverEnded(session, path, 100 * mebibyte, 100 * mebibyte)),
      ...Array.from({ length: 60 }, () =>
        neverEnded(session, path, limit * mebibyte, (limit - 1) * mebibyte),
      ),
    ];
    // Those of 100 MiB are refused as soon as their size is known.
    await Promise.all(calls.slice(0, 12));
    // The others are refused when there is too much of them, and at the latest when their time is up.
    await Promise.all(calls);
    session.destroy();
    const peak = peakMemory(pid);
    process.stderr.write(
      `${role}: ${before.toFixed(0)} MiB before the flood, ${peak.toFixed(0)} MiB at most\n`,
    );
    expect(peak).toBeLessThan(300);
  },
);

test('a controller still answers after the flood', async () => {
  expect((await fetch(`http://${cluster.controllers[0]?.addresses.adminAddress}/healthz`)).ok).toBe(true);
});
