import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { openStore } from './open-store.ts';
import { describeObjectStore } from './testing/describe-object-store.ts';

const folders: string[] = [];
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

describeObjectStore('memory', async () => new MemoryStore());
describeObjectStore('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-store-contract-'));
  folders.push(folder);
  return openStore(pathToFileURL(join(folder, 'not', 'there yet')).href, Date.now());
});
