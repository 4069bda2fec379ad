import { afterEach, expect, test } from 'vitest';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { credentials, Metadata, ServerCredentials, status } from '@grpc/grpc-js';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Timers } from '@weir/kernel/ports.ts';
import {
  WorkerServiceClient,
  WorkerServiceService,
  type CancelTasksRequest,
  type WatchTasksResponse,
  type WorkerServiceServer,
} from './gen/weir/internal/v1/worker.ts';
import { publicLimits } from './call-limits.ts';
import type { Caller, ServerSecurity } from './caller.ts';
import { callUnary, followStream } from './grpc-call.ts';
import { grpcStatusOf, GrpcStatusError } from './grpc-error.ts';
import { streamHandler, unaryHandler } from './grpc-handler.ts';
import { startGrpcServer, type GrpcServer } from './grpc-server.ts';

let server: GrpcServer | undefined;
const security: ServerSecurity = {
  credentials: ServerCredentials.createInsecure(),
  identify({ path, peer, metadata }) {
    if (metadata.get('user')[0] === 'mallory')
      throw new GrpcStatusError(status.UNAUTHENTICATED, 'WEIR-8001', 'not you');
    return { kind: 'anonymous', name: `${metadata.get('user')[0] ?? 'nobody'} at ${path}`, peer };
  },
};

const timers = {
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
} as Timers;

afterEach(async () => server?.close(timers, 0));

async function serve(parts: Partial<WorkerServiceServer>): Promise<WorkerServiceClient> {
  const refuse = unaryHandler(() => Promise.reject(new Error('not called here')));
  const implementation = {
    startTasks: refuse,
    cancelTasks: refuse,
    watchTasks: streamHandler(async () => {}),
    tailOutput: streamHandler(async () => {}),
    ...parts,
  } as WorkerServiceServer;
  server = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: [{ definition: WorkerServiceService, implementation }],
    reflection: ['weir/internal/v1/worker.proto'],
    security,
    limits: publicLimits,
  });
  return new WorkerServiceClient(server.address, credentials.createInsecure());
}

const request: CancelTasksRequest = { scope: undefined, committedEpoch: 0 };
const settings = () => ({ deadlineAtMs: Date.now() + 20_000, target: 'the worker' });

test("a handler's WeirError arrives as the same WeirError, with its status", async () => {
  const client = await serve({
    cancelTasks: unaryHandler(() => {
      throw new GrpcStatusError(status.NOT_FOUND, 'WEIR-7001', 'no such generation – ß', {
        hint: 'ask later – ß',
        disposition: 'fenced',
      });
    }),
  });
  const error = await callUnary(client.cancelTasks.bind(client), request, settings()).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(WeirError);
  expect(error).toMatchObject({
    code: 'WEIR-7001',
    message: 'no such generation – ß',
    hint: 'ask later – ß',
    disposition: 'fenced',
  });
  expect(grpcStatusOf(error)).toBe(status.NOT_FOUND);
  client.close();
});

/** Fields of a protobuf message by number: bytes of those with a length, numbers of the others. */
function fieldsOf(bytes: Uint8Array): { field: number; value: Uint8Array | number }[] {
  const reader = new BinaryReader(bytes);
  const fields: { field: number; value: Uint8Array | number }[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    fields.push({ field, value: wireType === WireType.LengthDelimited ? reader.bytes() : reader.int32() });
  }
  return fields;
}
const textOf = (value: Uint8Array | number | undefined): string =>
  typeof value === 'object' ? Buffer.from(value).toString() : String(value);

test('fault 1.2.10: an error is sent as google.rpc.ErrorInfo too, where every gRPC library looks for it', async () => {
  const client = await serve({
    cancelTasks: unaryHandler(() => {
      throw new GrpcStatusError(status.NOT_FOUND, 'WEIR-7001', 'no such generation – ß', {
        hint: `ask later – ß${'!'.repeat(5000)}`,
      });
    }),
  });
  const trailers = await new Promise<Metadata>((resolve) => {
    client.cancelTasks(request, (error) => resolve(error?.metadata ?? new Metadata()));
  });
  client.close();
  const [details] = trailers.get('grpc-status-details-bin');
  const [code, message, any] = fieldsOf(details as Buffer);
  expect([code?.value, textOf(message?.value)]).toEqual([status.NOT_FOUND, 'no such generation – ß']);
  const [type, value] = fieldsOf(any?.value as Uint8Array);
  expect(textOf(type?.value)).toBe('type.googleapis.com/google.rpc.ErrorInfo');
  const info = fieldsOf(value?.value as Uint8Array);
  expect(info.slice(0, 2).map(({ field, value: text }) => [field, textOf(text)])).toEqual([
    [1, 'WEIR-7001'],
    [2, 'weir'],
  ]);
  const metadata = info
    .slice(2)
    .map(({ value: entry }) => fieldsOf(entry as Uint8Array).map((of) => textOf(of.value)));
  expect(metadata[0]).toEqual(['disposition', 'fatal']);
  expect(metadata[1]?.[0]).toBe('hint');
  expect(metadata[1]?.[1]).toMatch(/^ask later – ß!{1000,1500}…$/);
});

