import { beforeEach, describe, expect, it } from 'vitest';
import { DriverLease } from './driver-lease.ts';
import { envelopeHeaders } from './envelope.ts';
import { leaseSubject } from './subjects.ts';
import { InProcessHub, type InProcessBus } from './in-process-bus.ts';
import { VirtualPorts } from '@weir/testkit/virtual-ports.ts';
import { announceWorker, WorkerMembers } from './worker-members.ts';

const fail = (error: unknown): never => {
  throw error;
};

let ports: VirtualPorts;
let hub: InProcessHub;
let bus: InProcessBus;
beforeEach(() => {
  ports = new VirtualPorts();
  hub = new InProcessHub(ports);
  bus = hub.connect(fail);
});

function worker(incarnation: string, address = `${incarnation}:1`): { stop: () => void; bus: InProcessBus } {
  const own = hub.connect(fail);
  const heartbeat = {
    incarnation,
    address,
    adminAddress: '',
    slots: 4,
    usedSlots: 0,
    draining: false,
  };
  return { ...announceWorker(own, ports, 'c', () => heartbeat), bus: own };
}
const names = (members: WorkerMembers): string[] => members.workers().map((member) => member.incarnation);

describe('worker members', () => {
  it('fault 1.2.1: a heartbeat that says what none says makes nobody a worker', async () => {
    const members = new WorkerMembers(bus, ports, 'c');
    worker('a b');
    worker('');
    worker('x'.repeat(1000));
    worker('spaced', 'host name:1');
    worker('long', 'x'.repeat(1000));
    worker('right');
    await ports.advance(1);
    expect(names(members)).toEqual(['right']);
    members.close();
  });

  it('fault 1.2.1: a lease is not taken for what is no claim', async () => {
    const pipeline = { cluster: 'c', pipeline: 'p', pipelineId: 'i' };
    const forger = hub.connect(fail);
    const problems: unknown[] = [];
    const own = hub.connect((error) => problems.push(error));
    const lease = new DriverLease({ bus: own, ports, pipeline, controller: 'me', listenMs: 0 });
    expect(lease.mine).toBe(true);
    const headers = envelopeHeaders({ messageId: 'm' });
    for (const claim of [
      '{"controller":"x","sinceMs":-1,"released":false}',
      '{"controller":"x","sinceMs":"0","released":false}',
      '{"controller":"","sinceMs":0,"released":false}',
      '{"__proto__":{"controller":"x"},"sinceMs":0}',
      '['.repeat(5000),
      'no JSON',
    ])
      forger.publish(leaseSubject(pipeline), new TextEncoder().encode(claim), headers);
    await ports.advance(1);
    expect(lease.mine).toBe(true);
    expect(problems).toHaveLength(3);
    lease.close();
  });

  it('a worker is there at its first heartbeat and gone after 3 s of silence (M2)', async () => {
    const members = new WorkerMembers(bus, ports, 'c');
    const changes: string[][] = [];
    members.onChange(() => changes.push(names(members)));
    const [a] = [worker('a'), worker('b')];
    await ports.advance(1);
    expect(names(members)).toEqual(['a', 'b']);
    a.bus.setConnected(false);
    await ports.advance(2900);
    expect(names(members)).toEqual(['a', 'b']);
    await ports.advance(1000);
    expect(names(members)).toEqual(['b']);
    expect([members.isGone('a'), members.isGone('b')]).toEqual([true, false]);
    a.bus.setConnected(true);
    await ports.advance(600);
    expect(names(members)).toEqual(['a', 'b']); // M4
    expect(changes.at(-1)).toEqual(['a', 'b']);
  });

  it('while our own bus is disconnected, and for 3 s after, nobody is dead (M2)', async () => {
    const members = new WorkerMembers(bus, ports, 'c');
    const a = worker('a');
    await ports.advance(1);
    bus.setConnected(false);
    a.bus.setConnected(false);
    await ports.advance(60_000);
    bus.setConnected(true);
    await ports.advance(2900);
    expect(names(members)).toEqual(['a']);
    await ports.advance(1000);
    expect(names(members)).toEqual([]);
  });

  it('after this process itself was frozen nobody is dead until 3 s later (M2)', async () => {
    const members = new WorkerMembers(bus, ports, 'c');
    worker('a').bus.setConnected(false);
    await ports.advance(1);
    worker('b');
    await ports.advance(1);
    ports.freeze(20_000);
    await ports.advance(0);
    expect(names(members)).toEqual(['a', 'b']);
    expect(members.isGone('never-heard')).toBe(false);
    await ports.advance(3600);
    expect(names(members)).toEqual(['b']);
  });

  it('one that was never heard is gone only when we have listened for 3 s (M3)', async () => {
    const members = new WorkerMembers(bus, ports, 'c');
    await ports.advance(2900);
    expect(members.isGone('x')).toBe(false);
    await ports.advance(200);
    expect(members.isGone('x')).toBe(true);
  });

  it('a worker that leaves says so with its last heartbeat', async () => {
    const members = new WorkerMembers(bus, ports, 'c');
    const a = worker('a');
    await ports.advance(1);
    a.stop();
    await ports.advance(1);
    expect(members.workers()[0]).toMatchObject({
      incarnation: 'a',
      draining: true,
      address: 'a:1',
      slots: 4,
    });
  });

  it('a worker that is restarted at its address takes the place of its former self at once (M1)', async () => {
    const members = new WorkerMembers(bus, ports, 'c');
    worker('other');
    await ports.advance(3100);
    worker('former', 'host:1').bus.setConnected(false);
    await ports.advance(1);
    expect(names(members)).toEqual(['former', 'other']);
    expect(members.isGone('former')).toBe(false);
    worker('again', 'host:1');
    await ports.advance(1);
    expect(names(members)).toEqual(['again', 'other']);
    expect(members.isGone('former')).toBe(true);
  });

  it('clusters do not see each other', async () => {
    const members = new WorkerMembers(bus, ports, 'other');
    worker('a');
    await ports.advance(1000);
    expect(names(members)).toEqual([]);
  });
});

