import { afterEach, beforeEach, expect, test } from 'vitest';
import { status } from '@grpc/grpc-js';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { callUnary, followStream } from '@weir/wire/grpc-call.ts';
import { grpcStatusOf } from '@weir/wire/grpc-error.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { ExchangeStreamClient, type ChannelMessage } from '@weir/wire/exchange-stream.ts';
import {
  WorkerServiceClient,
  type StartTasksRequest,
  type WatchTasksResponse,
} from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { eventually, TestCluster, type TestWorker } from '../testing/test-cluster.ts';
import { exchangePlan, filterPlan } from '../testing/test-plans.ts';

let cluster: TestCluster;
let worker: TestWorker;
let client: WorkerServiceClient;
beforeEach(async () => {
  cluster = new TestCluster(2);
  worker = await cluster.addWorker(2);
  client = new WorkerServiceClient(worker.server.address, plainTransport().channel);
});
afterEach(async () => {
  client.close();
  await cluster.close();
});

const settings = () => ({ deadlineAtMs: Date.now() + 20_000, target: 'the worker' });
const start = (request: StartTasksRequest) => callUnary(client.startTasks.bind(client), request, settings());
const refused = async (call: Promise<unknown>): Promise<{ status: number | undefined; message: string }> => {
  const error: unknown = await call.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  return { status: grpcStatusOf(error), message: (error as Error).message };
};

function request(generation: number, parallelism = 1): StartTasksRequest {
  const [first] = cluster.requests(filterPlan, parallelism, [], 1);
  if (first === undefined) throw new Error('there is a worker');
  return { ...first, scope: cluster.scope(worker, generation) };
}

test('a generation is taken once: a repeat changes nothing, another request under its number is refused', async () => {
  await start(request(1));
  const tasks = worker.host.tasks.find(cluster.scope(worker, 1));
  await start(request(1));
  expect(worker.host.tasks.find(cluster.scope(worker, 1))).toBe(tasks);
  expect(cluster.tables.sinks).toHaveLength(1);
  expect(await refused(start({ ...request(1), firstEpoch: 9 }))).toMatchObject({
    status: status.FAILED_PRECONDITION,
  });
  // Also once it has ended: it isn't started a second time.
  const cancel = { scope: cluster.scope(worker, 1), committedEpoch: 0 };
  await callUnary(client.cancelTasks.bind(client), cancel, settings());
  await start(request(1));
  expect(cluster.tables.sinks).toHaveLength(1);
  expect(worker.host.tasks.usedSlots).toBe(0);
});

test('a newer generation ends the older one, an older one is refused', async () => {
  await start(request(2));
  const older = worker.host.tasks.find(cluster.scope(worker, 2));
  await start(request(3));
  expect(older.isStopping).toBe(true);
  expect(await refused(start(request(2)))).toMatchObject({ status: status.FAILED_PRECONDITION });
  expect(worker.host.tasks.usedSlots).toBe(1);
});

test('another incarnation is refused: a worker that came back is another worker', async () => {
  const scope = { ...cluster.scope(worker, 1), incarnation: 'gone' };
  expect(await refused(start({ ...request(1), scope }))).toMatchObject({
    status: status.FAILED_PRECONDITION,
    message: expect.stringContaining('not gone') as string,
  });
});

test('too few slots are refused, saying how many there are', async () => {
  expect(await refused(start(request(1, 3)))).toMatchObject({
    status: status.FAILED_PRECONDITION,
    message: '3 slots are needed and 2 of 2 are free',
  });
});

test('a plan that this worker does not understand is refused before anything starts', async () => {
  const error: unknown = await start({ ...request(1), planJson: '{"formatVersion":2}' }).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({ code: 'WEIR-7240', disposition: 'fatal' });
  expect(worker.host.tasks.usedSlots).toBe(0);
});

