import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry } from './ledger-codec.ts';
import { stampEntry, type LedgerEntryBody } from './ledger-entries.ts';
import { foldEntries, foldEntry, refusalOf } from './ledger-fold.ts';
import { ledgerKey, parseLedgerKey } from './ledger-keys.ts';
import {
  baseOf,
  committedEpoch,
  generationNumber,
  hasDecided,
  nextEpochNumber,
  outputEpoch,
  unresolvedTorn,
} from './ledger-state.ts';
import { allRules } from './protocol-rules.ts';
import { parseSnapshotObjectKey, snapshotObjectKey } from './snapshot-object-key.ts';
import {
  abandoned,
  committed,
  epoch,
  epoch0,
  generation,
  goingBack,
  kafkaHandle,
  ledger,
  placed,
  running,
  torn,
} from './testing/ledger-samples.ts';
import {
  formatTransactionalId,
  parseTransactionalId,
  transactionalIdsOfGeneration,
} from './transactional-id.ts';

const scope = { cluster: 'weir', pipeline: 'bids', pipelineId: 'k3j9' };
const stopped: LedgerEntryBody = { kind: 'Stopped', g: 1, e: 1, finished: false };
const resolved = (as: 'committed' | 'abandoned'): LedgerEntryBody => ({ kind: 'Resolved', g: 1, e: 1, as });

const owner = { operator: 'o', stage: 's', subtask: 0, splits: {} };
const manifest = { key: 'k', bytes: 9, stateBytes: 1, writtenBytes: 1, keyGroupStart: 0, keyGroupEnd: 8 };
const inManifest = { ...owner, pieces: null, manifest };
const withManifest = { ...epoch(1, 3), snapshots: [inManifest] };
const besideList = { ...epoch(1, 3), snapshots: [{ ...inManifest, pieces: [] }] };
const neither = { ...epoch(1, 3), snapshots: [{ ...owner, pieces: null }] };

describe('ledger codec', () => {
  const stamp = { writer: 'c0', writtenAtMs: 5 };
  it.each<LedgerEntryBody>([
    generation(1),
    placed(1, 'a'),
    epoch(1, 3, 2, [kafkaHandle(0)]),
    { ...epoch(1, 3), snapshots: [inManifest] },
    goingBack(1, 3, 1, 2),
    committed(1, 3),
    abandoned(1, 3),
    torn(1, 3),
    resolved('committed'),
    stopped,
  ])('reads back $kind', (body) => {
    const entry = stampEntry(body, stamp);
    expect(decodeEntry(encodeEntry(entry), 'x')).toEqual(entry);
  });

  it.each([
    ['a newer version', { kind: 'Committed', g: 1, e: 1, formatVersion: 2, ...stamp }, /version 2/],
    ['an unknown kind', { kind: 'Paused', g: 1, formatVersion: 1, ...stamp }, /unknown kind "Paused"/],
    ['a kind that objects inherit', { kind: 'toString', g: 1, formatVersion: 1, ...stamp }, /unknown kind/],
    ['a manifest in an entry of version 1', { ...withManifest, formatVersion: 1, ...stamp }, /version 1/],
    ['a manifest beside a list', { ...besideList, formatVersion: 2, ...stamp }, /no valid 'snapshots'/],
    ['neither list nor manifest', { ...neither, formatVersion: 1, ...stamp }, /no valid 'snapshots'/],
    ['a missing field', { kind: 'Committed', g: 1, formatVersion: 1, ...stamp }, /no valid 'e'/],
    [
      'a wrong part of a field',
      { ...epoch(1, 3), restored: { from: 1 }, formatVersion: 1, ...stamp },
      /no valid 'restored'/,
    ],
    ['a wrong field', { kind: 'Committed', g: -1, e: 1, formatVersion: 1, ...stamp }, /no valid 'g'/],
    ['a list', [], /no JSON object/],
  ])('stops at %s, and names the place', (_, value, message) => {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    expect(() => decodeEntry(bytes, 'ledger/7')).toThrow(message);
    expect(() => decodeEntry(bytes, 'ledger/7')).toThrow(/ledger\/7/);
  });

  it('fault 1.2.11: entries of earlier versions are read, whose epochs have a list of offsets that is always empty', () => {
    const earlier =
      '{"kind":"Epoch","g":1,"e":1,"parent":0,"snapshots":[],"offsets":[],"handles":[],"committedThrough":0,"writer":"c1","writtenAtMs":1,"formatVersion":1}';
    const entry = decodeEntry(new TextEncoder().encode(earlier), 'an entry');
    expect(entry).toMatchObject({ kind: 'Epoch', g: 1, e: 1, parent: 0 });
    expect(baseOf(foldEntry(ledger(...running), entry))?.body.e).toBe(1);
  });

  it.each([new Uint8Array(), new Uint8Array([0xff, 0xfe]), new TextEncoder().encode('{"kind":')])(
    'stops at damaged bytes',
    (bytes) => {
      expect(() => decodeEntry(bytes, 'ledger/7')).toThrow(/no JSON/);
    },
  );
});

