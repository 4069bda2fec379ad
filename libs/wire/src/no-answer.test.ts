import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { credentials, Metadata, status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { WorkerServiceClient } from './gen/weir/internal/v1/worker.ts';
import { callUnary } from './grpc-call.ts';
import { explainNoAnswer } from './no-answer.ts';

async function errorOf(address: string, whatToDo?: string): Promise<unknown> {
  const client = new WorkerServiceClient(address, credentials.createInsecure());
  try {
    return await callUnary(
      client.cancelTasks.bind(client),
      { scope: undefined, committedEpoch: 0 },
      {
        deadlineAtMs: Date.now() + 60_000,
        target: `worker ${address}`,
        ...(whatToDo === undefined ? {} : { whatToDo }),
      },
    ).catch((error: unknown) => error);
  } finally {
    client.close();
  }
}

async function listening(onConnection: (socket: import('node:net').Socket) => void) {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('nobody listens: which address, what is wrong, what to do, and nothing of the library', async () => {
  const { server, address } = await listening(() => {});
  await new Promise((resolve) => server.close(resolve));
  const error = await errorOf(address, 'start it with weir up');
  expect(error).toMatchObject({
    code: 'WEIR-8001',
    disposition: 'retry',
    message: `worker ${address} can't be reached: nothing listens there`,
    hint: 'start it with weir up',
  });
  expect(JSON.stringify([error, (error as Error).cause])).not.toMatch(
    /Last error|Resolution note|UNAVAILABLE/,
  );
});

test('something else listens', async () => {
  const { server, address } = await listening((socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const error = await errorOf(address);
  server.close();
  expect(error).toMatchObject({ code: 'WEIR-8001', disposition: 'retry' });
  expect((error as Error).message).toMatch(
    /can't be reached: (what listens there speaks something else than gRPC|the connection broke|no connection could be made)$/,
  );
});

test('a name that nobody knows', async () => {
  const error = await errorOf('no-such-host.invalid:7070');
  expect((error as Error).message).toBe(
    "worker no-such-host.invalid:7070 can't be reached: its name can't be resolved to an address",
  );
});

test.each([
  [
    status.UNAVAILABLE,
    'No connection established. Last error: null. Resolution note: ',
    "the worker can't be reached: no connection could be made",
  ],
  [
    status.UNAVAILABLE,
    'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ',
    "the worker can't be reached: nothing listens there",
  ],
  [status.UNAVAILABLE, 'read ECONNRESET', "the worker can't be reached: the connection broke"],
  [status.UNAVAILABLE, 'a reason of its own', "the worker can't be reached: a reason of its own"],
  [
    status.DEADLINE_EXCEEDED,
    'Deadline exceeded after 2.000s,metadata filters: 0.001s,LB pick: 0.001s,remote_addr=127.0.0.1:1',
    'the worker gave no answer in time',
  ],
  [status.UNIMPLEMENTED, 'The server does not implement …', "the worker doesn't know this call"],
  [status.PERMISSION_DENIED, 'not yours', 'the worker: not yours'],
  [status.UNKNOWN, '', 'the worker: UNKNOWN'],
])('status %i, "%s"', (code, details, message) => {
  const error = Object.assign(new Error(details), { code, details, metadata: new Metadata() });
  expect(explainNoAnswer(error, 'the worker').message).toBe(message);
});
