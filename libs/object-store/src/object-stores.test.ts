import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemPorts } from '@weir/system/system-ports.ts';
import { checkStore } from './check-store.ts';
import { FaultInjectingStore } from './testing/fault-injecting-store.ts';
import { nodeFolderFiles, type FolderFiles } from './folder-files.ts';
import { FolderStore } from './folder-store.ts';
import { MemoryStore } from './memory-store.ts';
import { openStore } from './open-store.ts';
import { putIfAbsentReadBack } from './put-if-absent-read-back.ts';
import { StoreOutcomeUnknown } from './store-errors.ts';

const { timers, rng } = systemPorts();
const folders: string[] = [];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-store-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

describe('openStore', () => {
  it.each([
    ['s3://bucket/x?zone=1', /'zone' is no option of an S3 store/],
    ['file://relative/x', /three slashes/],
    ['/tmp/x', /no address/],
    ['http://x', /no store speaks/],
  ])('refuses %s', async (address, message) => {
    await expect(openStore(address, 0)).rejects.toThrow(message);
  });
});

function failing(code: string, ...calls: (keyof FolderFiles)[]): FolderFiles {
  const fail = async (): Promise<never> => {
    throw Object.assign(new Error(`${code}: injected`), { code });
  };
  return { ...nodeFolderFiles, ...Object.fromEntries(calls.map((call) => [call, fail])) };
}

describe('a folder that can not be written', () => {
  it.each([
    ['ENOSPC', ['writeSynced'], /no space is left/, /free space/, 'retry'],
    ['EROFS', ['mkdir'], /read-only/, /read-write/, 'fatal'],
    ['EACCES', ['writeSynced', 'mkdir'], /permission denied/, /permission on that folder/, 'fatal'],
    ['EACCES', ['readFile'], /permission denied/, /permission on that folder/, 'fatal'],
  ] as const)('%s: checkStore says where and what to do', async (code, calls, message, hint, disposition) => {
    const folder = await newFolder();
    const error: unknown = await checkStore(new FolderStore(folder, failing(code, ...calls)), rng).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'WEIR-5002',
      disposition,
      hint: expect.stringMatching(hint) as string,
    });
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain(folder);
  });

  it('a failure after the object got its name is an unknown outcome', async () => {
    const folder = await newFolder();
    await new FolderStore(folder).put('a', bytes('x'));
    const files = { ...nodeFolderFiles };
    const store = new FolderStore(folder, files);
    await store.put('b', bytes('x'));
    Object.assign(files, { syncFolder: failing('EIO', 'syncFolder').syncFolder.bind(files) });
    await expect(store.putIfAbsent('c', bytes('x'))).rejects.toThrow(StoreOutcomeUnknown);
    expect(Buffer.from((await store.get('c'))?.bytes ?? []).toString()).toBe('x');
  });

  it('goes on when space is there again', async () => {
    const folder = await newFolder();
    let full = true;
    const files: FolderFiles = {
      ...nodeFolderFiles,
      writeSynced: (path, content) =>
        full
          ? failing('ENOSPC', 'writeSynced').writeSynced(path, content)
          : nodeFolderFiles.writeSynced(path, content),
    };
    const store = new FolderStore(folder, files);
    await expect(store.putIfAbsent('k', bytes('1'))).rejects.toThrow(/no space/);
    full = false;
    expect(await store.putIfAbsent('k', bytes('1'))).toBe('created');
  });
});

describe('checkStore', () => {
  const plainPut = (store: MemoryStore) => ({
    putIfAbsent: async (key: string, content: Uint8Array) => (
      await store.put(key, content),
      'created' as const
    ),
  });

  it.each([
    ['loses writes', () => ({ get: async () => undefined }), /not read back/],
    ['ignores If-None-Match', plainPut, /put-if-absent replaced/],
    ['ignores If-Match', () => ({ putIfMatch: async () => ({ etag: 'x' }) }), /took an old etag/],
  ])('refuses a store that %s', async (_, broken, message) => {
    const store = new MemoryStore();
    Object.assign(store, broken(store));
    await expect(checkStore(store, rng)).rejects.toThrow(message);
  });

  it.each([
    ['accepts one whose answer gets lost once', 1, true],
    ['gives up one whose answers get lost again and again', 3, false],
  ])('%s', async (_, losses, accepted) => {
    const store = new FaultInjectingStore(new MemoryStore());
    let lost = 0;
    store.after = (operation) => {
      if (operation !== 'putIfAbsent' || lost === losses) return;
      lost += 1;
      throw new StoreOutcomeUnknown('test', undefined);
    };
    const outcome = await checkStore(store, rng).then(
      () => true,
      (error: unknown) => !(error instanceof StoreOutcomeUnknown),
    );
    expect(outcome).toBe(accepted);
  });

  it('accepts a sound one and leaves nothing behind', async () => {
    const store = Object.assign(new FaultInjectingStore(new MemoryStore()), { changes: 0 });
    store.before = (operation) => void (operation === 'get' || (store.changes += 1));
    await checkStore(store, rng);
    for await (const key of store.list('')) expect.unreachable(key);
    expect(store.changes).toBeGreaterThan(1);
  });
});

describe('putIfAbsentReadBack', () => {
  const unknownOnce = (store: FaultInjectingStore, where: 'before' | 'after'): void => {
    let failed = false;
    store[where] = (operation) => {
      if (operation !== 'putIfAbsent' || failed) return;
      failed = true;
      throw new StoreOutcomeUnknown('test', undefined);
    };
  };

  it.each(['before', 'after'] as const)(
    'an unknown outcome that fell %s the put ends as created',
    async (where) => {
      const store = new FaultInjectingStore(new MemoryStore());
      unknownOnce(store, where);
      expect(await putIfAbsentReadBack(store, 'k', bytes('mine'), timers)).toEqual({ outcome: 'created' });
      expect(await store.get('k')).toMatchObject({ bytes: bytes('mine') });
    },
  );

  it("tells somebody else's object from its own", async () => {
    const store = new FaultInjectingStore(new MemoryStore());
    await store.put('k', bytes('theirs'));
    unknownOnce(store, 'before');
    const result = await putIfAbsentReadBack(store, 'k', bytes('mine'), timers);
    expect(result).toMatchObject({ outcome: 'exists', object: { bytes: bytes('theirs') } });
  });

  it('passes other errors on', async () => {
    const store = new FaultInjectingStore(new MemoryStore());
    store.before = () => {
      throw new TypeError('broken');
    };
    await expect(putIfAbsentReadBack(store, 'k', bytes('mine'), timers)).rejects.toThrow('broken');
  });
});
