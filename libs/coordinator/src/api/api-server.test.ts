import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptEpochs } from '@weir/epoch-protocol/ledger-trim.ts';
import { CheckpointServiceClient } from '@weir/wire/gen/weir/v1/checkpoint.ts';
import { ClusterServiceClient } from '@weir/wire/gen/weir/v1/cluster.ts';
import {
  PipelineServiceClient,
  PipelineState,
  StopMode,
  type CreatePipelineRequest,
  type Pipeline,
} from '@weir/wire/gen/weir/v1/pipeline.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { callUnary, followStream } from '@weir/wire/grpc-call.ts';
import type { GrpcServer } from '@weir/wire/grpc-server.ts';
import type { CompileDiagnostic } from '../compile/pipeline-compiler.ts';
import { FakeCluster, type FakeController } from '../testing/fake-cluster.ts';
import { fakePlan } from '../testing/fake-plan.ts';
import { startApiServer } from './api-server.ts';

const transport = plainTransport();
const wrongColumn: CompileDiagnostic = {
  code: 'WEIR-1202',
  severity: 'error',
  message: "no column 'm' in numbers",
  hint: 'did you mean n?',
  start: 7,
  end: 8,
  line: 1,
  column: 8,
};

/** fakePlan, whose source tells a group its progress. */
function planOfGroup(group: string): PhysicalPlan {
  const stages = fakePlan.stages.map((stage) => ({
    ...stage,
    operators: stage.operators.map((operator) =>
      operator.node.kind === 'source'
        ? { ...operator, node: { ...operator.node, options: { group } } }
        : operator,
    ),
  }));
  return { ...fakePlan, stages };
}

let cluster: FakeCluster;
let controller: FakeController;
let server: GrpcServer;
let client: PipelineServiceClient;
let schemaServiceAway = false;

beforeEach(async () => {
  cluster = new FakeCluster();
  schemaServiceAway = false;
  controller = await cluster.controller(undefined, {
    async compile(sql) {
      if (schemaServiceAway) {
        throw new WeirError('WEIR-7114', 'the schema-service can not be reached', { disposition: 'retry' });
      }
      if (sql.includes('m')) return { valid: false, plan: null, explain: '', diagnostics: [wrongColumn] };
      const group = /group (\w+)/.exec(sql)?.[1];
      const plan = group === undefined ? fakePlan : planOfGroup(group);
      return { valid: true, plan, explain: 'NUMBERS -> RESULTS', diagnostics: [] };
    },
  });
  server = await startApiServer(controller.coordinator, {
    listen: '127.0.0.1:0',
    version: '1.2.3',
    security: transport.server,
  });
  client = new PipelineServiceClient(server.address, transport.channel);
});
afterEach(async () => {
  client.close();
  await server.close(cluster.ports.timers, 0);
  await cluster.close();
});

const settings = () => ({ deadlineAtMs: Date.now() + 60_000, target: 'the controller' });
const create = (change: Partial<CreatePipelineRequest> = {}) =>
  callUnary(
    client.createPipeline.bind(client),
    {
      name: 'sums',
      sql: 'SELECT n',
      parallelism: 2,
      checkpointInterval: '25ms',
      doNotStart: false,
      ...change,
    },
    settings(),
  );
const get = async () =>
  (await callUnary(client.getPipeline.bind(client), { name: 'sums' }, settings())).pipeline;
const start = () => callUnary(client.startPipeline.bind(client), { name: 'sums' }, settings());
const stop = (mode: StopMode) =>
  callUnary(client.stopPipeline.bind(client), { name: 'sums', mode }, settings());
const remove = () => callUnary(client.deletePipeline.bind(client), { name: 'sums' }, settings());

async function reaches(state: PipelineState): Promise<Pipeline | undefined> {
  await expect.poll(async () => (await get())?.state, { timeout: 60_000 }).toBe(state);
  return get();
}

test('an entry of the catalog that can not be read is listed with what is wrong, and hides no other', async () => {
  await create({ doNotStart: true });
  const damaged = new TextEncoder().encode('{"formatVersion":99}');
  await cluster.memory.put('clusters/test/catalog/pipelines/a-newer.json', damaged);
  const { pipelines } = await callUnary(client.listPipelines.bind(client), {}, settings());
  expect(pipelines.map(({ name, problem }) => [name, problem?.code])).toEqual([
    ['a-newer', 'WEIR-7101'],
    ['sums', undefined],
  ]);
});

test('fault 1.2.7: an SQL text of more than 1 MiB is refused before it is compiled, a message of more than 4 MiB before it is read', async () => {
  const sql = ' '.repeat(1024 * 1024 + 1);
  const validate = (text: string) =>
    callUnary(client.validatePipeline.bind(client), { sql: text, parallelism: 0 }, settings());
  await expect(create({ sql })).rejects.toMatchObject({
    message: expect.stringContaining('1048577') as string,
  });
  await expect(validate(sql)).rejects.toMatchObject({
    message: expect.stringContaining('1048577') as string,
  });
  expect(await validate(sql.slice(1))).toBeDefined();
  await expect(validate('x'.repeat(5 * 1024 * 1024))).rejects.toMatchObject({ code: 'WEIR-8004' });
});

