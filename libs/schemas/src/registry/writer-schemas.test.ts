import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WriterSchema } from '@weir/formats/writer-schemas.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { StoreUnavailable } from '@weir/object-store/store-errors.ts';
import { noAccess } from '@weir/connectors/process-access.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { VirtualPorts } from '@weir/testkit/virtual-ports.ts';
import { ProcessWriterSchemas } from './process-writer-schemas.ts';
import type { RegisteredSchema } from './registered-schema.ts';
import { RegistryPool } from './registry-pool.ts';
import { RegistryWriterSchemas, writerSchema } from './registry-writer-schemas.ts';
import { StoredWriterSchemas } from './stored-writer-schemas.ts';
import { FakeRegistry } from './testing/fake-registry.ts';
import { openRegistry } from './testing/open-registry.ts';
import type { WriterSchemaSource } from './writer-schema-source.ts';

const text = '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}';
const orders: RegisteredSchema = { type: 'avro', text, references: [] };
const schema = writerSchema(orders, []);

/** Answers with what the test says next, and counts. */
class Scripted implements WriterSchemaSource {
  answer: () => Promise<WriterSchema | undefined> = () => Promise.resolve(schema);
  calls = 0;
  fetch(): Promise<WriterSchema | undefined> {
    this.calls += 1;
    return this.answer();
  }
}

const noTrouble = (error: unknown): never => {
  throw error;
};

const away = () =>
  Promise.reject(new WeirError('WEIR-3501', 'registry https://r gives no answer', { disposition: 'retry' }));
const absent = () => Promise.resolve(undefined);

describe('the writer schemas of a process', () => {
  let ports: VirtualPorts;
  let source: Scripted;
  let schemas: ProcessWriterSchemas;
  beforeEach(() => {
    ports = new VirtualPorts();
    source = new Scripted();
    schemas = new ProcessWriterSchemas(source, ports, { registry: 'https://r' });
  });
  afterEach(() => schemas.close());

  it('S1: one fetch, however often it is wanted', async () => {
    schemas.want({ id: 7 });
    schemas.want({ id: 7 });
    await ports.advance(1);
    schemas.want({ id: 7 });
    await ports.advance(100_000);
    expect(schemas.get({ id: 7 })).toBe(schema);
    expect(source.calls).toBe(1);
    expect(schemas.waiting()).toEqual([]);
  });

  it('an id and a GUID are two things, and one context knows nothing of ids that were not wanted', async () => {
    schemas.want({ id: 7 });
    await ports.advance(1);
    expect(schemas.get({ guid: '7' })).toBeUndefined();
    expect(schemas.get({ id: 8 })).toBeUndefined();
  });

  it('S2: a registry that is away for an hour is asked on, and its schema comes; whoever waits is told', async () => {
    source.answer = away;
    schemas.want({ id: 7 });
    let told = false;
    void schemas.changed(new AbortController().signal).then(() => (told = true));
    await ports.advance(3_600_000);
    expect(schemas.refused({ id: 7 })).toBeUndefined();
    expect(schemas.waiting()).toMatchObject([
      { identity: { id: 7 }, problem: expect.stringContaining('no answer') as string },
    ]);
    expect(told).toBe(false);
    source.answer = () => Promise.resolve(schema);
    await ports.advance(20_000);
    expect(schemas.get({ id: 7 })).toBe(schema);
    expect(told).toBe(true);
  });

  it('S4: what nobody waits for any more is not asked for for ever; a new wish begins anew', async () => {
    source.answer = away;
    const waiting = new AbortController();
    schemas.want({ id: 7 });
    void schemas.changed(waiting.signal);
    await ports.advance(3_600_000);
    waiting.abort();
    await ports.advance(60_000);
    expect(schemas.waiting()).toEqual([]);
    const { calls } = source;
    await ports.advance(3_600_000);
    expect(source.calls).toBe(calls);
    source.answer = () => Promise.resolve(schema);
    schemas.want({ id: 7 });
    await ports.advance(1);
    expect(schemas.get({ id: 7 })).toBe(schema);
  });

  it('F5: what a person reads of it says what to do', async () => {
    source.answer = () =>
      Promise.reject(new WeirError('WEIR-3502', 'refused', { hint: "check 'schema_registry.api_key'" }));
    schemas.want({ id: 7 });
    await ports.advance(60_000);
    expect(schemas.refused({ id: 7 })).toBeUndefined();
    expect(schemas.waiting()[0]?.problem).toContain("check 'schema_registry.api_key'");
  });

  it('S2: "no such schema" is believed after 60 s of it, not before', async () => {
    source.answer = absent;
    schemas.want({ id: 7 });
    await ports.advance(50_000);
    expect(schemas.refused({ id: 7 })).toBeUndefined();
    await ports.advance(25_000);
    expect(schemas.refused({ id: 7 })).toMatchObject({
      code: 'WEIR-3131',
      message: expect.stringContaining('id 7') as string,
    });
  });

  it('S2: an outage between two such answers begins the wait anew', async () => {
    source.answer = absent;
    schemas.want({ id: 7 });
    await ports.advance(45_000);
    source.answer = away;
    await ports.advance(45_000);
    source.answer = absent;
    await ports.advance(45_000);
    expect(schemas.refused({ id: 7 })).toBeUndefined();
  });

  it('S3: what was refused is asked for again later', async () => {
    source.answer = absent;
    schemas.want({ id: 7 });
    await ports.advance(80_000);
    expect(schemas.refused({ id: 7 })).toBeDefined();
    source.answer = () => Promise.resolve(schema);
    await ports.advance(60_000);
    expect(schemas.refused({ id: 7 })).toBeUndefined();
    schemas.want({ id: 7 });
    await ports.advance(1);
    expect(schemas.get({ id: 7 })).toBe(schema);
  });

  it('whoever waits is let go when it gives up, and when all ends', async () => {
    const abort = new AbortController();
    const given = schemas.changed(abort.signal);
    abort.abort();
    await given;
    const last = schemas.changed(new AbortController().signal);
    schemas.close();
    await last;
    schemas.want({ id: 9 });
    await ports.advance(1_000);
    expect(source.calls).toBe(0);
  });
});

