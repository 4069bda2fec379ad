import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, RememberedPorts } from './free-port.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-ports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a second start with the same folder finds the same ports', async () => {
  const first = new RememberedPorts(folder);
  const plain = await first.get('plain');
  const controller = await first.get('controller');
  expect(plain).not.toBe(controller);
  const second = new RememberedPorts(folder);
  expect(await second.get('plain')).toBe(plain);
  expect(await second.get('controller')).toBe(controller);
});

test('no two ports of one server are the same, free as both may be', async () => {
  const ports = new RememberedPorts(folder);
  const picked = new Set<number>();
  // Of so many, drawn freely, two would be the same in all but one of a million runs.
  for (let name = 0; name < 700; name += 1) picked.add(await ports.get(`listener-${name}`));
  expect(picked.size).toBe(700);
});

test('forgotten ports are picked anew, and the new ones remembered', async () => {
  const first = new RememberedPorts(folder);
  const before = await first.get('plain');
  first.forget();
  const after = await first.get('plain');
  expect(after).not.toBe(before);
  expect(await new RememberedPorts(folder).get('plain')).toBe(after);
});

test('a free port can be bound, and is none that outgoing connections are given', async () => {
  const port = await freePort();
  expect(port).toBeLessThan(32_768);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
});