test('create, watch it run, stop, start, remove: all over gRPC', async () => {
  cluster.worker();
  const created = await create();
  expect(created).toMatchObject({
    created: true,
    diagnostics: [],
    pipeline: { name: 'sums', parallelism: 2, checkpointInterval: '25ms' },
  });
  const seen: Pipeline[] = [];
  const enough = new AbortController();
  await followStream(
    client.watchPipeline({ name: 'sums' }),
    'watch',
    ({ pipeline }) => {
      if (pipeline !== undefined) seen.push(pipeline);
      if ((pipeline?.committedEpoch ?? 0) >= 3) enough.abort();
    },
    enough.signal,
  );
  expect(seen.at(-1)).toMatchObject({ state: PipelineState.PIPELINE_STATE_RUNNING, generation: 1 });
  expect(Number(seen.at(-1)?.committedAtMs)).toBeGreaterThan(1e12);
  expect(seen.map((pipeline) => pipeline.committedEpoch)).toEqual(
    seen.map((pipeline) => pipeline.committedEpoch).toSorted((a, b) => a - b),
  );
  await stop(StopMode.STOP_MODE_UNSPECIFIED);
  const stopped = await reaches(PipelineState.PIPELINE_STATE_STOPPED);
  expect(stopped?.committedEpoch).toBe(stopped?.epoch);
  await start();
  await reaches(PipelineState.PIPELINE_STATE_RUNNING);
  await expect(remove()).rejects.toMatchObject({
    code: 'WEIR-8302',
    status: status.FAILED_PRECONDITION,
    hint: 'stop it first: weir stop sums',
  });
  await stop(StopMode.STOP_MODE_IMMEDIATE);
  await reaches(PipelineState.PIPELINE_STATE_STOPPED);
  await remove();
  await expect(get()).rejects.toMatchObject({ code: 'WEIR-8301', status: status.NOT_FOUND });
});

test('the same name and text again is a success, another text is refused with what differs', async () => {
  const first = await create({ doNotStart: true });
  expect(first.pipeline?.state).toBe(PipelineState.PIPELINE_STATE_CREATED);
  const again = await create({ doNotStart: true });
  expect(again).toMatchObject({ created: false, pipeline: { id: first.pipeline?.id } });
  await expect(create({ sql: 'SELECT\nn' })).rejects.toMatchObject({
    status: status.ALREADY_EXISTS,
    message:
      "a pipeline 'sums' is there already, with another text (line 1 is 'SELECT n' there and 'SELECT' here)",
  });
  await expect(create({ parallelism: 3 })).rejects.toMatchObject({
    message: /another parallelism \(2, not 3\)/,
  });
  // Without doNotStart it starts what was only created.
  cluster.worker();
  await create();
  await reaches(PipelineState.PIPELINE_STATE_RUNNING);
});

test('fault 1.2.9: what differs is shown without the secrets of either text', async () => {
  const sql = (password: string, more = '') =>
    `CREATE TABLE a (x INT) WITH (connector = 'kafka', 'auth.password' = '${password}'${more});\nSELECT x FROM a;`;
  await create({ doNotStart: true, sql: sql('hunter2') });
  const message = "a pipeline 'sums' is there already, with another text (line 1 has another secret)";
  await expect(create({ sql: sql('hunter3') })).rejects.toMatchObject({ message });
  const other = await create({ sql: sql('hunter3', ", topic = 't'") }).catch((error: unknown) =>
    String(error),
  );
  expect(other).toContain("'auth.password' = '********'");
  expect(other).not.toContain('hunter');
  const unreadable = await create({ sql: `WITH ('auth.password' = 'hunter4'` }).catch((error: unknown) =>
    String(error),
  );
  expect(unreadable).toContain('(line 1 differs)');
});

