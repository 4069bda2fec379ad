import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeRegistry } from '@weir/schemas/registry/testing/fake-registry.ts';
import { avroLong, avroText, framedById, recordSchema, registerValue } from './testing/avro-topic.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

let e2e: E2eCluster;
let registry: FakeRegistry;
beforeAll(async () => {
  registry = await FakeRegistry.start();
  e2e = await E2eCluster.start({ workers: 2 });
});
afterAll(async () => {
  await e2e.dispose();
  await registry.stop();
});

const id = { name: 'id', type: 'long' };
const note = { name: 'note', type: ['null', 'string'], default: null };

/** Copies all of a topic in Avro, whose columns come from the registry, as JSON. */
const copy = (input: string, output: string) => `
  CREATE TABLE a ${e2e.with(input, 'source', { format: 'avro', 'schema_registry.endpoint': registry.endpoint })};
  CREATE TABLE b ${e2e.with(output, 'sink')};
  INSERT INTO b SELECT * FROM a;`;

async function topics(partitions = 1): Promise<{ input: string; output: string }> {
  return { input: await e2e.topic('avro', partitions), output: await e2e.topic('rows', 1) };
}

const byId = (rows: readonly { id: number }[]) => [...rows].sort((a, b) => a.id - b.id);

test('C22: one running pipeline reads five schema versions without a restart, as the columns that its first one gave', async () => {
  const { input, output } = await topics();
  const first = registerValue(registry, input, recordSchema(id, note));
  await e2e.produce(input, [framedById(first, avroLong(1), avroLong(1), avroText('one'))]);
  await e2e.client.create({ name: 'five', sql: copy(input, output), checkpointInterval: '200ms' });
  await e2e.untilCommitted(output, 1);
  // Added in front, removed with its default, promoted, renamed by no alias: what is read stays (id, note).
  const added = { name: 'more', type: 'string', default: '' };
  const versions: [string, (value: number) => Buffer[]][] = [
    [recordSchema(added, id, note), (value) => [avroText('x'), avroLong(value), avroLong(0)]],
    [recordSchema(id), (value) => [avroLong(value)]],
    [
      recordSchema({ name: 'id', type: 'int' }, { name: 'note', type: 'string' }),
      (value) => [avroLong(value), avroText('n')],
    ],
    [
      recordSchema(note, { name: 'id', type: ['long', 'null'] }),
      (value) => [avroLong(1), avroText('u'), avroLong(0), avroLong(value)],
    ],
  ];
  registry.subjects.setLevel(`${input}-value`, 'NONE');
  for (const [index, [schema, fields]] of versions.entries()) {
    const writer = registerValue(registry, input, schema);
    await e2e.produce(input, [framedById(writer, ...fields(index + 2))]);
    await e2e.untilCommitted(output, index + 2);
  }
  expect(byId(await e2e.committed<{ id: number }>(output))).toEqual([
    { id: 1, note: 'one' },
    { id: 2, note: null },
    { id: 3, note: null },
    { id: 4, note: 'n' },
    { id: 5, note: 'u' },
  ]);
  expect(await e2e.client.get('five')).toMatchObject({ generation: 1, restarts: 0 });
  await e2e.client.stop('five');
});

test('pinned-schema: the columns stay whatever becomes of the registry, over stop and start, rescale and the death of all workers', async () => {
  const { input, output } = await topics(2);
  const writer = registerValue(registry, input, recordSchema(id, note));
  const record = (value: number) => framedById(writer, avroLong(value), avroLong(0));
  await e2e.produce(input, [record(1), record(2)]);
  await e2e.client.create({ name: 'pinned', sql: copy(input, output), checkpointInterval: '200ms' });
  await e2e.untilCommitted(output, 2);
  registry.subjects.setLevel(`${input}-value`, 'NONE');
  registerValue(registry, input, recordSchema({ name: 'other', type: 'string' }));
  registry.misbehave({ kind: 'status', status: 500 });
  try {
    await e2e.client.stop('pinned');
    await e2e.client.untilState('pinned', 'stopped');
    await e2e.client.start('pinned');
    await e2e.produce(input, [record(3), record(4)]);
    await e2e.untilCommitted(output, 4);
    expect(await e2e.weir('scale', 'pinned', '--parallelism', '2')).toMatchObject({ code: 0 });
    await e2e.produce(input, [record(5), record(6)]);
    await e2e.untilCommitted(output, 6);
    for (const worker of e2e.processes.workers) {
      await worker.kill();
      await worker.restart();
    }
    await e2e.produce(input, [record(7), record(8)]);
    await e2e.untilCommitted(output, 8);
  } finally {
    registry.behave();
  }
  expect(byId(await e2e.committed<{ id: number }>(output))).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((value) => ({ id: value, note: null })),
  );
  await e2e.client.stop('pinned');
});

test('C19 writer-deleted: a schema that was deleted for good is read on by processes that never fetched it', async () => {
  const { input, output } = await topics();
  const writer = registerValue(registry, input, recordSchema(id, note));
  const record = (value: number) => framedById(writer, avroLong(value), avroLong(0));
  await e2e.produce(input, [record(1)]);
  await e2e.client.create({ name: 'deleted', sql: copy(input, output), checkpointInterval: '200ms' });
  await e2e.untilCommitted(output, 1);
  registry.subjects.delete(`${input}-value`, 1, 'hard');
  for (const process of e2e.processes.processes) await process.kill();
  for (const process of e2e.processes.processes) await process.restart();
  await e2e.produce(input, [record(2)]);
  expect(byId(await e2e.untilCommitted<{ id: number }>(output, 2))).toEqual([
    { id: 1, note: null },
    { id: 2, note: null },
  ]);
  await e2e.client.stop('deleted');
});
