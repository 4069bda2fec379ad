import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry } from './ledger-codec.ts';
import type { EpochBody, LedgerEntryBody } from './ledger-entries.ts';
import { foldEntries } from './ledger-fold.ts';
import { baseOf, emptyLedger, type LedgerState } from './ledger-state.ts';
import {
  decodeTrimRecord,
  encodeTrimRecord,
  entryCounts,
  keptEpochRecords,
  manifestKeys,
  mayDeleteObject,
  planTrim,
  reachableObjects,
  readingCounts,
} from './ledger-trim.ts';
import { allRules } from './protocol-rules.ts';
import { abandoned, epoch, generation, ledger, placed, running } from './testing/ledger-samples.ts';

const epochs = (from: number, to: number, g = 1): EpochBody[] =>
  Array.from({ length: to - from + 1 }, (_, index) => epoch(g, from + index));
const none = new Set<number>();

describe('trimming the ledger', () => {
  it('keeps the last 10 epochs (T1), and a reader that starts from the summary sees what one from the beginning sees', () => {
    const entries: LedgerEntryBody[] = [...running, ...epochs(1, 30)];
    const plan = planTrim(foldEntries(emptyLedger, entries), null, none);
    expect(plan).toMatchObject({ from: 0, through: 3 + 20 - 1 });
    if (plan === null) return;
    const record = decodeTrimRecord(encodeTrimRecord(plan.record), 'trim');
    const later: LedgerEntryBody[] = [...epochs(31, 33), generation(2), abandoned(1, 33), placed(2, 'c')];
    const whole = foldEntries(emptyLedger, [...entries, ...later]);
    const short = foldEntries(record.summary, later);
    expect(short).toEqual({ ...whole, epochs: whole.epochs.slice(21) });
    expect(planTrim(record.summary, record, none)).toBeNull();
  });

  it('nothing is trimmed while there are few epochs', () => {
    expect(
      planTrim(
        ledger(...running, ...epochs(1, 5)),
        { formatVersion: 1, trimmedThrough: -1, summary: emptyLedger },
        none,
      ),
    ).toBeNull();
  });

  it('keeps two decided epochs however many were abandoned after them, and the parent of what has no verdict (T1)', () => {
    const entries: LedgerEntryBody[] = [...running, ...epochs(1, 5)];
    for (let round = 0; round < 15; round += 1) {
      const e = 5 + round;
      entries.push(
        generation(round + 2),
        abandoned(round + 1, e),
        placed(round + 2, 'a', 'b'),
        epoch(round + 2, e + 1, 4),
      );
    }
    const state = foldEntries(emptyLedger, entries);
    const kept = keptEpochRecords(state).map((record) => record.body.e);
    expect(kept[0]).toBe(4);
    expect(baseOf(state)?.body).toMatchObject({ e: 20, parent: 4 });
  });

  it('an epoch that was abandoned long ago holds nothing back', () => {
    const entries: LedgerEntryBody[] = [...running, ...epochs(1, 5), generation(2), abandoned(1, 5)];
    entries.push(placed(2, 'a', 'b'), epoch(2, 6, 4), ...epochs(7, 30, 2));
    const kept = keptEpochRecords(foldEntries(emptyLedger, entries)).map((record) => record.body.e);
    expect(kept).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  });

  it('keeps the generations that a sweep has not finished with, and those of kept epochs', () => {
    const entries: LedgerEntryBody[] = [...running, ...epochs(1, 2)];
    entries.push(
      { kind: 'Committed', g: 1, e: 2 },
      generation(2),
      generation(3),
      placed(3, 'a'),
      ...epochs(3, 20, 3),
    );
    const state = foldEntries(emptyLedger, entries);
    const numbers = (forgotten: ReadonlySet<number>): unknown =>
      planTrim(state, null, forgotten)?.record.summary.generations.map((each) => each.body.g);
    expect(numbers(none)).toEqual([1, 2, 3]);
    expect(numbers(new Set([1, 2, 3]))).toEqual([3]);
  });

  it('an entry in a trimmed place counts for nothing, nor does an end that was found there (T3)', () => {
    expect([entryCounts(8, 8), entryCounts(9, 8)]).toEqual([false, true]);
    expect(entryCounts(8, 8, { ...allRules, trimFences: false })).toBe(true);
    // A reader frozen between places 2 and 3 finds at 3 what a late writer put there after it was trimmed and deleted.
    expect([readingCounts(3, 2), readingCounts(3, 3)]).toEqual([true, false]);
  });

  it.each(['{}', '{"formatVersion":2}', 'x', 'null', '{"formatVersion":1,"trimmedThrough":3}'])(
    'stops at the record %s',
    (text) => {
      expect(() => decodeTrimRecord(new TextEncoder().encode(text), 'trim.json')).toThrow(/trim\.json/);
    },
  );
});

