import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder has one owner, until it lets go', async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(new RegExp(`in use by process ${process.pid}`));
  unlock();
  (await lockFolder(folder))();
});

test.each(['', 'Thu Jan  1 00:00:00 1970', 'half'])(
  'an owner that is gone does not keep it (%s)',
  async (began) => {
    const child = spawn('true');
    const pid = child.pid ?? 0;
    await new Promise((resolve) => child.once('exit', resolve));
    writeFileSync(join(folder, 'owner.json'), began === 'half' ? '{"pid":' : JSON.stringify({ pid, began }));
    (await lockFolder(folder))();
  },
);

test('an owner whose pid was given to another process does not keep it', async () => {
  writeFileSync(
    join(folder, 'owner.json'),
    JSON.stringify({ pid: process.pid, began: 'Thu Jan  1 00:00:00 1970' }),
  );
  (await lockFolder(folder))();
});
