import { afterEach, beforeEach, expect, test } from 'vitest';
import { WeirError } from '@weir/kernel/errors.ts';
import type { CreatePipelineRequest } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { Compiled } from '../compile/pipeline-compiler.ts';
import { FakeCluster, type FakeController } from '../testing/fake-cluster.ts';
import { fakePlan } from '../testing/fake-plan.ts';
import { createPipeline } from './create-pipeline.ts';
import { wishStart, wishStop } from './pipeline-wishes.ts';

/** What the registry has now; null: it gives no answer. */
let version: number | null = 1;
let compilations = 0;

/** The plan, with the version of the schema that its source is pinned to. */
function compiled(): Compiled {
  if (version === null) throw new WeirError('WEIR-3501', 'no answer', { disposition: 'retry' });
  const origin = { kind: 'registry', registry: 'r', subject: 's', version, id: version } as const;
  const value = { format: 'avro', text: '"long"', references: [], origin, columns: [] } as const;
  const plan = { ...fakePlan, formats: { src: { value, key: null } } };
  return { valid: true, plan, explain: `version ${version}`, diagnostics: [] };
}

let cluster: FakeCluster;
let controller: FakeController;
beforeEach(async () => {
  version = 1;
  compilations = 0;
  cluster = new FakeCluster();
  controller = await cluster.controller(undefined, {
    async compile() {
      compilations += 1;
      return compiled();
    },
  });
});
afterEach(() => cluster.close());

const request: CreatePipelineRequest = {
  name: 'sums',
  sql: 'SELECT n',
  parallelism: 0,
  checkpointInterval: '',
  doNotStart: true,
};
const create = (change: Partial<CreatePipelineRequest> = {}) =>
  createPipeline(controller.coordinator, { ...request, ...change });

function pinnedIn(record: PipelineRecord | null): number | undefined {
  const origin = record?.plan.formats['src']?.value?.origin;
  return origin?.kind === 'registry' ? origin.version : undefined;
}

test('P2: a pipeline that was created without being started is pinned to what is there at its first start, and no other', async () => {
  expect(pinnedIn((await create()).record)).toBe(1);
  version = 2;
  const started = await wishStart(controller.coordinator, 'sums');
  expect([started.starts, started.explain, pinnedIn(started)]).toEqual([1, 'version 2', 2]);
  version = 3;
  await wishStop(controller.coordinator, 'sums', StopMode.STOP_MODE_IMMEDIATE);
  expect(pinnedIn(await wishStart(controller.coordinator, 'sums'))).toBe(2);
  expect(compilations).toBe(2);
});

test('P2: the same text again, to be started, is a first start, too', async () => {
  await create();
  version = 2;
  const { record, created } = await create({ doNotStart: false });
  expect([created, record?.starts, pinnedIn(record)]).toEqual([false, 1, 2]);
});

test('P2: the same text of a pipeline that was started is a success before anything is asked', async () => {
  await create({ doNotStart: false });
  version = null;
  const { record } = await create({ doNotStart: false });
  expect(pinnedIn(record)).toBe(1);
});

test('P2: a registry that is away at the first start: it stays as it was, and can be started later', async () => {
  await create();
  version = null;
  await expect(wishStart(controller.coordinator, 'sums')).rejects.toMatchObject({ disposition: 'retry' });
  version = 2;
  const started = await wishStart(controller.coordinator, 'sums');
  expect([started.starts, pinnedIn(started)]).toEqual([1, 2]);
});
