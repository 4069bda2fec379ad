import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { BrokerConnection, type Api } from './broker-connection.ts';

const api: Api = { key: 10, version: 2, name: 'FindCoordinator', flexible: false };

/** A broker that answers ApiVersions, and all else with what `answer` gives; notes when requests came. */
async function fakeBroker(answer: (nth: number) => Buffer | null) {
  const came: number[] = [];
  const server = createServer((socket: Socket) => {
    let data = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      data = Buffer.concat([data, chunk]);
      while (data.length >= 4 && data.length >= 4 + data.readInt32BE(0)) {
        const request = data.subarray(4, 4 + data.readInt32BE(0));
        data = data.subarray(4 + request.length);
        const isVersions = request.readInt16BE(0) === 18;
        if (!isVersions) came.push(performance.now());
        const body = isVersions ? versions : answer(came.length);
        if (body === null) continue;
        const head = Buffer.alloc(8);
        head.writeInt32BE(4 + body.length, 0);
        request.copy(head, 4, 4, 8);
        socket.write(Buffer.concat([head, body]));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { bootstrapServers: [`127.0.0.1:${port}`], clientId: 'test' };
  const connection = await BrokerConnection.open(options, '127.0.0.1', port);
  return {
    came,
    connection,
    close: async () => {
      connection.drop();
      server.close();
      await once(server, 'close');
    },
  };
}

/** No error; API 10 in versions 0 to 2. */
const versions = Buffer.from([0, 0, 0, 0, 0, 1, 0, 10, 0, 0, 0, 2]);
const throttled = (ms: number): Buffer => {
  const body = Buffer.alloc(4);
  body.writeInt32BE(ms);
  return body;
};

test('S9: what an answer says of quotas holds for all requests, and a request that is held back is not late', async () => {
  const broker = await fakeBroker((nth) => throttled(nth === 1 ? 300 : 0));
  expect((await broker.connection.send(api, [])).int32()).toBe(300);
  const started = performance.now();
  // Its timeout is shorter than what it is held back for.
  expect((await broker.connection.send(api, [], 200)).int32()).toBe(0);
  expect((broker.came[1] ?? 0) - started).toBeGreaterThan(250);
  await broker.close();
});

test('a request that was sent and is not answered in its time breaks the connection', async () => {
  const broker = await fakeBroker(() => null);
  await expect(broker.connection.send(api, [], 50)).rejects.toMatchObject({ code: 'WEIR-4002', sent: true });
  expect(broker.connection.isUsable).toBe(false);
  await broker.close();
});