test('whoever watches sees the tasks run, their figures, and why they failed; then the stream ends', async () => {
  await start(request(1));
  const seen: NonNullable<WatchTasksResponse['event']>[] = [];
  const watching = followStream(
    client.watchTasks({ scope: cluster.scope(worker, 1) }),
    'the worker',
    ({ event }) => event !== undefined && seen.push(event),
  );
  cluster.append(0, [1n, 1n, 'a'], [-1n, 1n, 'b']);
  await eventually(() => seen.some((event) => event.$case === 'stats'));
  const stats = seen.find((event) => event.$case === 'stats');
  expect(stats?.value.operators).toMatchObject([
    { operator: 'source', recordsIn: 2n, recordsOut: 2n },
    { operator: 'filter', recordsIn: 2n, recordsOut: 1n },
    { operator: 'sink', recordsIn: 1n, recordsOut: 1n },
  ]);
  const cause = new Error('the disk is full');
  cluster.tables.sinks[0]?.fail(
    new WeirError('WEIR-4998', 'no', { hint: 'yes', disposition: 'retry', cause }),
  );
  await watching;
  expect(seen[0]?.$case).toBe('running');
  expect(seen.at(-1)).toMatchObject({
    $case: 'failure',
    value: {
      code: 'WEIR-4998',
      message: 'no: the disk is full',
      hint: 'yes',
      disposition: 'retry',
      subtask: { stage: 's1', index: 0 },
    },
  });
});

test('1.2.6: statistics that throw end nothing: the others are told, what the chain counted too, and it is said once', async () => {
  await start(request(1));
  const [source] = cluster.tables.sources;
  const [sink] = cluster.tables.sinks;
  if (source === undefined || sink === undefined) throw new Error('both are open');
  source.stats = () => {
    throw new Error('no figures today');
  };
  const figures = sink.stats.bind(sink);
  sink.stats = () => ({ ...figures(), records: NaN });
  const seen: NonNullable<WatchTasksResponse['event']>[] = [];
  const stream = client.watchTasks({ scope: cluster.scope(worker, 1) });
  const watching = followStream(stream, 'the worker', ({ event }) => event !== undefined && seen.push(event));
  cluster.append(0, [1n, 1n, 'a'], [-1n, 1n, 'b']);
  await eventually(() => seen.filter((event) => event.$case === 'stats').length > 0 && sink.written === 1);
  const told = worker.host.tasks.find(cluster.scope(worker, 1)).stats();
  expect(told).toMatchObject([
    { operator: 'source', recordsOut: 2n, lag: 0n, warnings: [] },
    { operator: 'filter', recordsIn: 2n, recordsOut: 1n },
    { operator: 'sink', recordsIn: 1n },
  ]);
  expect(cluster.warnings.filter((message) => message.includes('statistics'))).toHaveLength(2);
  expect(seen.some((event) => event.$case === 'failure')).toBe(false);
  await worker.host.tasks.cancel(cluster.scope(worker, 1));
  await watching;
});

test('tasks that cannot be opened tell why, and are stopped even while a server does not answer', async () => {
  cluster.tables.onSinkOpen = async ({ subtask }) => {
    if (subtask === 1) throw new WeirError('WEIR-4997', 'topic out: no such topic', { hint: 'make it' });
    await new Promise(() => {});
  };
  await start(request(1, 2));
  const seen: WatchTasksResponse['event'][] = [];
  const stream = client.watchTasks({ scope: cluster.scope(worker, 1) });
  await followStream(stream, 'the worker', ({ event }) => seen.push(event));
  expect(seen).toMatchObject([
    { $case: 'failure', value: { code: 'WEIR-4997', subtask: { stage: 's1', index: 1 }, hint: 'make it' } },
  ]);
  expect(worker.host.tasks.usedSlots).toBe(0);
});

test('a connector that opens after its tasks were stopped is closed again', async () => {
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  cluster.tables.onSinkOpen = () => answered;
  await start(request(1, 1));
  const [sink] = cluster.tables.sinks;
  const [source] = cluster.tables.sources;
  await worker.host.tasks.cancel(cluster.scope(worker, 1));
  answer();
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(sink?.isOpen).toBe(false);
  expect(source?.isOpen).toBe(false);
});

test('watching what was never started says so', async () => {
  const stream = client.watchTasks({ scope: cluster.scope(worker, 5) });
  const error: unknown = await followStream(stream, 'the worker', () => {}).catch((e: unknown) => e);
  expect(grpcStatusOf(error)).toBe(status.NOT_FOUND);
});

