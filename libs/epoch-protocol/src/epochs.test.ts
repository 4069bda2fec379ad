import { describe, expect, it } from 'vitest';
import { barrierArrived, isBlocked, newAlignment } from './alignment.ts';
import { foldEntry } from './ledger-fold.ts';
import { presentBase } from './ledger-state.ts';
import {
  acknowledged,
  commitAcknowledged,
  decideEpoch,
  isCommitted,
  missingAcks,
  newCommitProgress,
  newPendingEpoch,
  type PendingEpoch,
  type Snapshotted,
  type TransactionAge,
} from './pending-epoch.ts';
import { allRules } from './protocol-rules.ts';
import { committed, emptyHandle, epoch, kafkaHandle, ledger, running } from './testing/ledger-samples.ts';

const state = ledger(...running, epoch(1, 1, 0, [kafkaHandle(0), emptyHandle(1)]));
const ack = (index: number, more: Partial<Snapshotted> = {}): Snapshotted => ({
  g: 1,
  e: 2,
  stage: 's',
  index,
  incarnation: index === 0 ? 'a' : 'b',
  snapshots: [
    {
      operator: 'src',
      stage: 's',
      subtask: index,
      pieces: [],
      splits: { [`t/${index}`]: { offset: `${index}7` } },
    },
  ],
  handles: [kafkaHandle(index, 2)],
  ...more,
});
const both = (oldest: TransactionAge | null = null, nowMs = 0): PendingEpoch =>
  acknowledged(acknowledged(newPendingEpoch(state), ack(1), oldest, nowMs), ack(0), null, nowMs);
const parent = newCommitProgress(presentBase(state));
const parentDone = ['out/0', 'out/1'].reduce(
  (progress, sink) => commitAcknowledged(progress, { g: 1, e: 1, sink }),
  parent,
);

describe('pending epoch', () => {
  it('is decided when all have acknowledged (P3) and all commits of the parent are acknowledged (P4)', () => {
    const one = acknowledged(newPendingEpoch(state), ack(0), null, 0);
    expect(decideEpoch(one, parentDone, 0)).toEqual({ decision: 'wait', snapshots: ['s/1'], commits: [] });
    expect(missingAcks(one)).toEqual(['s/1']);
    expect(decideEpoch(both(), parent, 0)).toEqual({
      decision: 'wait',
      snapshots: [],
      commits: ['out/0', 'out/1'],
    });
    const decision = decideEpoch(both(), parentDone, 0);
    expect(decision).toMatchObject({
      decision: 'append',
      entry: { g: 1, e: 2, parent: 1, committedThrough: 1 },
    });
    if (decision.decision !== 'append') return;
    expect(decision.entry.snapshots.map(({ subtask, splits }) => [subtask, splits])).toEqual([
      [0, { 't/0': { offset: '07' } }],
      [1, { 't/1': { offset: '17' } }],
    ]);
    expect(decision.entry.handles.map((handle) => handle.subtask)).toEqual([0, 1]);
    expect(foldEntry(state, decision.entry).epochs.map((record) => record.status)).toEqual([
      'committed',
      'committed',
      'decided',
    ]);
  });

  it('with the rule P4 switched off the parent is decided over', () => {
    const rules = { ...allRules, decideAfterParentCommitted: false };
    expect(decideEpoch(both(), parent, 0, rules)).toMatchObject({
      decision: 'append',
      entry: { committedThrough: 0 },
    });
  });

  it.each([
    ['another generation', ack(0, { g: 2 })],
    ['another epoch', ack(0, { e: 1 })],
    ['another incarnation', ack(0, { incarnation: 'z' })],
    ['a subtask that was not placed', ack(7, { incarnation: 'a' })],
  ])('an acknowledgement of %s does not count (P1)', (_, wrong) => {
    const pending = newPendingEpoch(state);
    expect(acknowledged(pending, wrong, null, 0)).toBe(pending);
  });

  it('a repeat counts once and must say the same (P2)', () => {
    const pending = acknowledged(newPendingEpoch(state), ack(0), null, 0);
    expect(missingAcks(acknowledged(pending, ack(0), null, 9))).toEqual(['s/1']);
    expect(() => acknowledged(pending, ack(0, { handles: [] }), null, 0)).toThrow(/P2/);
  });

  it.each([
    [47_000, 0, 'append'],
    [47_000, 900, 'append'],
    [47_000, 1100, 'end-generation'],
    [48_500, 0, 'end-generation'],
  ])(
    'a transaction %i ms old when told, %i ms later, of a timeout of 60 s: %s (P5)',
    (ageMs, laterMs, expected) => {
      const pending = both({ ageMs, timeoutMs: 60_000 }, 1_000_000);
      expect(decideEpoch(pending, parentDone, 1_000_000 + laterMs).decision).toBe(expected);
    },
  );

  it('a repeat that was long under way does not make a transaction younger (P5)', () => {
    const pending = acknowledged(
      both({ ageMs: 47_000, timeoutMs: 60_000 }, 0),
      ack(1),
      { ageMs: 47_000, timeoutMs: 60_000 },
      30_000,
    );
    expect(decideEpoch(pending, parentDone, 2000).decision).toBe('end-generation');
  });

  it('commits of other epochs and generations are not counted; a recorded epoch waits for none', () => {
    expect(commitAcknowledged(parent, { g: 1, e: 2, sink: 'out/0' })).toBe(parent);
    expect(commitAcknowledged(parent, { g: 2, e: 1, sink: 'out/0' })).toBe(parent);
    expect([isCommitted(parent), isCommitted(parentDone)]).toEqual([false, true]);
    expect(isCommitted(newCommitProgress(presentBase(foldEntry(state, committed(1, 1)))))).toBe(true);
  });
});

describe('alignment', () => {
  it('blocks a channel from its barrier until all have brought it, then passes once (A1, A3)', () => {
    let alignment = newAlignment(3, 5);
    const passed: boolean[] = [];
    for (const channel of [1, 0, 2]) {
      const next = barrierArrived(alignment, channel, 5);
      alignment = next.state;
      passed.push(next.passed);
      if (channel === 0)
        expect([0, 1, 2].map((each) => isBlocked(alignment, each))).toEqual([true, true, false]);
    }
    expect(passed).toEqual([false, false, true]);
    expect([0, 1, 2].map((each) => isBlocked(alignment, each))).toEqual([false, false, false]);
    expect(alignment.epoch).toBe(6);
  });

  it('a single channel passes at once', () => {
    expect(barrierArrived(newAlignment(1, 1), 0, 1).passed).toBe(true);
  });

  it.each([
    ['a second barrier on a blocked channel', 0, 5, /A1/],
    ['a channel that is not there', 7, 5, /A1/],
    ['a skipped epoch', 1, 6, /A2/],
    ['an epoch that passed', 1, 4, /A2/],
  ])('refuses %s', (_, channel, e, rule) => {
    const { state: alignment } = barrierArrived(newAlignment(2, 5), 0, 5);
    expect(() => barrierArrived(alignment, channel, e)).toThrow(rule);
  });
});
