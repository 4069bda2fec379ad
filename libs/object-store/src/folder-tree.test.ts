import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, rmdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFolderFiles, type FolderFiles } from './folder-files.ts';
import { FolderStore } from './folder-store.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weir-tree-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function keysOf(store: FolderStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list('')) keys.push(key);
  return keys.toSorted();
}

test('fault 1.2.4: the folders of deleted objects go with the last of them', async () => {
  const store = new FolderStore(root);
  for (const key of ['a/b/c/1', 'a/b/c/2', 'a/d/3']) await store.put(key, bytes(key));
  await store.put('a/b/c/1', bytes('changed'));
  await store.delete('a/b/c/1');
  expect(await readdir(join(root, 'a/b/c'))).toEqual(['2']);
  await store.delete('a/b/c/2');
  expect(await readdir(join(root, 'a'))).toEqual(['d']);
  await store.delete('a/d/3');
  expect(await readdir(root)).toEqual(['.tmp']);
  // They come again with the next object.
  await store.put('a/b/c/4', bytes('4'));
  expect(await keysOf(store)).toEqual(['a/b/c/4']);
});

test('fault 1.2.4: folders that an earlier version left empty are listed once and never again', async () => {
  for (const folder of ['old/1/x', 'old/2', 'kept/1']) await mkdir(join(root, folder), { recursive: true });
  const store = new FolderStore(root);
  await store.put('kept/2/object', bytes('object'));
  expect(await keysOf(store)).toEqual(['kept/2/object']);
  expect((await readdir(root)).toSorted()).toEqual(['.tmp', 'kept']);
  expect(await readdir(join(root, 'kept'))).toEqual(['2']);
});

test(
  'what is put into a folder while others empty it is there, and nobody fails',
  { timeout: 60_000 },
  async () => {
    const rounds = 150;
    const churn = async (name: string): Promise<void> => {
      // A process of its own, as far as a store can tell: what it knows of folders is its own.
      const store = new FolderStore(root);
      for (let round = 0; round < rounds; round += 1) {
        const key = `a/b/${round % 3}/${name}`;
        await store.put(key, bytes(`${round}`));
        const found = await store.get(key);
        expect(Buffer.from(found?.bytes ?? []).toString()).toBe(`${round}`);
        await store.delete(key);
      }
      await store.put(`a/b/0/${name}`, bytes('last'));
    };
    const names = ['w', 'x', 'y', 'z'];
    await Promise.all(names.map(churn));
    expect(await keysOf(new FolderStore(root))).toEqual(names.map((name) => `a/b/0/${name}`));
  },
);

test('a folder that another process has made anew, and not synced yet, is synced before a put into it is acknowledged', async () => {
  const synced: string[] = [];
  const files: FolderFiles = {
    ...nodeFolderFiles,
    async syncFolder(path) {
      await nodeFolderFiles.syncFolder(path);
      synced.push(path);
    },
  };
  const store = new FolderStore(root, files);
  await store.put('a/b/1', bytes('1'));
  await unlink(join(root, 'a/b/1'));
  await rmdir(join(root, 'a/b'));
  await rmdir(join(root, 'a'));
  await mkdir(join(root, 'a/b'), { recursive: true });
  synced.length = 0;
  await store.put('a/b/2', bytes('2'));
  // The name of the object, that of b, that of a.
  expect(synced).toEqual(expect.arrayContaining([join(root, 'a/b'), join(root, 'a'), root]));
  // Known again: only the name of the next object.
  await store.put('a/b/3', bytes('3'));
  synced.length = 0;
  await store.put('a/b/4', bytes('4'));
  expect(synced).toEqual([join(root, 'a/b')]);
  expect(existsSync(join(root, 'a/b/4'))).toBe(true);
});
