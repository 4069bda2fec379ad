import { noAccess } from '@weir/connectors/process-access.ts';
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { InProcessHub } from '@weir/control-bus/in-process-bus.ts';
import { WorkerMembers } from '@weir/control-bus/worker-members.ts';
import type { PipelineRecord } from '@weir/coordinator/catalog/pipeline-record.ts';
import { encodeRecord } from '@weir/coordinator/catalog/record-codec.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import { createCoordinator } from '@weir/coordinator/create-coordinator.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { round } from './bench-setting.ts';

export interface CatalogFigures {
  readonly name: string;
  readonly entries: number;
  readonly requestMs: number;
  /** From nothing read to every entry looked at. */
  readonly startSeconds: number;
  readonly slowestWishMs: number;
  readonly slowestCreationMs: number;
  readonly listingsAMinute: number;
  readonly readingsAMinute: number;
}

const [entries, requestMs, wishes] = [1000, 20, 20];
const watchedMs = 20_000;
const settleMs = 4000;
const deadlineMs = 60_000;

/** A controller over a store that takes 20 ms for each request, with 1,000 pipelines that nobody has started: how soon it acts on wishes. */
export async function runCatalogCase(): Promise<CatalogFigures> {
  const memory = new MemoryStore();
  const store = new FaultInjectingStore(memory);
  const calls = new Map<string, number>();
  store.before = async (operation, key) => {
    if (key.includes('/catalog/')) calls.set(operation, (calls.get(operation) ?? 0) + 1);
    await pause(requestMs);
  };
  for (let index = 0; index < entries; index += 1) {
    const record = recordOf(`p-${index}`);
    await memory.put(`clusters/bench/catalog/pipelines/${record.name}.json`, encodeRecord(record));
  }
  const ports = systemPorts();
  const bus = new InProcessHub(ports).connect(() => {});
  const members = new WorkerMembers(bus, ports, 'bench');
  const coordinator = coordinatorOver({ store, ports, bus, members });
  const startedAtMs = performance.now();
  await coordinator.start();
  const startSeconds = round((performance.now() - startedAtMs) / 1000, 2);
  await pause(settleMs);
  calls.clear();
  await pause(watchedMs);
  const perMinute = (operation: string): number => (calls.get(operation) ?? 0) * (60_000 / watchedMs);
  const [listingsAMinute, readingsAMinute] = [perMinute('list'), perMinute('get')];
  const [wishMs, creationMs] = [await slowestWish(coordinator), await slowestCreation(coordinator)];
  await coordinator.close();
  members.close();
  await bus.close();
  return {
    name: 'catalog',
    entries,
    requestMs,
    startSeconds,
    slowestWishMs: Math.round(wishMs),
    slowestCreationMs: Math.round(creationMs),
    listingsAMinute,
    readingsAMinute,
  };
}

async function slowestWish(coordinator: Coordinator): Promise<number> {
  let slowestMs = 0;
  for (let wish = 0; wish < wishes; wish += 1) {
    const name = `p-${Math.floor((wish * entries) / wishes)}`;
    const begunAtMs = performance.now();
    await coordinator.context.catalog.update(name, (record) => ({
      ...record,
      desired: { kind: 'running' },
      starts: 1,
    }));
    await until(() => (coordinator.driver(name)?.status?.state ?? 'created') !== 'created', name);
    slowestMs = Math.max(slowestMs, performance.now() - begunAtMs);
    await pause(requestMs * 7); // so that they fall on different moments of a round
  }
  return slowestMs;
}

async function slowestCreation(coordinator: Coordinator): Promise<number> {
  let slowestMs = 0;
  for (let wish = 0; wish < wishes; wish += 1) {
    const begunAtMs = performance.now();
    await coordinator.context.catalog.create(recordOf(`new-${wish}`));
    await until(() => coordinator.driver(`new-${wish}`) !== undefined, `new-${wish}`);
    slowestMs = Math.max(slowestMs, performance.now() - begunAtMs);
  }
  return slowestMs;
}

async function until(what: () => boolean, name: string): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!what()) {
    if (performance.now() > endMs)
      throw new WeirError('WEIR-9106', `nobody has acted on the wish for ${name}`);
    await pause(2);
  }
}

function coordinatorOver(parts: {
  readonly store: ObjectStore;
  readonly ports: Ports;
  readonly bus: ControlBus;
  readonly members: WorkerMembers;
}): Coordinator {
  const { store, ports, bus, members } = parts;
  const say = (): void => {};
  const nobody = (): never => {
    throw new WeirError('WEIR-8001', 'there are no workers here', { disposition: 'retry' });
  };
  return createCoordinator({
    clusterName: 'bench',
    writer: ports.rng.id(12),
    ports,
    store,
    bus,
    workers: members,
    workerClients: { at: nobody, drop: say, close: say },
    connectors: [],
    compiler: { compile: nobody },
    access: noAccess,
    log: { info: say, warn: say, error: say },
  });
}

function recordOf(name: string): PipelineRecord {
  return {
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
  };
}