describe('schemas outlive the registry', () => {
  const running: FakeRegistry[] = [];
  afterEach(async () => {
    for (const registry of running.splice(0)) await registry.stop();
  });

  async function start(): Promise<FakeRegistry> {
    const registry = await FakeRegistry.start();
    running.push(registry);
    return registry;
  }

  const stored = (store: MemoryStore, registry: FakeRegistry, subject?: string) => {
    const place = { cluster: 'c', urls: [new URL(registry.endpoint)], context: subject ?? '.' };
    const client = openRegistry({ endpoint: registry.endpoint }, { deadlineMs: 300, silenceMs: 200 });
    return new StoredWriterSchemas(store, place, new RegistryWriterSchemas(client, subject), noTrouble);
  };

  it('C19: a schema that was hard-deleted, and a registry that is away, are read from the store', async () => {
    const registry = await start();
    const store = new MemoryStore();
    const id = await openRegistry({ endpoint: registry.endpoint }).register('orders-value', orders);
    const first = await stored(store, registry).fetch({ id });
    registry.subjects.delete('orders-value', 1, 'hard');
    expect(await stored(store, registry).fetch({ id })).toEqual(first);
    registry.misbehave({ kind: 'cut' });
    expect(await stored(store, registry).fetch({ id })).toEqual(first);
    expect(first).toMatchObject({ type: 'avro', text });
  });

  it('by GUID, with references', async () => {
    const registry = await start();
    const client = openRegistry({ endpoint: registry.endpoint });
    await client.register('orders', orders);
    await client.register('pair-value', {
      type: 'avro',
      text: '{"type":"record","name":"Pair","fields":[{"name":"a","type":"Order"}]}',
      references: [{ name: 'Order', subject: 'orders', version: 1 }],
    });
    const { guid = '' } = await client.version('pair-value', 'latest');
    const store = new MemoryStore();
    const fetched = await stored(store, registry).fetch({ guid });
    expect(fetched?.references).toEqual([{ name: 'Order', text }]);
    registry.misbehave({ kind: 'hang' });
    expect(await stored(store, registry).fetch({ guid })).toEqual(fetched);
  });

  it('F6: id 1 of two registries are two schemas', async () => {
    const [one, two] = [await start(), await start()];
    const store = new MemoryStore();
    await openRegistry({ endpoint: one.endpoint }).register('a-value', orders);
    await openRegistry({ endpoint: two.endpoint }).register('a-value', { ...orders, text: '"string"' });
    expect(await stored(store, one).fetch({ id: 1 })).toMatchObject({ text });
    expect(await stored(store, two).fetch({ id: 1 })).toMatchObject({ text: '"string"' });
  });

  it('what the registry does not have is not kept', async () => {
    const registry = await start();
    const store = new MemoryStore();
    expect(await stored(store, registry).fetch({ id: 1 })).toBeUndefined();
    await openRegistry({ endpoint: registry.endpoint }).register('late-value', orders);
    expect(await stored(store, registry).fetch({ id: 1 })).toMatchObject({ text });
  });

  it('F6: an object that can not be read is replaced', async () => {
    const registry = await start();
    const store = new MemoryStore();
    await openRegistry({ endpoint: registry.endpoint }).register('a-value', orders);
    await stored(store, registry).fetch({ id: 1 });
    for await (const key of store.list('clusters/'))
      await store.put(key, new TextEncoder().encode('{"formatVersion":1'));
    expect(await stored(store, registry).fetch({ id: 1 })).toMatchObject({ text });
    registry.misbehave({ kind: 'cut' });
    expect(await stored(store, registry).fetch({ id: 1 })).toMatchObject({ text });
  });
});