test('a leaving worker takes nothing more', async () => {
  await worker.host.drain();
  expect(await refused(start(request(1)))).toMatchObject({ message: 'this worker is leaving' });
});

/** The test itself is the second worker of this placement. */
async function startSender(): Promise<ExchangeStreamClient> {
  const [first] = cluster.requests(exchangePlan, 2, [], 1);
  if (first === undefined) throw new Error('there is a worker');
  await start({
    ...first,
    scope: cluster.scope(worker, 1),
    subtasks: first.subtasks.filter(({ stage }) => stage === 's1'),
    placement: first.placement.map((placed) =>
      placed.subtask?.stage === 's2' ? { ...placed, incarnation: 'me', address: '127.0.0.1:1' } : placed,
    ),
  });
  return new ExchangeStreamClient(worker.server.address, plainTransport().channel);
}

test('an exchange stream is opened once; what is not yet, no more, or not meant for us is told apart', async () => {
  const exchange = new ExchangeStreamClient(worker.server.address, plainTransport().channel);
  const pull = (generation: number, receiver: string): Promise<unknown> =>
    followStream(
      exchange.pullFrames({
        scope: cluster.scope(worker, generation),
        receiverIncarnation: receiver,
        initialCreditBytes: 1000n,
      }),
      'the worker',
      () => {},
    );
  expect(await refused(pull(1, 'me'))).toMatchObject({ status: status.NOT_FOUND });
  (await startSender()).close();
  expect(await refused(pull(2, 'me'))).toMatchObject({ status: status.NOT_FOUND });
  expect(await refused(pull(1, 'somebody'))).toMatchObject({ status: status.FAILED_PRECONDITION });
  const opened = exchange.pullFrames({
    scope: cluster.scope(worker, 1),
    receiverIncarnation: 'me',
    initialCreditBytes: 1000n,
  });
  opened.on('error', () => {});
  await new Promise((resolve) => opened.once('metadata', resolve));
  expect(await refused(pull(1, 'me'))).toMatchObject({
    status: status.FAILED_PRECONDITION,
    message: 'this exchange stream has been opened before',
  });
  // A break of the one that was open ends the generation on the sender's side.
  const tasks = worker.host.tasks.find(cluster.scope(worker, 1));
  opened.cancel();
  await eventually(() => tasks.failure !== null);
  expect(tasks.failure?.error.code).toBe('WEIR-7211');
  expect(await refused(pull(1, 'me'))).toMatchObject({ status: status.FAILED_PRECONDITION });
  exchange.close();
});

test('frames stop when the credit is used up, barriers after them too, and go on when more is given', async () => {
  const exchange = await startSender();
  const received: ChannelMessage[] = [];
  const receiver = { scope: cluster.scope(worker, 1), receiverIncarnation: 'me' };
  const stream = exchange.pullFrames({ ...receiver, initialCreditBytes: 1n });
  stream.on('data', (message: ChannelMessage) => received.push(message));
  stream.on('error', () => {});
  // All of one key, in batches of three: one channel gets frames, the other only the barrier.
  cluster.append(0, ...Array.from({ length: 9 }, () => [7n, 1n, 'x'] as const));
  await eventually(() => received.some(({ element }) => element.kind === 'frame'));
  const busy = received.find(({ element }) => element.kind === 'frame')?.channel;
  const kinds = (channel = busy): string[] =>
    received
      .filter(
        ({ channel: of }) => of.fromSubtask === channel?.fromSubtask && of.toSubtask === channel.toSubtask,
      )
      .map(({ element }) => element.kind);
  await eventually(() => worker.host.tasks.find(receiver.scope).isRunning);
  const link = { ...receiver, credits: [{ channel: busy, bytes: 100_000n }] };
  expect(kinds().filter((kind) => kind === 'frame')).toHaveLength(1);
  await callUnary(exchange.grantCredits.bind(exchange), link, settings());
  await eventually(() => kinds().filter((kind) => kind === 'frame').length === 3);
  const sequences = received
    .filter(
      ({ channel }) => channel.fromSubtask === busy?.fromSubtask && channel.toSubtask === busy.toSubtask,
    )
    .map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  stream.cancel();
  exchange.close();
});
