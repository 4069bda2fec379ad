import { createServer, connect as connectSocket, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, inject, it, vi } from 'vitest';
import { natsAccess } from '@weir/security/nats-access.ts';
import { describeControlBus } from './control-bus.contract.test.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { connectNatsBus } from './nats-bus.ts';

const { clock, rng } = systemPorts();
const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 10 });

describeControlBus('NATS', async (onError) => {
  const open = () =>
    connectNatsBus({
      access: natsAccess({ url: inject('natsUrl') }),
      clientName: 'contract',
      clock,
      onError,
    });
  return [await open(), await open()];
});

/** A proxy whose connections a test can cut, and whose port stays the same. */
async function proxyTo(
  target: string,
): Promise<{ url: string; cut: () => Promise<void>; mend: () => Promise<void> }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connectSocket(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => (to.destroy(), sockets.delete(from)));
    }
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  return {
    url: `nats://127.0.0.1:${own}`,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    mend: () => listen(own),
  };
}

it('goes on by itself after the connection was lost: what was published meanwhile is lost, what comes later is heard', async () => {
  const proxy = await proxyTo(inject('natsUrl'));
  const cluster = `t${rng.id(10)}`;
  const options = { clientName: 'test', clock, onError: () => undefined };
  const near = await connectNatsBus({ ...options, access: natsAccess({ url: proxy.url }) });
  const far = await connectNatsBus({ ...options, access: natsAccess({ url: inject('natsUrl') }) });
  try {
    const heard: string[] = [];
    near.subscribe(
      `weir.${cluster}.x`,
      (message) => void heard.push(new TextDecoder().decode(message.bytes)),
    );
    await proxy.cut();
    await waitFor(() => expect(near.connected).toBe(false));
    expect(near.disconnectedSince).not.toBeNull();
    near.publish(`weir.${cluster}.x`, new TextEncoder().encode('lost'));
    await proxy.mend();
    await waitFor(() => expect(near.connected).toBe(true));
    expect(near.reconnectedAt).not.toBeNull();
    await waitFor(() => {
      far.publish(`weir.${cluster}.x`, new TextEncoder().encode('again'));
      expect(heard.length).toBeGreaterThan(0);
    });
    expect(new Set(heard)).toEqual(new Set(['again']));
  } finally {
    await near.close();
    await far.close();
    await proxy.cut();
  }
});

it('says which server does not answer, without the password', async () => {
  const proxy = await proxyTo(inject('natsUrl'));
  await proxy.cut();
  const url = proxy.url.replace('nats://', 'nats://alice:secret@');
  const error: unknown = await connectNatsBus({
    access: natsAccess({ url }),
    clientName: 'test',
    clock,
    onError: () => undefined,
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'WEIR-6001',
    disposition: 'retry',
    hint: expect.stringContaining('WEIR_NATS_URL') as string,
  });
  expect(String(error)).toContain(proxy.url.slice('nats://'.length));
  expect(String(error)).not.toContain('secret');
});
