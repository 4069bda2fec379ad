import { createServer, connect as connectSocket, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, inject, it, vi } from 'vitest';
import { natsAccess } from '@weir/security/nats-access.ts';
import { describeControlBus } from './control-bus.contract.test.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { connectNatsBus } from './nats-bus.ts';

const ports = systemPorts();
const { rng } = ports;
const unexpected = (error: unknown): never => {
  throw error;
};
const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 10 });

describeControlBus('NATS', async (onError) => {
  const open = () =>
    connectNatsBus({
      access: natsAccess({ url: inject('natsUrl') }),
      clientName: 'contract',
      ports,
      onError,
      onWaiting: unexpected,
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
  const options = { clientName: 'test', ports, onError: () => undefined, onWaiting: unexpected };
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

it('waits for a server that is not there yet, saying which without the password, and hears what it was told to listen to before', async () => {
  const proxy = await proxyTo(inject('natsUrl'));
  await proxy.cut();
  const url = proxy.url.replace('nats://', 'nats://alice:secret@');
  const waiting: unknown[] = [];
  const options = { clientName: 'test', ports, onError: () => undefined };
  const near = await connectNatsBus({
    ...options,
    access: natsAccess({ url }),
    onWaiting: (error) => waiting.push(error),
  });
  const far = await connectNatsBus({
    ...options,
    access: natsAccess({ url: inject('natsUrl') }),
    onWaiting: unexpected,
  });
  try {
    expect(waiting).toMatchObject([
      { code: 'WEIR-6001', hint: expect.stringContaining('WEIR_NATS_URL') as string },
    ]);
    expect(String(waiting[0])).toContain(proxy.url.slice('nats://'.length));
    expect(String(waiting[0])).not.toContain('secret');
    expect([near.connected, typeof near.disconnectedSince]).toEqual([false, 'number']);
    const subject = `weir.${rng.id(10)}.x`;
    const heard: string[] = [];
    const unsubscribe = near.subscribe(subject, () => void heard.push('given up'));
    unsubscribe();
    near.subscribe(subject, ({ bytes }) => void heard.push(new TextDecoder().decode(bytes)));
    near.publish(subject, new TextEncoder().encode('lost'));
    const changes: boolean[] = [];
    near.onConnectionChange((connected) => changes.push(connected));
    await near.flush();
    await proxy.mend();
    await waitFor(() => expect(near.connected).toBe(true));
    expect(changes).toEqual([true]);
    await waitFor(() => {
      far.publish(subject, new TextEncoder().encode('there'));
      expect(heard.length).toBeGreaterThan(0);
    });
    expect(new Set(heard)).toEqual(new Set(['there']));
  } finally {
    await near.close();
    await far.close();
    await proxy.cut();
  }
});

it('is closed while it waits', async () => {
  const proxy = await proxyTo(inject('natsUrl'));
  await proxy.cut();
  const bus = await connectNatsBus({
    access: natsAccess({ url: proxy.url }),
    clientName: 'test',
    ports,
    onError: unexpected,
    onWaiting: () => undefined,
  });
  await bus.close();
  expect(bus.connected).toBe(false);
});
