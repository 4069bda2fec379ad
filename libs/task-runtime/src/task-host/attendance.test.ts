import { afterEach, beforeEach, expect, test } from 'vitest';
import { callUnary, followStream } from '@weir/wire/grpc-call.ts';
import { WorkerServiceClient } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { eventually, TestCluster, type TestWorker } from '../testing/test-cluster.ts';
import { filterPlan } from '../testing/test-plans.ts';
import { abandonedAfterMs, Attendance } from './attendance.ts';

test('tasks are abandoned when nobody follows them and nothing was heard for long', () => {
  let nowMs = 5;
  const attendance = new Attendance({ nowMs: () => 0, monotonicMs: () => nowMs });
  const after = (ms: number): boolean => ((nowMs += ms), attendance.isAbandoned);
  expect(after(abandonedAfterMs)).toBe(false);
  attendance.heard();
  expect(after(abandonedAfterMs)).toBe(false);
  const [first, second] = [attendance.follow(), attendance.follow()];
  expect(after(abandonedAfterMs * 5)).toBe(false);
  first();
  first();
  expect(after(abandonedAfterMs * 5)).toBe(false);
  second();
  expect(after(abandonedAfterMs)).toBe(false);
  expect(after(1)).toBe(true);
});

let cluster: TestCluster;
let worker: TestWorker;
let client: WorkerServiceClient;
beforeEach(async () => {
  cluster = new TestCluster(1);
  worker = await cluster.addWorker(2);
  client = new WorkerServiceClient(worker.server.address, plainTransport().channel);
});
afterEach(async () => {
  client.close();
  await cluster.close();
});

test('a worker ends the tasks of a generation when all controllers are gone, and not while one follows them', async () => {
  const [request] = cluster.requests(filterPlan, 1, [], 1);
  if (request === undefined) expect.fail('no request');
  const scope = { ...cluster.scope(worker), generation: 1 };
  const settings = { deadlineAtMs: Date.now() + 20_000, target: 'the worker' };
  await callUnary(client.startTasks.bind(client), { ...request, scope }, settings);
  const leaving = new AbortController();
  let running = false;
  const followed = followStream(
    client.watchTasks({ scope }),
    'the worker',
    ({ event }) => (running ||= event?.$case === 'running'),
    leaving.signal,
  );
  await eventually(() => running);
  const { tasks } = worker.host;
  cluster.aheadMs += abandonedAfterMs * 2;
  tasks.endAbandoned();
  expect(tasks.running()).toHaveLength(1);
  leaving.abort();
  await followed;
  await eventually(() => {
    cluster.aheadMs += abandonedAfterMs + 1;
    tasks.endAbandoned();
    return tasks.running().length === 0;
  });
  expect(cluster.warnings.join()).toContain('no controller has followed');
});
