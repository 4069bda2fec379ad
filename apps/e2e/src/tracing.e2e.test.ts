import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { PipelineServiceClient } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { callUnary } from '@weir/wire/grpc-call.ts';
import { OtlpReceiver } from './testing/otlp-receiver.ts';
import type { ReceivedSpan } from './testing/otlp-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-tracing-'));
const receiver = new OtlpReceiver();
let cluster: WeirCluster;

beforeAll(async () => {
  cluster = await WeirCluster.start({
    folder,
    cluster: `tracing-${process.pid}`,
    natsUrl: inject('natsUrl'),
    workers: 2,
    slots: 1,
    environment: await receiver.start(),
  });
});
afterAll(async () => {
  await cluster?.stop();
  await receiver.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sql = `
  CREATE TABLE nexmark (WATERMARK FOR datetime AS datetime - INTERVAL '1' SECOND)
    WITH (connector = 'nexmark', events_per_second = '1000');
  CREATE TABLE counts (auction BIGINT, bids BIGINT) WITH (connector = 'blackhole');
  INSERT INTO counts SELECT bid.auction, count(*) FROM nexmark WHERE bid IS NOT NULL
    GROUP BY bid.auction, tumble(interval '1 second');`;

test('an epoch is one trace over the controller and both workers, every span below the one that caused it', async () => {
  const client = new PipelineServiceClient(cluster.address, plainTransport().channel);
  const created = await callUnary(
    client.createPipeline.bind(client),
    { name: 'traced', sql, parallelism: 2, checkpointInterval: '100ms', doNotStart: false },
    { deadlineAtMs: Date.now() + 60_000, target: 'controller' },
  );
  expect(created.diagnostics).toEqual([]);

  const spans = await waitUntil(() => wholeEpoch(receiver.spans), { what: 'the spans of a whole epoch' });
  client.close();

  const epoch = spans.find((span) => span.name === 'epoch');
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  expect(epoch).toMatchObject({ service: 'weir-controller', parentSpanId: '' });
  for (const span of spans) {
    if (span !== epoch)
      expect(byId.has(span.parentSpanId), `${span.name} has its parent in the trace`).toBe(true);
  }
  for (const name of ['inject', 'decide']) {
    expect(spans.find((span) => span.name === name)).toMatchObject({
      service: 'weir-controller',
      parentSpanId: epoch?.spanId,
    });
  }
  // Two stages at parallelism 2: four subtasks, on two workers.
  for (const name of ['align', 'snapshot', 'prepare']) {
    const ofWorkers = spans.filter((span) => span.name === name);
    expect(new Set(ofWorkers.map((span) => span.attributes['weir.subtask'])).size).toBe(4);
    expect(new Set(ofWorkers.map((span) => span.instance)).size).toBe(2);
  }
});

/** The spans of a trace that holds everything from injection to the workers' commits. */
function wholeEpoch(all: readonly ReceivedSpan[]): ReceivedSpan[] | undefined {
  const traces = Map.groupBy(all, (span) => span.traceId);
  for (const spans of traces.values()) {
    const count = (name: string, service: string) =>
      spans.filter((span) => span.name === name && span.service === service).length;
    const complete =
      count('epoch', 'weir-controller') === 1 &&
      count('decide', 'weir-controller') === 1 &&
      count('commit', 'weir-controller') === 1 &&
      count('prepare', 'weir-worker') === 4 &&
      count('snapshot', 'weir-worker') === 4;
    if (complete) return spans;
  }
  return undefined;
}
