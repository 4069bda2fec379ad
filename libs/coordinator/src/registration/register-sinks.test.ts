import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WeirError } from '@weir/kernel/errors.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import { sinkNode } from '@weir/plan/testing/table-node.ts';
import { CreatePipelineRequest } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { createPipeline } from '../api/create-pipeline.ts';
import { wishRescale } from '../api/pipeline-wishes.ts';
import { FakeCluster, type FakeController } from '../testing/fake-cluster.ts';
import { fakePlan } from '../testing/fake-plan.ts';
import { registerSinks } from './register-sinks.ts';
import type { Registered, SchemaRegistrar, SchemaToRegister } from './schema-registrar.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

/** A registry: one text has one id; it may refuse, or be away. */
class Registrar implements SchemaRegistrar {
  readonly asked: SchemaToRegister[] = [];
  readonly ids = new Map<string, Registered>();
  trouble: (subject: string) => WeirError | null = () => null;

  async register(schema: SchemaToRegister): Promise<Registered> {
    this.asked.push(schema);
    const trouble = this.trouble(schema.subject);
    if (trouble !== null) throw trouble;
    const known = this.ids.get(schema.subject);
    const made = known ?? { id: 100 + this.ids.size, version: 1 };
    this.ids.set(schema.subject, made);
    return made;
  }
}

const away = new WeirError('WEIR-3501', 'the registry gives no answer', { disposition: 'retry' });
const incompatible = new WeirError('WEIR-3504', 'incompatible');
const options = { 'schema_registry.endpoint': 'http://registry', topic: 'x' };

function pinned(subject: string): PinnedSchema {
  return {
    format: 'avro',
    text: `"${subject}"`,
    references: [],
    origin: { kind: 'ddl' },
    columns: [],
    registerAs: subject,
  };
}

/** With two sinks, both of a registry. */
const plan: PhysicalPlan = {
  ...fakePlan,
  stages: fakePlan.stages.map((stage) =>
    stage.id !== 's1'
      ? stage
      : {
          ...stage,
          operators: stage.operators.flatMap((operator) =>
            ['snk', 'snk2'].map((id) => ({
              ...operator,
              id,
              node: sinkNode({ table: id, connector: 'fake', options, schema: operator.output }),
            })),
          ),
        },
  ),
  formats: { snk: { value: pinned('a-value'), key: null }, snk2: { value: pinned('b-value'), key: null } },
};

let cluster: FakeCluster;
let registrar: Registrar;
beforeEach(() => {
  cluster = new FakeCluster();
  registrar = new Registrar();
});
afterEach(() => cluster.close());

const controller = (): Promise<FakeController> =>
  cluster.controller(
    new FaultInjectingStore(cluster.memory),
    { compile: async () => ({ valid: true, plan, explain: '', diagnostics: [] }) },
    registrar,
  );
const pending = [
  { operator: 'snk', part: 'value', subject: 'a-value', state: 'pending' },
  { operator: 'snk2', part: 'value', subject: 'b-value', state: 'pending' },
] as const;
const create = (at: FakeController) =>
  createPipeline(at.coordinator, CreatePipelineRequest.fromPartial({ name: 'sums', sql: 'INSERT …' }));
const isRunning = ({ state }: { state: string }): boolean => state === 'running';

test('register-two-sinks: both are registered when the pipeline is created; tasks know their ids; restarts ask no more', async () => {
  const worker = cluster.worker();
  const first = await controller();
  const { record } = await create(first);
  expect(record?.registrations?.map(({ state }) => state)).toEqual([
    { id: 100, version: 1 },
    { id: 101, version: 1 },
  ]);
  expect(registrar.asked[0]).toEqual({
    registry: { 'schema_registry.endpoint': 'http://registry' },
    subject: 'a-value',
    type: 'avro',
    text: '"a-value"',
  });
  await cluster.until(first, isRunning);
  const [started] = worker.starts;
  const given = readPlan(JSON.parse(started!.planJson) as unknown);
  expect([given.formats['snk']?.value?.writerId, given.formats['snk2']?.value?.writerId]).toEqual([100, 101]);
  const asked = registrar.asked.length;
  await wishRescale(first.coordinator, 'sums', 2);
  await cluster.until(first, (now) => now.generation === 2 && isRunning(now));
  expect(registrar.asked).toHaveLength(asked);
  // The same again is a success and registers nothing.
  expect((await create(await controller())).created).toBe(false);
  expect(registrar.asked).toHaveLength(asked);
});

test('register-incompatible: somebody was faster; what was registered is named, the pipeline goes and nothing runs', async () => {
  const worker = cluster.worker();
  const first = await controller();
  registrar.trouble = (subject) => (subject === 'b-value' ? incompatible : null);
  await expect(create(first)).rejects.toMatchObject({
    code: 'WEIR-3504',
    message: "incompatible; registered before and left there: 'a-value'",
  });
  await expect.poll(() => first.context.catalog.get('sums'), { timeout: 60_000 }).toBeUndefined();
  expect(worker.starts).toEqual([]);
});

test('register-crash-between: a creator that died after registering, before it said so; the next driver ends it', async () => {
  const worker = cluster.worker();
  for (const subject of ['a-value', 'b-value'])
    await registrar.register({ registry: {}, subject, type: 'avro', text: '' });
  const next = await controller();
  await cluster.create(next, { plan, registrations: pending, parallelism: 1 });
  await cluster.until(next, isRunning);
  const record = await next.context.catalog.get('sums');
  expect(record?.registrations?.map(({ state }) => state)).toEqual([...registrar.ids.values()]);
  expect(worker.starts).toHaveLength(1);
});

test('register-crash-between: what a registry refuses the driver is a failure that says so, and a start tries again', async () => {
  cluster.worker();
  const first = await controller();
  registrar.trouble = () => incompatible;
  await cluster.create(first, { plan, registrations: pending, parallelism: 1 });
  const status = await cluster.until(first, ({ state }) => state === 'failed');
  expect(status.problem?.code).toBe('WEIR-3504');
  registrar.trouble = () => null;
  await cluster.wish(first, (record) => ({ starts: record.starts + 1, failure: null }));
  await cluster.until(first, isRunning);
});

test('register-two-controllers: both register at once; it is done once, with one id', async () => {
  cluster.worker();
  const [first, second] = [await controller(), await controller()];
  const record = await cluster.create(first, {
    plan,
    registrations: pending,
    parallelism: 1,
    desired: { kind: 'created' },
  });
  const [one, other] = await Promise.all([
    registerSinks(first.context, record),
    registerSinks(second.context, record),
  ]);
  expect(one).toEqual(other);
  expect(one?.registrations?.map(({ state }) => state)).toEqual([...registrar.ids.values()]);
});

test('register-registry-down: the pipeline waits and says why, and starts once the registry is back', async () => {
  const worker = cluster.worker();
  const first = await controller();
  registrar.trouble = () => away;
  await cluster.create(first, { plan, registrations: pending, parallelism: 1 });
  const status = await cluster.until(first, ({ problem }) => problem !== null);
  expect(status.problem).toMatchObject({ code: 'WEIR-3501', transient: true });
  expect(worker.starts).toEqual([]);
  registrar.trouble = () => null;
  await cluster.until(first, isRunning);
});

test('register-registry-down: a creation whose registry goes away in its middle is a success, and left to the driver', async () => {
  cluster.worker();
  const first = await controller();
  registrar.trouble = () => away;
  const { created, record } = await create(first);
  expect([created, record?.registrations]).toEqual([true, pending]);
});