describe('a store beside a registry', () => {
  const place = { cluster: 'c', urls: [new URL('http://r')], context: '.' };
  const only = async (store: MemoryStore) => {
    for await (const key of store.list('clusters/')) return { key, object: await store.get(key) };
    throw new Error('nothing is kept');
  };

  it('F6: of several that fetch a schema the first keeps it', async () => {
    const store = new MemoryStore();
    const source = new Scripted();
    let before: string | undefined;
    source.answer = async () => {
      // Another process is faster.
      await new StoredWriterSchemas(store, place, new Scripted(), noTrouble).fetch({ id: 7 });
      const { key, object } = await only(store);
      const bytes = new TextEncoder().encode(`${new TextDecoder().decode(object?.bytes)} `);
      before = (await store.put(key, bytes)).etag;
      return schema;
    };
    expect(await new StoredWriterSchemas(store, place, source, noTrouble).fetch({ id: 7 })).toBe(schema);
    expect((await only(store)).object?.etag).toBe(before);
  });

  it.each([
    ['is away', new StoreUnavailable('the store is away')],
    ['fails as nobody thought', new TypeError('no such method')],
  ])('F6: one that %s fails no answer, and that is told', async (_, problem) => {
    const store = new MemoryStore();
    store.get = () => Promise.reject(problem);
    store.putIfAbsent = () => Promise.reject(problem);
    const troubles: unknown[] = [];
    const schemas = new StoredWriterSchemas(store, place, new Scripted(), (error) => troubles.push(error));
    expect(await schemas.fetch({ id: 7 })).toBe(schema);
    expect(troubles).toEqual([problem, problem]);
  });

  it('its trouble is said once a minute', async () => {
    const registry = await FakeRegistry.start();
    const store = new MemoryStore();
    store.get = () => Promise.reject(new StoreUnavailable('the store is away'));
    const said: unknown[] = [];
    let now = 0;
    const system = systemPorts();
    const ports = { ...system, clock: { nowMs: () => now, monotonicMs: () => now } };
    const log = { info: () => {}, warn: (fields: object) => said.push(fields) };
    const pool = new RegistryPool(ports, { cluster: 'c', access: noAccess, store, log });
    const options = { 'schema_registry.endpoint': registry.endpoint };
    await openRegistry({ endpoint: registry.endpoint }).register('a-value', orders);
    const ask = async () => (await pool.writerSchemas(options, undefined)).fetch({ id: 1 });
    await ask();
    await ask();
    expect(said).toEqual([{ error: expect.stringContaining('the store is away') as string }]);
    now += 60_000;
    await ask();
    expect(said).toHaveLength(2);
    await pool.close();
    await registry.stop();
  });
});
