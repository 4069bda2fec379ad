// Another service drives everything by gRPC alone: this client is made from the .proto files, with no code of Weir's.
import { fileURLToPath } from 'node:url';
import { Client, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import type { ClientReadableStream, GrpcObject, ServiceClientConstructor, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { E2eCluster } from './testing/e2e-cluster.ts';

type Message = Record<string, unknown>;
type Unary = (request: Message, callback: (error: ServiceError | null, answer: Message) => void) => unknown;
type Stream = (request: Message) => ClientReadableStream<Message>;

const protoFolder = fileURLToPath(new URL('../../../proto', import.meta.url));

/** A client of one service of one .proto file. */
function clientOf(address: string, file: string, service: string, folders = [protoFolder]): Client {
  const loaded = loadSync(file, {
    includeDirs: folders,
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
  });
  let found: unknown = loadPackageDefinition(loaded);
  for (const part of service.split('.')) found = (found as GrpcObject)[part];
  return new (found as ServiceClientConstructor)(address, credentials.createInsecure());
}

function call(client: Client, method: string, request: Message = {}): Promise<Message> {
  const unary = (client as unknown as Record<string, Unary>)[method];
  return new Promise((resolve, reject) =>
    unary?.call(client, request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
}

/** Reads a stream until a message is what is waited for. */
function until(
  client: Client,
  method: string,
  request: Message,
  condition: (message: Message) => boolean,
): Promise<Message> {
  const stream = (client as unknown as Record<string, Stream>)[method]?.call(client, request);
  return new Promise((resolve, reject) => {
    const seen: string[] = [];
    const timer = setTimeout(() => {
      reject(new Error(`not seen within 60 s: ${seen.slice(-3).join('\n')}`));
      stream?.cancel();
    }, 60_000);
    stream?.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    stream?.on('data', (message: Message) => {
      seen.push(JSON.stringify(message));
      if (!condition(message)) return;
      clearTimeout(timer);
      resolve(message);
      stream.cancel();
    });
  });
}

const inState = (state: string) => (message: Message) => (message['pipeline'] as Message)['state'] === state;

describe('weir.v1, as any gRPC client sees it', () => {
  let e2e: E2eCluster;
  let pipelines: Client;
  let sql: string;
  let output: string;

  beforeAll(async () => {
    e2e = await E2eCluster.start({ workers: 1 });
    pipelines = clientOf(e2e.processes.address, 'weir/v1/pipeline.proto', 'weir.v1.PipelineService');
    const input = await e2e.topic('words');
    output = await e2e.topic('loud');
    await e2e.produce(input, [{ word: 'weir' }, { word: 'barrier' }]);
    sql = `CREATE TABLE words (word TEXT) ${e2e.with(input, 'source')};
      CREATE TABLE loud (word TEXT) ${e2e.with(output, 'sink')};
      INSERT INTO loud SELECT upper(word) AS word FROM words;`;
  });
  afterAll(async () => {
    pipelines.close();
    await e2e.dispose();
  });

  test('validates', async () => {
    expect(await call(pipelines, 'ValidatePipeline', { sql })).toMatchObject({
      valid: true,
      diagnostics: [],
    });
    const refused = await call(pipelines, 'ValidatePipeline', { sql: 'SELECT\n  1 +' });
    expect(refused).toMatchObject({
      valid: false,
      diagnostics: [expect.objectContaining({ severity: 'error', line: 2 })],
    });
  });

  test('creates, and shows that it runs', async () => {
    const created = await call(pipelines, 'CreatePipeline', {
      name: 'loud',
      sql,
      checkpoint_interval: '100ms',
    });
    expect(created).toMatchObject({ created: true, diagnostics: [], pipeline: { name: 'loud' } });
    await until(pipelines, 'WatchPipeline', { name: 'loud' }, inState('PIPELINE_STATE_RUNNING'));
    const rows = await e2e.untilCommitted<{ word: string }>(output, 2);
    expect(rows.map(({ word }) => word).sort()).toEqual(['BARRIER', 'WEIR']);
  });

  test('creates once: the same again is no news, another text is refused by code', async () => {
    expect(await call(pipelines, 'CreatePipeline', { name: 'loud', sql })).toMatchObject({ created: false });
    const other = call(pipelines, 'CreatePipeline', { name: 'loud', sql: `${sql} -- another` });
    await expect(other).rejects.toMatchObject({ code: 6, details: expect.stringContaining("'loud'") });
  });

  test('lists, tells the status and the checkpoints', async () => {
    expect(await call(pipelines, 'ListPipelines')).toMatchObject({ pipelines: [{ name: 'loud' }] });
    const committed = await until(pipelines, 'WatchPipeline', { name: 'loud' }, ({ pipeline }) => {
      return Number((pipeline as Message)['committed_epoch']) > 1;
    });
    expect(committed['pipeline']).toMatchObject({
      state: 'PIPELINE_STATE_RUNNING',
      parallelism: 1,
      restarts: 0,
    });
    const checkpoints = clientOf(
      e2e.processes.address,
      'weir/v1/checkpoint.proto',
      'weir.v1.CheckpointService',
    );
    const answer = await call(checkpoints, 'ListCheckpoints', { name: 'loud' });
    expect(answer['checkpoints']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ status: 'committed', generation: expect.any(Number) }),
      ]),
    );
    checkpoints.close();
  });

  test('tells the workers of the cluster', async () => {
    const cluster = clientOf(e2e.processes.address, 'weir/v1/cluster.proto', 'weir.v1.ClusterService');
    expect(await call(cluster, 'GetCluster')).toMatchObject({
      bus_connected: true,
      workers: [{ slots: 4, address: e2e.processes.workers[0]?.addresses.address }],
    });
    cluster.close();
  });

  test('stops, starts from the checkpoint, and deletes', async () => {
    await call(pipelines, 'StopPipeline', { name: 'loud' });
    await until(pipelines, 'WatchPipeline', { name: 'loud' }, inState('PIPELINE_STATE_STOPPED'));
    await call(pipelines, 'StartPipeline', { name: 'loud' });
    await until(pipelines, 'WatchPipeline', { name: 'loud' }, inState('PIPELINE_STATE_RUNNING'));
    await expect(call(pipelines, 'DeletePipeline', { name: 'loud' })).rejects.toMatchObject({ code: 9 });
    await call(pipelines, 'StopPipeline', { name: 'loud', mode: 'STOP_MODE_IMMEDIATE' });
    await until(pipelines, 'WatchPipeline', { name: 'loud' }, inState('PIPELINE_STATE_STOPPED'));
    await call(pipelines, 'DeletePipeline', { name: 'loud' });
    await expect(call(pipelines, 'GetPipeline', { name: 'loud' })).rejects.toMatchObject({ code: 5 });
    expect((await e2e.committed(output)).length).toBe(2);
  });

  test('answers health checks and describes itself', async () => {
    const folder = fileURLToPath(new URL('testing', import.meta.url));
    const health = clientOf(e2e.processes.address, 'health.proto', 'grpc.health.v1.Health', [folder]);
    expect(await call(health, 'Check', { service: '' })).toMatchObject({ status: 'SERVING' });
    health.close();
    expect(await listedServices(e2e.processes.address, folder)).toEqual(
      expect.arrayContaining([
        'weir.v1.PipelineService',
        'weir.v1.CheckpointService',
        'weir.v1.ClusterService',
      ]),
    );
    expect(await listedServices(e2e.processes.schemaService.addresses.address, folder)).toContain(
      'weir.v1.SchemaService',
    );
  });
});

/** What server reflection lists. */
function listedServices(address: string, folder: string): Promise<string[]> {
  const reflection = clientOf(address, 'reflection.proto', 'grpc.reflection.v1.ServerReflection', [folder]);
  const stream = (
    reflection as unknown as Record<string, () => ClientReadableStream<Message> & { write(m: Message): void }>
  )['ServerReflectionInfo']?.call(reflection);
  return new Promise((resolve, reject) => {
    stream?.on('error', reject);
    stream?.on('data', (answer: Message) => {
      const { service } = answer['list_services_response'] as { service: { name: string }[] };
      resolve(service.map(({ name }) => name));
      stream.cancel();
      reflection.close();
    });
    stream?.write({ list_services: '' });
  });
}
