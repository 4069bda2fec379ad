import type { PipelineRecord } from '@weir/coordinator/catalog/pipeline-record.ts';
import { encodeRecord } from '@weir/coordinator/catalog/record-codec.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import { present } from '@weir/kernel/assert.ts';
import { SimWorld } from '@weir/testkit/sim-world.ts';
import { expect, test } from 'vitest';
import { clusterName, SimCluster, type SimMember } from './sim-cluster.ts';

/*
 * A cluster whose store takes 20 ms for a request (an S3), with many pipelines that nobody has started: what a controller does about the
 * catalog, and how soon it acts on a wish.
 */

const requestMs = 20;
const wishMs = 2000;

const record = (name: string): PipelineRecord => ({
  formatVersion: 1,
  name,
  id: `id-${name}`,
  sql: '',
  plan: { formatVersion: 2, settings: {}, stages: [], exchanges: [], formats: {} },
  explain: '',
  parallelism: 1,
  checkpointIntervalMs: 1000,
  keyGroups: 128,
  createdAtMs: 0,
  desired: { kind: 'created' },
  starts: 0,
  restarts: 0,
  failure: null,
});

class ManyPipelines {
  readonly world = new SimWorld('many pipelines');
  readonly cluster = new SimCluster(this.world, { compile: () => Promise.reject(new Error('not asked')) });

  constructor(entries: number) {
    const { store } = this.cluster;
    store.weather = { ...store.weather, leastMs: requestMs / 2, slowestMs: 0 };
    for (let index = 0; index < entries; index += 1) this.put(record(`p-${index}`));
  }

  /** An entry that is there without anybody having been told. */
  put(entry: PipelineRecord, bytes = encodeRecord(entry)): void {
    const key = `clusters/${clusterName}/catalog/pipelines/${entry.name}.json`;
    this.cluster.store.objects.set(key, { bytes, etag: `put at ${this.world.nowMs}` });
  }

  async controller(name: string): Promise<SimMember> {
    const member = this.cluster.add('controller', name);
    await this.until(() => member.coordinator !== null, 30_000);
    return member;
  }

  /** Lets time pass until it holds. @returns how many virtual ms that took */
  async until(what: () => boolean, withinMs: number): Promise<number> {
    const since = this.world.nowMs;
    expect(await this.world.run(since + withinMs, what), `it came within ${withinMs} ms`).toBe(true);
    return this.world.nowMs - since;
  }

  pass(ms: number): Promise<boolean> {
    return this.world.run(this.world.nowMs + ms, () => false);
  }

  /** Asks a controller for it, without waiting. */
  ask(member: SimMember, request: (coordinator: Coordinator) => Promise<unknown>): void {
    const coordinator = present(member.coordinator, member.name);
    member.process.dispatch(() => void request(coordinator));
  }

  start(member: SimMember, name: string): void {
    this.ask(member, ({ context }) =>
      context.catalog.update(name, (before) => ({ ...before, desired: { kind: 'running' }, starts: 1 })),
    );
  }

  hasActed(members: readonly SimMember[], name: string): boolean {
    return members.some(({ coordinator }) => {
      const driver = coordinator?.driver(name);
      return driver?.isDriving === true && driver.status !== null && driver.status.state !== 'created';
    });
  }

  calls(kind: string): number {
    return this.cluster.store.calls.get(kind) ?? 0;
  }
}

test('fault 1.2.8: of 1,000 pipelines at 20 ms a request each new one and each wish is acted on within 2 s, then and later', async () => {
  const many = new ManyPipelines(1000);
  const controller = await many.controller('c1');
  for (const atSecond of [4, 8]) {
    await many.pass(atSecond * 1000 - many.world.nowMs);
    many.ask(controller, ({ context }) => context.catalog.create(record(`new-${atSecond}`)));
    await many.until(() => controller.coordinator?.driver(`new-${atSecond}`) !== undefined, wishMs);
    many.start(controller, `p-${atSecond}`);
    await many.until(() => many.hasActed([controller], `p-${atSecond}`), wishMs);
  }
}, 180_000);

test('fault 1.2.8: a catalog that nobody changes costs a listing each ten seconds, and no reading', async () => {
  const many = new ManyPipelines(100);
  await many.controller('c1');
  await many.pass(10_000);
  const [listings, readings] = [many.calls('listing'), many.calls('reading')];
  await many.pass(60_000);
  expect(many.calls('listing') - listings).toBeLessThanOrEqual(7);
  expect(many.calls('reading') - readings).toBe(0);
});

test('fault 1.2.8: a wish told to one controller is acted on by the one that drives within 2 s, while the bus is away too', async () => {
  const many = new ManyPipelines(50);
  const controllers = [await many.controller('c1'), await many.controller('c2')];
  const drivesOf = (name: string): boolean[] =>
    controllers.map(({ coordinator }) => coordinator?.driver(name)?.isDriving === true);
  await many.until(() => drivesOf('p-1').includes(true) && drivesOf('p-2').includes(true), 30_000);
  const other = (name: string): SimMember =>
    present(controllers[drivesOf(name).indexOf(false)], `a controller that doesn't drive ${name}`);
  many.start(other('p-1'), 'p-1');
  await many.until(() => many.hasActed(controllers, 'p-1'), wishMs);
  many.cluster.bus.setDown(true);
  many.start(other('p-2'), 'p-2');
  await many.until(() => many.hasActed(controllers, 'p-2'), wishMs);
});

test('an entry of which no hint told is found by the next listing', async () => {
  const many = new ManyPipelines(3);
  const { coordinator } = await many.controller('c1');
  await many.pass(5000);
  many.put(record('unheard'));
  await many.until(() => coordinator?.driver('unheard') !== undefined, 15_000);
});

test('an entry that can not be read holds up no other, and is read when it is mended', async () => {
  const many = new ManyPipelines(3);
  many.put(record('a-broken'), new TextEncoder().encode('{"formatVersion":99}'));
  const { coordinator } = await many.controller('c1');
  expect(coordinator?.drivers.map(({ record: { name } }) => name).toSorted()).toEqual(['p-0', 'p-1', 'p-2']);
  expect(coordinator?.trouble).toBeNull();
  await many.pass(5000);
  many.put(record('a-broken'));
  await many.until(() => coordinator?.driver('a-broken') !== undefined, 15_000);
});

test('while the store is away the controller says so, and it makes up for what it missed', async () => {
  const many = new ManyPipelines(3);
  const member = await many.controller('c1');
  await many.pass(5000);
  const { store } = many.cluster;
  const { weather } = store;
  store.weather = { ...weather, refused: 1 };
  await many.until(() => member.coordinator?.trouble !== null, 15_000);
  many.put(record('missed'));
  store.weather = weather;
  await many.until(() => member.coordinator?.driver('missed') !== undefined, 5000);
  expect(member.coordinator?.trouble).toBeNull();
});
