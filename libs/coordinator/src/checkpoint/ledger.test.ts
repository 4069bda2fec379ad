import { expect, test } from 'vitest';
import { encodeEntry } from '@weir/epoch-protocol/ledger-codec.ts';
import { stampEntry, type EpochBody, type LedgerEntryBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { ledgerKey, parseLedgerKey } from '@weir/epoch-protocol/ledger-keys.ts';
import { committedEpoch, generationNumber } from '@weir/epoch-protocol/ledger-state.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { Ledger } from './ledger.ts';
import { TrimRecordAccess } from './trim-record.ts';

const scope = { cluster: 'test', pipeline: 'sums', pipelineId: 'p1' };
const ports = systemPorts();

function ledger(store: FaultInjectingStore, writer: string): Ledger {
  return new Ledger({ store, scope, ports, writer, signal: new AbortController().signal });
}

const epoch = (g: number, e: number): EpochBody => ({
  kind: 'Epoch',
  g,
  e,
  parent: e === 0 ? null : e - 1,
  snapshots: [],
  handles: [],
  committedThrough: Math.max(0, e - 1),
});
const generation = (g: number): LedgerEntryBody => ({
  kind: 'Generation',
  g,
  plan: {},
  parallelism: 1,
  sinks: [],
});

async function append(to: Ledger, ...bodies: LedgerEntryBody[]): Promise<void> {
  for (const body of bodies) expect(await to.append(to.state.nextPosition, body)).toBe('won');
}

test('of two that append at one position the second folds what the first wrote', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  const [a, b] = [ledger(store, 'a'), ledger(store, 'b')];
  await append(a, epoch(0, 0));
  await b.read();
  await append(a, generation(1));
  expect(await b.append(1, generation(1))).toBe('lost');
  expect(generationNumber(b.state)).toBe(1);
  expect(b.state).toEqual(a.state);
});

test('a put that happened without an answer is recognised as our own; one that failed is made again', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  const a = ledger(store, 'a');
  const fault = (code: 'WEIR-5001' | 'WEIR-5002') => {
    let once = true;
    return (operation: string): void => {
      if (operation !== 'putIfAbsent' || !once) return;
      once = false;
      throw new WeirError(code, 'the store is away', { disposition: 'retry' });
    };
  };
  store.after = fault('WEIR-5001');
  expect(await a.append(0, epoch(0, 0))).toBe('won');
  store.before = fault('WEIR-5002');
  expect(await a.append(1, generation(1))).toBe('won');
  expect((await ledger(store, 'b').read()).nextPosition).toBe(2);
});

test('a full or read-only store is told to whoever looks, and the entry is there once it is back', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  const told: (string | null)[] = [];
  const a = new Ledger({
    store,
    scope,
    ports,
    writer: 'a',
    signal: new AbortController().signal,
    onTrouble(error) {
      told.push(error === null ? null : String(error));
      store.before = () => undefined;
    },
  });
  store.before = () => {
    throw new WeirError('WEIR-5002', 'no space is left', { disposition: 'fatal' });
  };
  expect(await a.append(0, epoch(0, 0))).toBe('won');
  expect(told).toEqual(['WeirError: no space is left', null]);
});

async function trimmed(store: FaultInjectingStore): Promise<Ledger> {
  const a = ledger(store, 'a');
  await append(a, epoch(0, 0), generation(1));
  for (let e = 1; e <= 30; e += 1) await append(a, epoch(1, e));
  await a.trim(new Set());
  return a;
}

test('trimming keeps the last epochs, and a reader that begins afresh finds the same', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  const a = await trimmed(store);
  const positions: (number | undefined)[] = [];
  for await (const key of store.list('clusters/test/pipelines/sums/p1/ledger/'))
    positions.push(parseLedgerKey(scope, key));
  expect(positions[0]).toBeGreaterThan(10);
  expect(a.state.epochs.map((record) => record.body.e)).toEqual(
    Array.from({ length: 10 }, (_, index) => index + 21),
  );
  const b = ledger(store, 'b');
  await b.read();
  expect(b.state).toEqual(a.state);
  await append(a, epoch(1, 31));
  expect(committedEpoch(await b.read())?.body.e).toBe(30);
});

test('a coordinator that slept while its place was trimmed away is fenced, and its entry counts for nothing', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  const a = ledger(store, 'a');
  await append(a, epoch(0, 0), generation(1));
  const frozen = ledger(store, 'frozen');
  await frozen.read();
  for (let e = 1; e <= 30; e += 1) await append(a, epoch(1, e));
  await a.trim(new Set());
  expect(await store.get(ledgerKey(scope, 2))).toBeUndefined();
  await expect(frozen.append(2, epoch(1, 1))).rejects.toMatchObject({
    code: 'WEIR-7103',
    disposition: 'fenced',
  });
  expect((await ledger(store, 'c').read()).highestEpoch).toBe(30);
});

test('a reader that slept between two entries takes nothing out of places that were trimmed meanwhile', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  const a = ledger(store, 'a');
  await append(a, epoch(0, 0), generation(1));
  const sleeper = ledger(store, 'sleeper');
  await sleeper.read();
  for (let e = 1; e <= 30; e += 1) await append(a, epoch(1, e));
  await a.trim(new Set());
  // A put that was under way for very long lands in a place that is empty again: another generation, which never was.
  await store.put(
    ledgerKey(scope, 2),
    encodeEntry(stampEntry(generation(2), { writer: 'stray', writtenAtMs: 1 })),
  );
  const state = await sleeper.read();
  expect(generationNumber(state)).toBe(1);
  expect(state).toEqual(a.state);
});

test('an entry of an unknown kind stops the reader', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  await store.put(ledgerKey(scope, 0), new TextEncoder().encode('{"formatVersion":1,"kind":"Later","g":1}'));
  await expect(ledger(store, 'a').read()).rejects.toMatchObject({ code: 'WEIR-7001' });
});

test('of a pipeline that was removed a mark stays: whatever is appended counts for nothing, whatever is read tells', async () => {
  const store = new FaultInjectingStore(new MemoryStore());
  const stoodStill = ledger(store, 'a');
  await append(stoodStill, epoch(0, 0), generation(1));
  const trim = new TrimRecordAccess(store, scope);
  await trim.markRemoved(7);
  for (const position of [0, 1]) await store.delete(ledgerKey(scope, position));
  await expect(stoodStill.append(2, generation(2))).rejects.toMatchObject({ code: 'WEIR-7103' });
  await expect(stoodStill.read()).rejects.toMatchObject({ code: 'WEIR-7127' });
  await expect(ledger(store, 'b').read()).rejects.toMatchObject({ code: 'WEIR-7127' });
  // Nobody trims it away, and a removal that goes on leaves it as it is.
  await stoodStill.trim(new Set());
  await trim.markRemoved(8);
  expect((await trim.read())?.record.removedAtMs).toBe(7);
});
