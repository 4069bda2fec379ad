import { beforeEach, expect, it } from 'vitest';
import { ClusterIdentity, type IdentityStore } from './cluster-identity.ts';
import { InProcessHub, type InProcessBus } from './in-process-bus.ts';
import { VirtualPorts } from '@weir/testkit/virtual-ports.ts';

class MapStore implements IdentityStore {
  readonly objects = new Map<string, Uint8Array>();
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
  async get(key: string): Promise<{ bytes: Uint8Array } | undefined> {
    const bytes = this.objects.get(key);
    return bytes && { bytes };
  }
  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.objects.set(key, bytes);
  }
  async putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    if (this.objects.has(key)) return 'exists';
    this.objects.set(key, bytes);
    return 'created';
  }
  async delete(key: string): Promise<void> {
    this.objects.delete(key);
  }
  async *list(prefix: string): AsyncIterable<string> {
    for (const key of [...this.objects.keys()]) if (key.startsWith(prefix)) yield key;
  }
}

let ports: VirtualPorts;
let problems: string[];
let natsA: InProcessHub;
beforeEach(() => {
  ports = new VirtualPorts();
  problems = [];
  natsA = new InProcessHub(ports);
});

interface Controller {
  readonly bus: InProcessBus;
  readonly identity: ClusterIdentity;
}

async function controller(
  name: string,
  hub: InProcessHub,
  store: IdentityStore,
  cluster = 'c',
): Promise<Controller> {
  const bus = hub.connect((error) => problems.push(`${name}: ${String(error)}`));
  const onProblem = (error: unknown): void => void problems.push(`${name}: ${String(error)}`);
  const identity = new ClusterIdentity({ bus, store, ports, cluster, controller: name, onProblem });
  await identity.start();
  return { bus, identity };
}

it('controllers of one store and one NATS agree on a cluster id and have no problem', async () => {
  const store = new MapStore('store1');
  const [a, b] = [await controller('a', natsA, store), await controller('b', natsA, store)];
  await ports.advance(60_000);
  expect(a.identity.clusterId).toBe(b.identity.clusterId);
  expect(a.identity.clusterId).not.toBe('');
  expect(problems).toEqual([]);
});

it('the same cluster name from two NATS on one store is told to both', async () => {
  const store = new MapStore('store1');
  await controller('a', natsA, store);
  await controller('b', new InProcessHub(ports), store);
  await ports.advance(10_000);
  expect(
    problems.some((problem) => /^a: .*'c' in store1 is used from two different NATS/.test(problem)),
  ).toBe(true);
  expect(problems.some((problem) => /^b: .*two different NATS/.test(problem))).toBe(true);
});

it('one NATS with two stores under one cluster name is told', async () => {
  await controller('a', natsA, new MapStore('store1'));
  await controller('b', natsA, new MapStore('store2'));
  await ports.advance(1000);
  expect(problems.some((problem) => /two stores: store1 and store2/.test(problem))).toBe(true);
});

it('other cluster names on the same NATS and store are no problem', async () => {
  const store = new MapStore('store1');
  await controller('a', natsA, store);
  await controller('b', natsA, store, 'other');
  await ports.advance(20_000);
  expect(problems).toEqual([]);
});

it('a controller that was killed, and a NATS that is away or comes back empty, are no other NATS', async () => {
  const store = new MapStore('store1');
  const killed = await controller('killed', natsA, store);
  await ports.advance(3000);
  killed.identity['close'] = async () => undefined;
  const record = store.objects.get('clusters/c/controllers/killed.json');
  await killed.identity.close();
  store.delete = async () => undefined;
  killed.bus.setConnected(false);
  const [a, b] = [await controller('a', natsA, store), await controller('b', natsA, store)];
  for (const { bus } of [a, b]) bus.setConnected(false);
  await ports.advance(30_000);
  for (const { bus } of [a, b]) bus.setConnected(true);
  await ports.advance(30_000);
  expect(record).toBeDefined();
  expect(problems).toEqual([]);
});

it('the record of a controller that was killed is removed after a while, one that leaves removes its own', async () => {
  const store = new MapStore('store1');
  await store.put(
    'clusters/c/controllers/dead.json',
    new TextEncoder().encode('{"formatVersion":1,"controller":"dead","number":3}'),
  );
  const a = await controller('a', natsA, store);
  await ports.advance(400_000);
  expect([...store.objects.keys()]).toEqual(['clusters/c/identity.json', 'clusters/c/controllers/a.json']);
  await a.identity.close();
  expect([...store.objects.keys()]).toEqual(['clusters/c/identity.json']);
});
