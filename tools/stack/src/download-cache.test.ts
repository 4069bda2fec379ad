import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached, cacheFolder } from './download-cache.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'weir-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

test('is filled once', async () => {
  let fills = 0;
  const fill = async (folder: string) => {
    fills++;
    writeFileSync(join(folder, 'content'), 'whole');
    return true;
  };
  const first = await cached('thing', fill);
  const second = await cached('thing', fill);
  expect(second).toBe(first);
  expect(fills).toBe(1);
  expect(readFileSync(join(first ?? '', 'content'), 'utf8')).toBe('whole');
});

test('two runs that fill it at the same time get one whole folder and leave nothing beside it', async () => {
  const barrier = Promise.withResolvers<void>();
  let waiting = 0;
  const fill = (text: string) => async (folder: string) => {
    writeFileSync(join(folder, 'a'), text);
    if (++waiting === 2) barrier.resolve();
    await barrier.promise;
    writeFileSync(join(folder, 'b'), text);
    return true;
  };
  const [left, right] = await Promise.all([cached('thing', fill('left')), cached('thing', fill('right'))]);
  expect(left).toBe(right);
  expect(readFileSync(join(left ?? '', 'a'), 'utf8')).toBe(readFileSync(join(left ?? '', 'b'), 'utf8'));
  expect(readdirSync(cacheFolder())).toEqual(['thing']);
});

test.each([
  ['says that it could not', async () => false, undefined],
  ['throws', async () => Promise.reject(new Error('disk full')), 'disk full'],
])('a fill that %s leaves nothing behind', async (_, fill, message) => {
  const filling = cached('thing', fill);
  if (message === undefined) expect(await filling).toBeUndefined();
  else await expect(filling).rejects.toThrow(message);
  expect(existsSync(cacheFolder()) && readdirSync(cacheFolder())).toEqual([]);
});