describe('ledger fold', () => {
  it('an epoch is committed by the next one, by Committed, and epoch 0 at once', () => {
    const state = ledger(...running, epoch(1, 1), epoch(1, 2));
    expect(state.epochs.map((record) => record.status)).toEqual(['committed', 'committed', 'decided']);
    expect(committedEpoch(foldEntry(state, committed(1, 2)))?.body.e).toBe(2);
    expect([state.nextPosition, nextEpochNumber(state), generationNumber(state)]).toEqual([5, 3, 1]);
  });

  it('after Abandoned the base is the parent, and the number is not used again (D5)', () => {
    const state = ledger(...running, epoch(1, 1), epoch(1, 2), generation(2), abandoned(1, 2));
    expect([baseOf(state)?.body.e, baseOf(state)?.status, nextEpochNumber(state)]).toEqual([
      1,
      'committed',
      3,
    ]);
    expect(refusalOf(foldEntry(state, placed(2, 'a')), epoch(2, 2, 1))).toMatch(/L2/);
    expect(refusalOf(foldEntry(state, placed(2, 'a')), epoch(2, 3, 1))).toBeNull();
  });

  it.each(['committed', 'abandoned'] as const)(
    'a torn epoch halts until a person resolves it as %s',
    (as) => {
      const halted = ledger(...running, epoch(1, 1), generation(2), torn(1, 1));
      expect(unresolvedTorn(halted)?.e).toBe(1);
      expect(refusalOf(halted, placed(2, 'a'))).toMatch(/L7/);
      const state = foldEntry(halted, resolved(as));
      expect(unresolvedTorn(state)).toBeNull();
      expect([baseOf(state)?.body.e, baseOf(state)?.status]).toEqual([
        as === 'committed' ? 1 : 0,
        'committed',
      ]);
      expect(refusalOf(state, placed(2, 'a'))).toBeNull();
    },
  );

  it('a stopped pipeline goes on with a new generation only', () => {
    const state = ledger(...running, epoch(1, 1), committed(1, 1), stopped);
    expect(state.stopped).toMatchObject({ e: 1 });
    expect(refusalOf(state, epoch(1, 2))).toMatch(/L8/);
    expect(foldEntry(state, generation(2)).stopped).toBeNull();
  });

  const decided = [...running, epoch(1, 1)];
  const atRest = [...decided, committed(1, 1), generation(2)];

  it('an epoch that goes back to an older one is committed at once, and the base of what follows', () => {
    const state = ledger(...atRest, goingBack(2, 2, 0, 1));
    expect([baseOf(state)?.body.e, baseOf(state)?.status, state.restoredStart]).toEqual([2, 'committed', 1]);
    expect([hasDecided(state, 1), hasDecided(state, 2), outputEpoch(state)]).toEqual([true, false, 1]);
    const next = ledger(...atRest, goingBack(2, 2, 0, 1), placed(2, 'a', 'b'), epoch(2, 3), generation(3));
    expect([hasDecided(next, 2), outputEpoch(next)]).toEqual([true, 3]);
    expect(baseOf(foldEntry(next, abandoned(2, 3)))?.body.e).toBe(2);
  });

  it.each<[string, readonly LedgerEntryBody[], LedgerEntryBody]>([
    ['L1', running, generation(3)],
    ['L1', running, generation(1)],
    ['L1', [...running, generation(2)], epoch(1, 1)],
    ['L1', [...running, generation(2)], placed(1, 'a', 'b')],
    ['L2', decided, epoch(1, 1, 1)],
    ['L2', decided, epoch(1, 2, 0)],
    ['L3', decided, { ...epoch(1, 2), committedThrough: 0 }],
    ['L3', [...decided, generation(2)], epoch(2, 2)],
    ['L4', decided, committed(1, 0)],
    ['L4', decided, committed(2, 1)],
    ['L4', [...decided, committed(1, 1)], committed(1, 1)],
    ['L4', [...decided, committed(1, 1), generation(2)], abandoned(1, 1)],
    ['L4', [...decided, committed(1, 1), generation(2)], torn(1, 1)],
    ['L4', [...decided, generation(2), torn(1, 1), resolved('committed')], torn(1, 1)],
    ['L5', decided, abandoned(1, 1)],
    ['L5', decided, torn(1, 1)],
    ['L6', [...decided, generation(2)], placed(2, 'a')],
    ['L6', running, placed(1, 'c', 'd')],
    ['L7', decided, resolved('committed')],
    ['L7', [...decided, generation(2), torn(1, 1)], committed(1, 1)],
    ['L8', decided, stopped],
    ['L9', [...atRest, placed(2, 'a', 'b')], goingBack(2, 2, 0, 1)],
    ['L3', [...decided, generation(2)], goingBack(2, 2, 0, 1)],
    [
      'L9',
      [...decided, generation(2), torn(1, 1), generation(3), resolved('committed')],
      goingBack(3, 2, 2, 1),
    ],
    ['L9', atRest, { ...goingBack(2, 2, 0, 1), handles: [kafkaHandle(0)] }],
    ['L9', [...atRest, goingBack(2, 2, 0, 1)], goingBack(2, 3, 0, 1)],
    ['L9', [...atRest, goingBack(2, 2, 0, 3), generation(3)], goingBack(3, 3, 0, 2)],
  ])('%s refuses what follows from no correct coordinator', (rule, before, entry) => {
    expect(refusalOf(foldEntries(ledger(), before), entry)).toContain(rule);
  });

  it('rules that are switched off let the mutation through', () => {
    const undecided = ledger(...decided, generation(2));
    expect(refusalOf(undecided, placed(2, 'a'), { ...allRules, startAfterVerdict: false })).toBeNull();
    const late = { ...epoch(1, 2), committedThrough: 0 };
    const state = foldEntry(ledger(...decided), late, { ...allRules, decideAfterParentCommitted: false });
    expect(state.epochs.map((record) => record.status)).toEqual(['committed', 'decided', 'decided']);
    const again = ledger(...decided, generation(2), abandoned(1, 1));
    expect(refusalOf(again, epoch(2, 1, 0), { ...allRules, epochNumbersUnique: false })).toBeNull();
  });

  it('leaves the state that it was given alone', () => {
    const before = ledger(...running);
    const copy = structuredClone(before);
    foldEntries(before, [epoch(1, 1), epoch(1, 2), generation(2), abandoned(1, 2)]);
    expect(before).toEqual(copy);
    expect(ledger(epoch0).nextPosition).toBe(1);
  });
});