describe('driver lease', () => {
  const pipeline = { cluster: 'c', pipeline: 'p', pipelineId: 'id1' };
  const lease = (controller: string, on: InProcessBus, listenMs = 1000): DriverLease =>
    new DriverLease({ bus: on, ports, pipeline, controller, listenMs });

  it('is won after listening; the second takes over only when the first is silent (D1)', async () => {
    const first = lease('a', bus);
    await ports.advance(2000);
    const second = lease('b', hub.connect(fail));
    await ports.advance(5000);
    expect([first.mine, second.mine, second.holder]).toEqual([true, false, 'a']);
    bus.setConnected(false);
    await ports.advance(3000);
    expect(second.mine).toBe(true);
  });

  it('is handed on at once when its holder leaves', async () => {
    const first = lease('a', bus);
    await ports.advance(2000);
    const second = lease('b', hub.connect(fail));
    await ports.advance(2000);
    first.close();
    await ports.advance(10);
    expect(second.mine).toBe(true);
  });

  it('of two that claim the older keeps it (D2)', async () => {
    const other = hub.connect(fail);
    const first = lease('z', bus, 0);
    await ports.advance(10);
    other.setConnected(false);
    const second = lease('a', other, 0);
    expect(second.mine).toBe(false); // D3: not while disconnected
    other.setConnected(true);
    await ports.advance(10_000);
    expect([first.mine, second.mine]).toEqual([true, false]);
  });

  it('two that claim at the same moment agree on one (D2)', async () => {
    const leases = ['a', 'b', 'c'].map((name) => lease(name, hub.connect(fail), 0));
    await ports.advance(5000);
    expect(leases.map(({ mine }) => mine)).toEqual([true, false, false]);
  });

  it('who lost an append steps back for seconds, and the other drives (D4)', async () => {
    const first = lease('a', bus);
    await ports.advance(2000);
    const second = lease('b', hub.connect(fail));
    await ports.advance(2000);
    first.stepBack();
    await ports.advance(1000);
    expect([first.mine, second.mine]).toEqual([false, true]);
  });

  it('while disconnected a holder goes on, and nobody takes over (D3)', async () => {
    const first = lease('a', bus);
    const other = hub.connect(fail);
    const second = lease('b', other);
    await ports.advance(3000);
    for (const cut of [bus, other]) cut.setConnected(false);
    await ports.advance(60_000);
    expect([first.mine, second.mine]).toEqual([true, false]);
  });
});
