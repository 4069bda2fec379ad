import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testS3, type TestS3 } from '@weir/tool-stack/test-servers.ts';
import { checkStore } from '../check-store.ts';
import type { ObjectStore } from '../object-store.ts';
import { openStore } from '../open-store.ts';
import { putIfAbsentReadBack } from '../put-if-absent-read-back.ts';
import { StoreOutcomeUnknown, StoreUnavailable } from '../store-errors.ts';
import { AnswerProxy } from '../testing/answer-proxy.ts';
import { describeObjectStore } from '../testing/describe-object-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { S3Store, type S3StoreOptions } from './s3-store.ts';

const { rng, timers } = systemPorts();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (object: { bytes: Uint8Array } | undefined): string | undefined =>
  object && new TextDecoder().decode(object.bytes);

let s3: TestS3;
const opened: ObjectStore[] = [];

beforeAll(async () => {
  s3 = await testS3();
  Object.assign(process.env, s3.environment);
});
afterAll(() => s3.dispose());
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

function open(address: string, options: S3StoreOptions = {}): ObjectStore {
  const store = S3Store.open(address, process.env, options);
  opened.push(store);
  return store;
}

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

describeObjectStore('S3', () => openStore(s3.newStoreUrl(), Date.now()));

describe('a real S3 server', () => {
  it('passes checkStore', async () => {
    const store = open(s3.newStoreUrl());
    await checkStore(store, rng);
    expect(await keysOf(store, '')).toEqual([]);
  });

  it('lets exactly one of 50 creations win, in each of 10 races of separate clients', async () => {
    const address = s3.newStoreUrl();
    const clients = Array.from({ length: 5 }, () => open(address));
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => clients)
          .flat()
          .map((client, index) => client.putIfAbsent(`race/${round}`, bytes(`${round}.${index}`))),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(text(await clients[0]?.get(`race/${round}`))).toBe(`${round}.${outcomes.indexOf('created')}`);
    }
  });

  it('lists what was just written, over several pages', async () => {
    const address = s3.newStoreUrl();
    const store = open(address, { pageSize: 7 });
    const keys = Array.from({ length: 40 }, (_, index) => `a b/ünï+%&<>"'/${String(index).padStart(3, '0')}`);
    for (const [index, key] of keys.entries()) {
      await store.put(key, bytes(key));
      if (index % 10 === 9)
        expect((await keysOf(store, 'a b/')).toSorted()).toEqual(keys.slice(0, index + 1));
    }
    for (const key of keys.slice(0, 30)) await store.delete(key);
    expect((await keysOf(open(address, { pageSize: 3 }), '')).toSorted()).toEqual(keys.slice(30));
  });

  it('keeps prefixes apart, also those that begin alike', async () => {
    const address = s3.newStoreUrl();
    const [first, second] = [address, address.replace('?', 'x?')].map((each) => open(each));
    await first?.put('k', bytes('first'));
    await second?.put('k', bytes('second'));
    expect(text(await first?.get('k'))).toBe('first');
    expect(await keysOf(first as ObjectStore, '')).toEqual(['k']);
  });

  it('holds an object of some megabytes', async () => {
    const store = open(s3.newStoreUrl());
    const large = Buffer.alloc(9_000_000, 'weir ');
    expect(await store.putIfAbsent('large', large)).toBe('created');
    expect(Buffer.compare((await store.get('large'))?.bytes ?? bytes(''), large)).toBe(0);
  });

  it('says that there is no bucket', async () => {
    const store = open(s3.newStoreUrl().replace(/^s3:\/\/[^/]+/, 's3://nobody-made-this'));
    await expect(checkStore(store, rng)).rejects.toMatchObject({
      message: expect.stringMatching(/s3:\/\/nobody-made-this.*there is no such bucket/) as string,
      hint: expect.stringContaining('create the bucket') as string,
      disposition: 'fatal',
    });
  });
});

describe('answers get lost', () => {
  let proxy: AnswerProxy;
  let near: ObjectStore;
  let far: ObjectStore;

  beforeAll(async () => {
    proxy = await AnswerProxy.start(s3.endpoint);
  });
  afterAll(() => proxy.close());

  function openBoth(): void {
    const address = new URL(s3.newStoreUrl());
    near = open(address.href);
    address.searchParams.set('endpoint', proxy.endpoint);
    far = open(address.href, { silenceMs: 400, attempts: 2 });
  }

  it.each(['reset answers', 'swallow answers'] as const)(
    '%s: a change has an unknown outcome, is sent once, and is there',
    async (mode) => {
      openBoth();
      await near.put('replaced', bytes('old'));
      await near.put('deleted', bytes('old'));
      const etag = (await near.get('replaced'))?.etag ?? '';
      proxy.mode = mode;
      const before = proxy.lost;
      await expect(far.putIfAbsent('created', bytes('new'))).rejects.toThrow(StoreOutcomeUnknown);
      await expect(far.putIfMatch('replaced', bytes('new'), etag)).rejects.toThrow(StoreOutcomeUnknown);
      await expect(far.put('put', bytes('new'))).rejects.toThrow(StoreOutcomeUnknown);
      await expect(far.delete('deleted')).rejects.toThrow(StoreOutcomeUnknown);
      expect(proxy.lost - before).toBe(4);
      proxy.mode = 'pass';
      for (const key of ['created', 'replaced', 'put']) expect(text(await near.get(key))).toBe('new');
      expect(await near.get('deleted')).toBeUndefined();
    },
  );

  it.each(['reset answers', 'swallow answers'] as const)(
    '%s: what was read back tells own from foreign',
    async (mode) => {
      openBoth();
      const passSoon = async (): Promise<void> => {
        const before = proxy.lost;
        while (proxy.lost < before + 1) await timers.yield();
        proxy.mode = 'pass';
      };
      for (const [key, there] of [
        ['own', undefined],
        ['foreign', 'theirs'],
      ] as const) {
        if (there !== undefined) await near.put(key, bytes(there));
        proxy.mode = mode;
        const [result] = await Promise.all([
          putIfAbsentReadBack(far, key, bytes('mine'), timers),
          passSoon(),
        ]);
        expect(result.outcome).toBe(there === undefined ? 'created' : 'exists');
        expect(text(await near.get(key))).toBe(there ?? 'mine');
      }
    },
  );

  it('reading is repeated, and then says that the store is away', async () => {
    openBoth();
    await near.put('k', bytes('1'));
    proxy.mode = 'reset answers';
    const before = proxy.lost;
    await expect(far.get('k')).rejects.toThrow(StoreUnavailable);
    expect(proxy.lost - before).toBe(2);
    proxy.mode = 'pass';
    expect(text(await far.get('k'))).toBe('1');
  });

  it('a server that is not there has changed nothing', async () => {
    const gone = await AnswerProxy.start(s3.endpoint);
    const { endpoint } = gone;
    const store = open(s3.newStoreUrl(endpoint), { attempts: 2 });
    await gone.close();
    await expect(store.putIfAbsent('k', bytes('1'))).rejects.toMatchObject({
      code: 'WEIR-5002',
      disposition: 'retry',
      message: expect.stringContaining(endpoint) as string,
    });
  });
});