describe('names', () => {
  it('ledger keys sort as their positions and are read back', () => {
    const keys = [0, 9, 10, 123_456].map((position) => ledgerKey(scope, position));
    expect(keys.toSorted()).toEqual(keys);
    expect(keys.map((key) => parseLedgerKey(scope, key))).toEqual([0, 9, 10, 123_456]);
    expect(parseLedgerKey(scope, `${keys[0]}.bak`)).toBeUndefined();
    expect(parseLedgerKey({ ...scope, pipelineId: 'other' }, keys[0] ?? '')).toBeUndefined();
  });

  it('snapshot objects are named by generation, epoch, subtask and nonce', () => {
    const object = { g: 3, e: 17, stage: 'a.b/c', subtask: 2, nonce: '9x' };
    const key = snapshotObjectKey(scope, object);
    expect(parseSnapshotObjectKey(scope, key)).toEqual(object);
    for (const wrong of [`${key}.x-`, key.replace('9x', ''), 'clusters/weir/other']) {
      expect(parseSnapshotObjectKey(scope, wrong)).toBeUndefined();
    }
  });

  it('transactional ids are read back, and those of others are not ours', () => {
    const id = { scope, g: 3, sink: 'out-1_x', subtask: 12, slot: 2 };
    expect(formatTransactionalId(id)).toBe('weir.weir.bids.k3j9.3.out-1_x.12.2');
    expect(parseTransactionalId(formatTransactionalId(id))).toEqual(id);
    for (const other of ['app-1', 'weir.a.b.c.1.s.0.3', 'weir.a.b.c.x.s.0.1', 'weir.a.b.c.1.s.0.1.2']) {
      expect(parseTransactionalId(other)).toBeUndefined();
    }
    expect(transactionalIdsOfGeneration(scope, 3, generation(3).sinks)).toHaveLength(6);
    const unscoped = { ...allRules, idsScopedByGeneration: false };
    expect(formatTransactionalId(id, unscoped)).toBe(formatTransactionalId({ ...id, g: 4 }, unscoped));
  });
});