test.each<{ name: string; change: Partial<CreatePipelineRequest>; message: RegExp }>([
  { name: 'a name', change: { name: 'Sums!' }, message: /'Sums!' can't be the name/ },
  {
    name: 'an interval that is no duration',
    change: { checkpointInterval: '25' },
    message: /'25' is not a duration/,
  },
  { name: 'an interval below 20 ms', change: { checkpointInterval: '5ms' }, message: /5ms is too short/ },
  {
    name: 'a parallelism above the key groups',
    change: { parallelism: 200 },
    message: /200 is more than its 128 key groups/,
  },
])('$name that can not be is refused', async ({ change, message }) => {
  await expect(create(change)).rejects.toMatchObject({ status: status.INVALID_ARGUMENT, message });
  expect((await callUnary(client.listPipelines.bind(client), {}, settings())).pipelines).toEqual([]);
});

test('a text that does not compile creates nothing and says where and why', async () => {
  const response = await create({ sql: 'SELECT m' });
  expect(response).toMatchObject({ pipeline: undefined, created: false, diagnostics: [wrongColumn] });
  const validated = await callUnary(
    client.validatePipeline.bind(client),
    { sql: 'SELECT m', parallelism: 0 },
    settings(),
  );
  expect(validated).toEqual({ valid: false, diagnostics: [wrongColumn], plan: '' });
  const right = await callUnary(
    client.validatePipeline.bind(client),
    { sql: 'SELECT n', parallelism: 0 },
    settings(),
  );
  expect(right).toEqual({ valid: true, diagnostics: [], plan: 'NUMBERS -> RESULTS' });
  // What couldn't be created isn't valid either.
  const wide = callUnary(
    client.validatePipeline.bind(client),
    { sql: 'SELECT n', parallelism: 200 },
    settings(),
  );
  await expect(wide).rejects.toMatchObject({
    status: status.INVALID_ARGUMENT,
    message: /200 is more than its 128 key groups/,
  });
});

test('a schema-service that is away is an error that may be tried again', async () => {
  schemaServiceAway = true;
  await expect(create()).rejects.toMatchObject({
    code: 'WEIR-7114',
    disposition: 'retry',
    status: status.UNAVAILABLE,
  });
});

test('rows of all workers come through one tail; a table that is not written is refused', async () => {
  cluster.worker(1);
  cluster.worker(1);
  await create();
  await reaches(PipelineState.PIPELINE_STATE_RUNNING);
  const rows = new Set<string>();
  const enough = new AbortController();
  await followStream(
    client.tailPipeline({ name: 'sums', table: 'results' }),
    'tail',
    (response) => {
      for (const row of response.rows) rows.add(row);
      if (rows.size === 2) enough.abort();
    },
    enough.signal,
  );
  expect([...rows].toSorted()).toEqual(['{"sink":"snk","worker":"w1"}', '{"sink":"snk","worker":"w2"}']);
  const wrong = followStream(client.tailPipeline({ name: 'sums', table: 'other' }), 'tail', () => {});
  await expect(wrong).rejects.toMatchObject({
    message: "the pipeline 'sums' writes no table 'other'",
    hint: 'it writes results',
  });
});

test('checkpoints newest first, the cluster with its workers', async () => {
  cluster.worker(4);
  await create();
  await expect.poll(async () => (await get())?.committedEpoch ?? 0, { timeout: 60_000 }).toBeGreaterThan(3);
  const checkpoints = new CheckpointServiceClient(server.address, transport.channel);
  const listed = await callUnary(checkpoints.listCheckpoints.bind(checkpoints), { name: 'sums' }, settings());
  checkpoints.close();
  const epochs = listed.checkpoints.map((checkpoint) => checkpoint.epoch);
  expect(epochs).toEqual(epochs.toSorted((a, b) => b - a));
  expect(epochs.length).toBeLessThanOrEqual(keptEpochs);
  expect(listed.checkpoints[1]).toMatchObject({
    epoch: (epochs[0] ?? 0) - 1,
    generation: 1,
    parent: (epochs[0] ?? 0) - 2,
    status: 'committed',
    transactions: 2,
  });
  const service = new ClusterServiceClient(server.address, transport.channel);
  const seen = await callUnary(service.getCluster.bind(service), {}, settings());
  service.close();
  expect(seen).toMatchObject({
    name: 'test',
    version: '1.2.3',
    busConnected: true,
    workers: [{ incarnation: 'w1', slots: 4, usedSlots: 2 }],
  });
});

test('K13: a pipeline that names the consumer group of another one is refused, until that one is removed', async () => {
  const grouped = (name: string, group: string) =>
    create({ name, sql: `SELECT n group ${group}`, doNotStart: true });
  await grouped('first', 'g');
  await expect(grouped('second', 'g')).rejects.toMatchObject({
    code: 'WEIR-8303',
    message: expect.stringContaining(
      "names the group 'g', which table numbers of the pipeline 'first' has",
    ) as string,
  });
  expect((await grouped('third', 'h')).created).toBe(true);
  expect((await grouped('first', 'g')).created).toBe(false); // the same again is still a success
  const names = async () =>
    (await callUnary(client.listPipelines.bind(client), {}, settings())).pipelines.map(({ name }) => name);
  expect(await names()).toEqual(['first', 'third']);
  await callUnary(client.deletePipeline.bind(client), { name: 'first' }, settings());
  expect((await grouped('second', 'g')).created).toBe(true);
});

test('K13: of two that come at once with one group at most one stays', async () => {
  const outcomes = await Promise.allSettled(
    ['one', 'two', 'three'].map((name) => create({ name, sql: 'SELECT n group g', doNotStart: true })),
  );
  expect(outcomes.filter(({ status: kind }) => kind === 'fulfilled').length).toBeLessThanOrEqual(1);
});
