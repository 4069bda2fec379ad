import { afterEach, expect, test } from 'vitest';
import type { Timers } from '@weir/kernel/ports.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { freePort } from '@weir/tool-stack/free-port.ts';
import { ClusterServiceService } from '@weir/wire/gen/weir/v1/cluster.ts';
import { unaryHandler } from '@weir/wire/grpc-handler.ts';
import { publicLimits } from '@weir/wire/call-limits.ts';
import { startGrpcServer, type GrpcServer } from '@weir/wire/grpc-server.ts';
import { ClusterClient } from './cluster-client.ts';

const timers = {
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
} as Timers;

let server: GrpcServer | undefined;
let client: ClusterClient | undefined;
afterEach(async () => {
  client?.close();
  await server?.close(timers, 0);
  server = undefined;
});

async function serve(listen: string): Promise<void> {
  const implementation = {
    getCluster: unaryHandler(() => ({ name: 'c', version: '1', busConnected: true, workers: [] })),
  };
  const services = [{ definition: ClusterServiceService, implementation }];
  const { server: security } = plainTransport();
  server = await startGrpcServer({ listen, services, reflection: [], security, limits: publicLimits });
}

test("what drives a test waits for a controller that was just restarted, and doesn't end with 'no connection established'", async () => {
  const address = `127.0.0.1:${await freePort()}`;
  client = new ClusterClient(address);
  let answered = false;
  const workers = client.workers().finally(() => (answered = true));
  // It has been refused by now, whatever the back-off.
  await expect(client.get('any', 300)).rejects.toThrow(`controller ${address} can't be reached`);
  expect(answered).toBe(false);
  await serve(address);
  expect(await workers).toEqual([]);
  await server?.close(timers, 0);
  await serve(address);
  expect(await client.workers()).toEqual([]);
});

test('what a controller answers is the answer, also when it is an error', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  await serve(address);
  client = new ClusterClient(address);
  // This server has no pipelines at all: an answer that asking again can't change.
  await expect(client.get('any')).rejects.toMatchObject({
    code: 'WEIR-8002',
    message: `controller ${address} doesn't know this call`,
  });
});