test('a call that gets no answer before its deadline may be repeated', async () => {
  const client = await serve({ cancelTasks: unaryHandler(() => new Promise(() => {})) });
  const call = callUnary(client.cancelTasks.bind(client), request, {
    ...settings(),
    deadlineAtMs: Date.now() + 50,
  });
  await expect(call).rejects.toMatchObject({ code: 'WEIR-8001', disposition: 'retry' });
  client.close();
});

test('a stream is followed to its end, to its break, or until nobody wants it', async () => {
  const running: WatchTasksResponse = { event: { $case: 'running', value: {} } };
  let sent = 0;
  let gone: AbortSignal | undefined;
  const client = await serve({
    watchTasks: streamHandler(async (asked, stream, signal) => {
      stream.write(running);
      sent += 1;
      if (asked.scope?.generation === 1) return;
      if (asked.scope?.generation === 2) throw new WeirError('WEIR-7002', 'a task has failed');
      gone = signal;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }),
  });
  const watch = (generation: number, signal?: AbortSignal, seen?: () => void) =>
    followStream(
      client.watchTasks({
        scope: { cluster: 'c', pipeline: 'p', pipelineId: 'i', generation, incarnation: 'w' },
      }),
      'the worker',
      (message) => {
        expect(message).toEqual(running);
        seen?.();
      },
      signal,
    );
  await watch(1);
  await expect(watch(2)).rejects.toMatchObject({ code: 'WEIR-7002' });
  const abort = new AbortController();
  await watch(3, abort.signal, () => abort.abort());
  await expect.poll(() => gone?.aborted).toBe(true);
  expect(sent).toBe(3);
  client.close();
});

test('an address that is taken says so', async () => {
  const client = await serve({});
  client.close();
  const second = startGrpcServer({
    listen: server?.address ?? '',
    services: [],
    reflection: [],
    security,
    limits: publicLimits,
  });
  await expect(second).rejects.toMatchObject({ code: 'WEIR-8003' });
});

test('every handler knows who calls', async () => {
  const callers: Caller[] = [];
  const client = await serve({
    cancelTasks: unaryHandler((_, caller) => {
      callers.push(caller);
      return {};
    }),
    watchTasks: streamHandler(async (_request, _stream, _gone, caller) => void callers.push(caller)),
  });
  await callUnary(client.cancelTasks.bind(client), request, { ...settings(), headers: { user: 'alice' } });
  await followStream(client.watchTasks(request), 'the worker', () => {});
  expect(callers.map(({ name }) => name)).toEqual([
    'alice at /weir.internal.v1.WorkerService/CancelTasks',
    'nobody at /weir.internal.v1.WorkerService/WatchTasks',
  ]);
  expect(callers[0]?.peer).toMatch(/^127\.0\.0\.1:\d+$/);
});

test('a caller that is not let in reaches no handler', async () => {
  let reached = false;
  const client = await serve({
    cancelTasks: unaryHandler(() => {
      reached = true;
      return {};
    }),
  });
  const asked = { ...settings(), headers: { user: 'mallory' } };
  const error: unknown = await callUnary(client.cancelTasks.bind(client), request, asked).catch(
    (e: unknown) => e,
  );
  expect(grpcStatusOf(error)).toBe(status.UNAUTHENTICATED);
  expect(String(error)).toContain('not you');
  expect(reached).toBe(false);
});

test('a message that is larger than the limit is refused for good, not tried again for ever', async () => {
  const client = await serve({ cancelTasks: unaryHandler(() => ({})) });
  const pipeline = 'x'.repeat(publicLimits.receiveBytes);
  const scope = { cluster: '', pipeline, pipelineId: '', generation: 1, incarnation: '' };
  const large = { ...request, scope };
  const error: unknown = await callUnary(client.cancelTasks.bind(client), large, settings()).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({ code: 'WEIR-8004', disposition: 'fatal' });
});
