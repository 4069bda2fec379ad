import { expect, test } from 'vitest';
import { WeirError } from '@weir/kernel/errors.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { fakePlan } from '../testing/fake-plan.ts';
import { PipelineCatalog } from './pipeline-catalog.ts';
import type { PipelineRecord } from './pipeline-record.ts';

const ports = systemPorts();
const record = (id: string, name = 'sums'): PipelineRecord => ({
  formatVersion: 1,
  name,
  id,
  sql: `-- ${id}`,
  plan: fakePlan,
  explain: '',
  parallelism: 1,
  checkpointIntervalMs: 1000,
  keyGroups: 128,
  createdAtMs: 0,
  desired: { kind: 'running' },
  starts: 0,
  restarts: 0,
  failure: null,
});
const noAnswer = (): never => {
  throw new WeirError('WEIR-5001', 'no answer', { disposition: 'retry' });
};

test('of many that create a name at once one wins, and all are told whose it is', async () => {
  const store = new MemoryStore();
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((id) => new PipelineCatalog(store, 'test', ports).create(record(id))),
  );
  const won = outcomes.filter((outcome) => outcome.created);
  expect(won).toHaveLength(1);
  expect(new Set(outcomes.map((outcome) => outcome.record.id))).toEqual(new Set([won[0]?.record.id]));
});

test('changes by several controllers at once are all there in the end', async () => {
  const store = new MemoryStore();
  const catalogs = Array.from({ length: 8 }, () => new PipelineCatalog(store, 'test', ports));
  await catalogs[0]?.create(record('a'));
  await Promise.all(
    catalogs.map((catalog) => catalog.update('sums', (before) => ({ ...before, starts: before.starts + 1 }))),
  );
  expect((await catalogs[0]?.get('sums'))?.starts).toBe(8);
});

test('a creation whose outcome is unknown is found to be our own', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  let once = true;
  store.after = (operation) => {
    if (operation === 'putIfAbsent' && once) {
      once = false;
      noAnswer();
    }
  };
  const outcome = await new PipelineCatalog(store, 'test', ports).create(record('a'));
  expect(outcome).toMatchObject({ created: true, record: { id: 'a' } });
});

test('a removal meant for an earlier pipeline leaves the later one of its name', async () => {
  const catalog = new PipelineCatalog(new MemoryStore(), 'test', ports);
  await catalog.create(record('later'));
  await catalog.remove('sums', 'earlier');
  expect((await catalog.get('sums'))?.id).toBe('later');
});

test('a record that has not changed is the same object; after a change by anybody it is another', async () => {
  const store = new MemoryStore();
  const [mine, other] = [
    new PipelineCatalog(store, 'test', ports),
    new PipelineCatalog(store, 'test', ports),
  ];
  await mine.create(record('a'));
  const first = await mine.get('sums');
  expect(await mine.get('sums')).toBe(first);
  await other.update('sums', (before) => ({ ...before, starts: 7 }));
  expect((await mine.get('sums'))?.starts).toBe(7);
  await other.remove('sums', 'a');
  expect(await mine.get('sums')).toBeUndefined();
});

test('names are listed in order; what is no entry is left out; a newer format is refused by name', async () => {
  const store = new MemoryStore();
  const catalog = new PipelineCatalog(store, 'test', ports);
  await catalog.create(record('b', 'b'));
  await catalog.create(record('a', 'a'));
  await store.put('clusters/test/catalog/pipelines/README.txt', new Uint8Array());
  expect(await catalog.names()).toEqual(['a', 'b']);
  await store.put('clusters/test/catalog/pipelines/a.json', new TextEncoder().encode('{"formatVersion":2}'));
  await expect(catalog.get('a')).rejects.toMatchObject({ code: 'WEIR-7101' });
});
