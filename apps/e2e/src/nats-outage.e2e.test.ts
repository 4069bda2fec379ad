import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ownNats } from '@weir/tool-stack/test-servers.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

const ready = async (adminAddress = ''): Promise<number> =>
  (await fetch(`http://${adminAddress}/readyz`)).status;

async function busConnected(adminAddress = ''): Promise<string | undefined> {
  const text = await (await fetch(`http://${adminAddress}/metrics`)).text();
  return /^weir_bus_connected\b.* (\d+)$/m.exec(text)?.[1];
}

test('fault 1.2.10: while NATS is away a controller is ready and answers from the catalog, a worker is not ready', async () => {
  const nats = await ownNats();
  const e2e = await E2eCluster.start({ natsUrl: nats.url, workers: 1 });
  try {
    const [input, output] = [await e2e.topic('outage-in'), await e2e.topic('outage-out')];
    const sql = `CREATE TABLE a (id BIGINT) ${e2e.with(input, 'source')}; CREATE TABLE b (id BIGINT) ${e2e.with(output, 'sink')}; INSERT INTO b SELECT id FROM a;`;
    await e2e.client.create({ name: 'copy', sql, checkpointInterval: '200ms' });
    await e2e.client.untilState('copy', 'running');
    const [controller] = e2e.processes.controllers.map(({ addresses }) => addresses.adminAddress);
    const [worker] = e2e.processes.workers.map(({ addresses }) => addresses.adminAddress);
    expect([await ready(controller), await ready(worker)]).toEqual([200, 200]);
    expect([await busConnected(controller), await busConnected(worker)]).toEqual(['1', '1']);
    await nats.kill();
    await waitUntil(async () => (await ready(worker)) === 503, { what: 'the worker to miss NATS' });
    await waitUntil(async () => (await busConnected(controller)) === '0', {
      what: 'the controller to miss it',
    });
    expect(await ready(controller)).toBe(200);
    expect((await e2e.weir('ls')).stdout).toContain('copy');
    expect(await e2e.weir('stop', 'copy', '--mode', 'immediate')).toMatchObject({ code: 0 });
    await nats.restart();
    await waitUntil(async () => (await ready(worker)) === 200, { what: 'the worker to be ready again' });
    await e2e.client.untilState('copy', 'stopped');
  } finally {
    await e2e.dispose();
    await nats.dispose();
  }
});

test('processes of a cluster start in any order: before NATS is there a controller answers, a worker waits, and both say for what', async () => {
  const nats = await ownNats();
  await nats.kill();
  const e2e = await E2eCluster.start({ natsUrl: nats.url, workers: 1 });
  try {
    const [controller] = e2e.processes.controllers;
    const [worker] = e2e.processes.workers;
    expect(await ready(controller?.addresses.adminAddress)).toBe(200);
    const notReady = await fetch(`http://${worker?.addresses.adminAddress}/readyz`);
    expect([notReady.status, await notReady.text()]).toEqual([503, expect.stringContaining(nats.url)]);
    for (const logFile of [controller?.logFile, worker?.logFile]) {
      const line = readFileSync(logFile ?? '', 'utf8')
        .split('\n')
        .find((text) => text.includes('waiting for NATS'));
      expect(line).toContain(`no NATS server answers at ${nats.url}`);
      expect(line).toContain('WEIR_NATS_URL');
    }
    const [input, output] = [await e2e.topic('early-in'), await e2e.topic('early-out')];
    const sql = `CREATE TABLE a (id BIGINT) ${e2e.with(input, 'source')}; CREATE TABLE b (id BIGINT) ${e2e.with(output, 'sink')}; INSERT INTO b SELECT id FROM a;`;
    await e2e.client.create({ name: 'early', sql, checkpointInterval: '200ms' });
    expect((await e2e.weir('ls')).stdout).toContain('early');
    await nats.restart();
    await e2e.client.untilState('early', 'running');
    expect(await ready(worker?.addresses.adminAddress)).toBe(200);
    await e2e.produce(input, [{ id: 1 }]);
    expect(await e2e.untilCommitted(output, 1)).toEqual([{ id: 1 }]);
  } finally {
    await e2e.dispose();
    await nats.dispose();
  }
});