describe('deleting snapshot objects', () => {
  const piece = { sequence: 1, key: 'kept', inline: null, bytes: 1, keyGroupStart: 0, keyGroupEnd: 8 };
  const snapshots = [{ operator: 'o', stage: 's', subtask: 0, pieces: [piece], splits: {} }];
  const state = ledger(
    ...running,
    { ...epoch(1, 1), snapshots },
    { kind: 'Committed', g: 1, e: 1 },
    generation(2),
    placed(2, 'a', 'b'),
    { ...epoch(2, 2), snapshots },
  );

  it.each([
    ['reachable', 'kept', { g: 1, e: 1 }, false],
    ['of a decided epoch, unreachable', 'x', { g: 2, e: 2 }, true],
    ['of the epoch that is being collected', 'x', { g: 2, e: 3 }, false],
    ['of an epoch above the newest, its generation superseded', 'x', { g: 1, e: 9 }, true],
    ['of a generation that we do not know yet', 'x', { g: 3, e: 2 }, false],
    ['not understood', 'x', undefined, false],
  ])('one that is %s: %s', (_, key, object, deletable) => {
    const named = object && { ...object, stage: 's', subtask: 0, nonce: 'n' };
    expect(mayDeleteObject(key, named, state, reachableObjects(state, new Map()))).toBe(deletable);
  });
});

describe('pieces that a manifest lists (T6)', () => {
  const manifest = {
    key: 'list',
    bytes: 9,
    stateBytes: 1,
    writtenBytes: 1,
    keyGroupStart: 0,
    keyGroupEnd: 8,
  };
  const snapshots = [{ operator: 'o', stage: 's', subtask: 0, pieces: null, manifest, splits: {} }] as const;
  const entries: LedgerEntryBody[] = [...running, { ...epoch(1, 1), snapshots }];

  it('are reachable beside the manifest; without what it lists nothing is told', () => {
    const state = ledger(...entries);
    expect([...manifestKeys(state)]).toEqual(['list']);
    expect(reachableObjects(state, new Map([['list', ['a', 'b']]]))).toEqual(new Set(['list', 'a', 'b']));
    expect(() => reachableObjects(state, new Map())).toThrow(/manifest list/);
  });

  it('make a trim record, from which a Weir that knows no manifests must not read, of version 2', () => {
    const later = foldEntries(emptyLedger, [...entries, ...epochs(2, 11)]);
    const plain = planTrim(later, null, none);
    expect(plain?.record).toMatchObject({ formatVersion: 1 });
    const withManifest = foldEntries(emptyLedger, [
      ...running,
      ...epochs(1, 20),
      { ...epoch(1, 21), snapshots },
    ]);
    const plan = planTrim(withManifest, null, none);
    expect(plan?.record.formatVersion).toBe(2);
    if (plan === null) return;
    expect(decodeTrimRecord(encodeTrimRecord(plan.record), 'trim')).toEqual(plan.record);
  });
});

it('reads the ledger and the trim record that 8839beb wrote, and both tell the same', () => {
  const file = new URL('testing/fixtures/ledger-8839beb.json', import.meta.url);
  const { entries, trim } = JSON.parse(readFileSync(file, 'utf8')) as { entries: string[]; trim: string };
  const encoder = new TextEncoder();
  const bodies = entries.map((text, index) => decodeEntry(encoder.encode(text), `entry ${index}`));
  const whole = foldEntries(emptyLedger, bodies);
  const record = decodeTrimRecord(encoder.encode(trim), 'trim');
  expect(baseOf(whole)?.body.e).toBe(14);
  // Stamps apart, which the fixture's trim record hasn't got.
  const facts = (state: LedgerState): unknown =>
    state.epochs.slice(-10).map(({ body, status }) => [body.e, body.snapshots, body.handles, status]);
  expect(facts(whole)).toEqual(facts(record.summary));
  expect(reachableObjects(record.summary, new Map()).size).toBe(10);
  // What is read again and written again is what it was: entries without manifests stay as old readers know them.
  for (const [index, body] of bodies.entries()) {
    expect(JSON.parse(new TextDecoder().decode(encodeEntry(body)))).toEqual(JSON.parse(entries[index] ?? ''));
    expect(body.formatVersion).toBe(1);
  }
});
