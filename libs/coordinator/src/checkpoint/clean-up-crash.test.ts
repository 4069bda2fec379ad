import { expect, test } from 'vitest';
import type {
  EpochBody,
  LedgerEntryBody,
  OperatorSnapshot,
  SnapshotPiece,
} from '@weir/epoch-protocol/ledger-entries.ts';
import { baseOf, findEpoch, generationNumber, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { ledgerPrefix, parseLedgerKey } from '@weir/epoch-protocol/ledger-keys.ts';
import { snapshotObjectKey, snapshotPrefix } from '@weir/epoch-protocol/snapshot-object-key.ts';
import { decodeManifest, encodeManifest } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { present } from '@weir/kernel/assert.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { deleteSnapshots } from './delete-snapshots.ts';
import { Ledger } from './ledger.ts';
import { ManifestLists } from './manifest-lists.ts';
import { trimPipeline } from './trim-pipeline.ts';

const scope = { cluster: 'test', pipeline: 'sums', pipelineId: 'p1' };
/** Its wall clock stands still: entries of all runs are the same. */
const ports = { ...systemPorts(), clock: { nowMs: () => 0, monotonicMs: () => 0 } };

/** A piece is written every fourth epoch and kept by the three after it, as operators do whose state hasn't changed. */
const pieceKey = (g: number, e: number): string =>
  snapshotObjectKey(scope, { g, e, stage: 's0', subtask: 0, nonce: 'a' });
const writerOf = (g: number, e: number): number => Math.max(e - (e % 4), g === 1 ? 1 : 14);

const manifestKey = (g: number, e: number): string =>
  snapshotObjectKey(scope, { g, e, stage: 's0', subtask: 0, nonce: 'm' });

/** Every third epoch lists its pieces in a manifest. */
const listedApart = (e: number): boolean => e % 3 === 0;

function pieceOf(g: number, e: number): SnapshotPiece {
  const key = pieceKey(g, writerOf(g, e));
  return { sequence: e, key, inline: null, bytes: 1, keyGroupStart: 0, keyGroupEnd: 8 };
}

function epoch(g: number, e: number, parent: number): EpochBody {
  const owner = { operator: 'sum', stage: 's0', subtask: 0, splits: {} };
  const facts = { bytes: 1, stateBytes: 1, writtenBytes: 1, keyGroupStart: 0, keyGroupEnd: 8 };
  const snapshots: OperatorSnapshot[] = listedApart(e)
    ? [{ ...owner, pieces: null, manifest: { key: manifestKey(g, e), ...facts } }]
    : [{ ...owner, pieces: [pieceOf(g, e)] }];
  return { kind: 'Epoch', g, e, parent, snapshots, handles: [], committedThrough: parent };
}

const generation = (g: number): LedgerEntryBody => ({
  kind: 'Generation',
  g,
  plan: {},
  parallelism: 1,
  sinks: [],
});
const placed = (g: number): LedgerEntryBody => ({
  kind: 'Placed',
  g,
  subtasks: [{ stage: 's0', index: 0, incarnation: `w${g}` }],
});

/** Two generations; between them an epoch was abandoned; the last epoch waits for its verdict, so its parent may be the base. */
const history: readonly LedgerEntryBody[] = [
  { ...epoch(0, 0, 0), g: 0, parent: null, snapshots: [] },
  generation(1),
  placed(1),
  ...Array.from({ length: 13 }, (_, index) => epoch(1, index + 1, index)),
  generation(2),
  { kind: 'Abandoned', g: 1, e: 13 },
  placed(2),
  ...Array.from({ length: 17 }, (_, index) => epoch(2, index + 14, index === 0 ? 12 : index + 13)),
];

function ledgerOf(store: FaultInjectingStore): Ledger {
  return new Ledger({ store, scope, ports, writer: 'a', signal: new AbortController().signal });
}

async function filledStore(): Promise<FaultInjectingStore> {
  const store = new FaultInjectingStore(new MemoryStore());
  const ledger = ledgerOf(store);
  for (const body of history) {
    if (body.kind === 'Epoch' && body.e > 0) {
      const { g, e } = body;
      await store.put(pieceKey(g, writerOf(g, e)), new Uint8Array(1));
      if (listedApart(e)) await store.put(manifestKey(g, e), encodeManifest([pieceOf(g, e)]));
    }
    expect(await ledger.append(ledger.state.nextPosition, body)).toBe('won');
  }
  return store;
}

/** What housekeeping does in one round, after the ledger was read. */
async function cleanUp(store: FaultInjectingStore): Promise<void> {
  const ledger = ledgerOf(store);
  await ledger.read();
  await ledger.trim(new Set([1]));
  await deleteSnapshots(store, scope, ledger, new ManifestLists(store), () => false);
}

/** The base and its parent, from which a recovery goes on when the brokers aborted the base, with every piece that they name. */
async function recoverable(store: FaultInjectingStore): Promise<LedgerState> {
  const state = await ledgerOf(store).read();
  const base = present(baseOf(state), 'a base');
  const parent = present(findEpoch(state, base.body.parent ?? -1), 'the parent of the base');
  expect([base.body.e, base.status, parent.body.e, generationNumber(state)]).toEqual([30, 'decided', 29, 2]);
  for (const { body } of [base, parent]) {
    const keys: string[] = [];
    for (const { pieces, manifest } of body.snapshots) {
      const found = manifest && present(await store.get(manifest.key), `manifest ${manifest.key}`);
      const listed = found ? decodeManifest(found.bytes, 'manifest') : present(pieces, 'pieces');
      keys.push(...listed.map(({ key }) => present(key, 'key of a piece')));
    }
    expect(keys).toEqual([pieceKey(2, writerOf(2, body.e))]);
    for (const key of keys) expect(await store.get(key), key).toBeDefined();
  }
  return state;
}

test('a crash after any single step of the clean-up leaves all that a recovery needs, and the next round goes on', async () => {
  const whole = await filledStore();
  await cleanUp(whole);
  const after = await recoverable(whole);
  let steps = 0;
  for (let crashed = true; crashed;) {
    crashed = false;
    const store = await filledStore();
    let done = 0;
    store.after = (operation) => {
      if (operation !== 'delete' && operation !== 'putIfMatch') return;
      done += 1;
      crashed = done > steps;
      if (crashed) throw new Error(`crashed after step ${done}`);
    };
    if (
      await cleanUp(store).then(
        () => false,
        () => true,
      )
    )
      expect(crashed).toBe(true);
    store.after = () => undefined;
    await recoverable(store);
    await cleanUp(store);
    expect(await recoverable(store)).toEqual(after);
    steps += 1;
  }
  // The trim record, some 24 entries and 5 pieces.
  expect(steps).toBeGreaterThan(25);
});

test('fault 1.2.4: what a trim makes useless is known without a listing: none finds anything more', async () => {
  const store = await filledStore();
  const ledger = ledgerOf(store);
  await ledger.read();
  let listings = 0;
  store.before = (operation) => void (listings += operation === 'list' ? 1 : 0);
  const manifests = new ManifestLists(store);
  const useless = present(await trimPipeline(scope, ledger, manifests, new Set([1])), 'useless objects');
  expect(listings).toBe(0);
  expect(useless.length).toBeGreaterThan(5);
  for (const key of useless) await store.delete(key);
  await recoverable(store);
  const deleted: string[] = [];
  store.before = (operation, key) => void (operation === 'delete' && deleted.push(key));
  await deleteSnapshots(store, scope, ledger, manifests, () => false);
  expect(deleted).toEqual([]);
});

test('entries that a crash left below the trim record, or somebody late put there, are found by a listing', async () => {
  const store = await filledStore();
  const ledger = ledgerOf(store);
  await ledger.read();
  store.before = (operation) => {
    if (operation === 'delete') throw new Error('crashed before the first deletion');
  };
  await expect(ledger.trim(new Set([1]))).rejects.toThrow('crashed');
  store.before = () => undefined;
  const state = await recoverable(store);
  await ledger.deleteTrimmed();
  expect(await recoverable(store)).toEqual(state);
  const left: string[] = [];
  for await (const key of store.list(ledgerPrefix(scope))) left.push(key);
  expect(Math.min(...left.map((key) => parseLedgerKey(scope, key) ?? -1))).toBe(state.epochs[0]?.position);
});

test('a manifest that is kept but can not be read keeps every object, until it can', async () => {
  const store = await filledStore();
  const ledger = ledgerOf(store);
  await ledger.read();
  await ledger.trim(new Set([1]));
  const objects = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const key of store.list(snapshotPrefix(scope))) keys.push(key);
    return keys;
  };
  const manifests = new ManifestLists(store);
  const clean = (): Promise<void> => deleteSnapshots(store, scope, ledger, manifests, () => false);
  const before = await objects();
  const kept = manifestKey(2, 30);
  const { bytes } = present(await store.get(kept), 'the manifest of the base');
  await store.delete(kept);
  await expect(clean()).rejects.toMatchObject({ code: 'WEIR-7125' });
  await store.put(kept, new TextEncoder().encode('{"formatVersion":9,"pieces":[]}'));
  await expect(clean()).rejects.toThrow(/format version 9/);
  expect(await objects()).toEqual(before);
  await store.put(kept, bytes);
  await clean();
  // Those of epochs 21 to 30 that are a multiple of three, and no manifest of an older one.
  const left = (await objects()).filter((key) => key.endsWith('.m'));
  expect(left).toEqual([21, 24, 27, 30].map((e) => manifestKey(2, e)));
  let reads = 0;
  store.before = (operation) => void (reads += operation === 'get' ? 1 : 0);
  await clean();
  expect(reads, 'manifests never change: none is read twice').toBe(0);
});
