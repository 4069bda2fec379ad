import { describe, expect, it } from 'vitest';
import {
  cleanedInFull,
  generationsToCleanUp,
  generationsToSweep,
  nextStartStep,
  takeOver,
  transactionalIdsToCleanUp,
  type StartFacts,
  type StartStep,
} from './generation-start.ts';
import type { LedgerEntryBody } from './ledger-entries.ts';
import { foldEntry } from './ledger-fold.ts';
import type { GenerationRecord } from './ledger-state.ts';
import { decodeTrimRecord, encodeTrimRecord, planTrim } from './ledger-trim.ts';
import { allRules } from './protocol-rules.ts';
import { unaskedFacts } from './recovery-verdict.ts';
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

const handles = [kafkaHandle(0), kafkaHandle(1)];
const decided: readonly LedgerEntryBody[] = [...running, epoch(1, 1, 0, handles)];
const recovering: readonly LedgerEntryBody[] = [...decided, generation(2)];
const placement = placed(2, 'c', 'd').subtasks;
const answered = (endTxn: 'NONE' | 'PRODUCER_FENCED') =>
  unaskedFacts(handles).map((fact) => ({ ...fact, endTxn, log: 'aborted' as const }));

function facts(entries: readonly LedgerEntryBody[], more: Partial<StartFacts> = {}): StartFacts {
  return {
    state: ledger(...entries),
    mine: 2,
    purpose: 'run',
    proposal: { plan: {}, parallelism: 2, sinks: generation(2).sinks },
    handleFacts: unaskedFacts(handles),
    cleanedUp: false,
    placement,
    isAlive: () => true,
    restore: null,
    ...more,
  };
}
const entryOf = (step: StartStep): unknown => (step.step === 'append' ? step.entry : step);

describe('starting a generation', () => {
  it.each<[string, StartFacts, unknown]>([
    ['without epoch 0 nothing begins', facts([], { mine: null }), { step: 'wait', missing: 'epoch-0' }],
    [
      'the first generation is appended',
      facts([epoch0], { mine: null }),
      { kind: 'Generation', g: 1, parallelism: 2 },
    ],
    [
      'a new generation is appended after the last',
      facts(decided, { mine: null }),
      { kind: 'Generation', g: 2 },
    ],
    [
      'too little is known to begin',
      facts(decided, { mine: null, proposal: null }),
      { step: 'wait', missing: 'proposal' },
    ],
    ['somebody began a newer one', facts(recovering, { mine: 1 }), { step: 'fenced', by: 2 }],
    ['G2: EndTxn is asked before anything else', facts(recovering), { step: 'ask-end-txn' }],
    [
      'G2: with the sinks of the base own generation',
      facts(recovering),
      { sinks: [{ kafkaClusterId: 'k1' }] },
    ],
    [
      'all committed',
      facts(recovering, { handleFacts: answered('NONE') }),
      { kind: 'Committed', g: 1, e: 1 },
    ],
    [
      'all aborted',
      facts(recovering, { handleFacts: answered('PRODUCER_FENCED') }),
      { kind: 'Abandoned', g: 1, e: 1 },
    ],
    [
      'G3: the verdict is in the ledger, now clean up',
      facts([...recovering, committed(1, 1)]),
      { step: 'clean-up', generations: [{ body: { g: 1 } }] },
    ],
    [
      'cleaned up, too few workers',
      facts([...recovering, committed(1, 1)], { cleanedUp: true, placement: null }),
      { step: 'wait', missing: 'placement' },
    ],
    [
      'cleaned up, placed',
      facts([...recovering, committed(1, 1)], { cleanedUp: true }),
      { kind: 'Placed', g: 2, subtasks: placement },
    ],
    [
      'G4: now run from the base',
      facts([...recovering, abandoned(1, 1), placed(2, 'c', 'd')], { cleanedUp: true }),
      { step: 'run', base: { body: { e: 0 } } },
    ],
    [
      'G4: a takeover of placed tasks needs no clean-up',
      facts([...recovering, committed(1, 1), placed(2, 'c', 'd')]),
      { step: 'run', base: { body: { e: 1 } } },
    ],
    [
      'a takeover of a running generation judges nothing',
      facts(decided, { mine: 1 }),
      { step: 'run', base: { status: 'decided' } },
    ],
    [
      'G5: a placed worker is gone',
      facts(decided, { mine: 1, isAlive: (name) => name !== 'b' }),
      { step: 'begin-again', gone: ['b'] },
    ],
    ['G6: torn: the clean-up follows', facts([...recovering, torn(1, 1)]), { step: 'clean-up' }],
    [
      'G6: torn: then it is halted',
      facts([...recovering, torn(1, 1)], { cleanedUp: true }),
      { step: 'halted' },
    ],
    ['stop: what hangs is ended first', facts(recovering, { purpose: 'stop' }), { step: 'ask-end-txn' }],
    [
      'stop: then it is stopped',
      facts([...recovering, committed(1, 1)], { purpose: 'stop', cleanedUp: true }),
      { kind: 'Stopped', g: 2, e: 1 },
    ],
  ])('%s', (_, given, expected) => {
    expect(entryOf(nextStartStep(given))).toMatchObject(expected as object);
  });

  /** Epochs 1 and 2 are committed, the pipeline has stopped, and generation 2 begins. */
  const atRest: readonly LedgerEntryBody[] = [
    ...running,
    { ...epoch(1, 1), snapshots: [{ operator: 'in', stage: 's', subtask: 0, pieces: [], splits: {} }] },
    epoch(1, 2),
    committed(1, 2),
    generation(2),
  ];
  const restore = { from: 1, start: 5 };
  it.each<[string, StartFacts, unknown]>([
    ['the clean-up comes first', facts(atRest, { restore }), { step: 'clean-up' }],
    [
      'then an epoch with what the older one holds, after the base',
      facts(atRest, { restore, cleanedUp: true }),
      {
        kind: 'Epoch',
        g: 2,
        e: 3,
        parent: 2,
        snapshots: [{ operator: 'in' }],
        handles: [],
        committedThrough: 2,
        restored: { from: 1, start: 5, outputEpoch: 2 },
      },
    ],
    [
      'the verdict comes before it',
      facts(recovering, { restore: { from: 0, start: 5 }, cleanedUp: true }),
      { step: 'ask-end-txn' },
    ],
    [
      'it is the base: placed, and run from',
      facts([...atRest, goingBack(2, 3, 1, 5), placed(2, 'c', 'd')], { restore, cleanedUp: true }),
      { step: 'run', base: { body: { e: 3 }, status: 'committed' } },
    ],
    [
      'whoever goes on after a crash places from it',
      facts([...atRest, goingBack(2, 3, 1, 5)], { restore, cleanedUp: true }),
      { kind: 'Placed', g: 2 },
    ],
    [
      'the next start goes on, and may go back again',
      facts([...atRest, goingBack(2, 3, 1, 5)], { restore: { from: 2, start: 6 }, cleanedUp: true }),
      { kind: 'Epoch', e: 4, parent: 3, restored: { from: 2, start: 6, outputEpoch: 2 } },
    ],
    [
      'a generation that was placed before the wish was known is not run',
      facts([...atRest, placed(2, 'c', 'd')], { restore }),
      { step: 'begin-again', gone: [] },
    ],
    [
      'an epoch that is not there any more',
      facts(atRest, { restore: { from: 7, start: 5 }, cleanedUp: true }),
      { step: 'cannot-restore', from: 7 },
    ],
    [
      'an epoch that may be trimmed any moment',
      facts(
        [...running, ...[...Array(11).keys()].map((e) => epoch(1, e + 1)), committed(1, 11), generation(2)],
        {
          restore,
          cleanedUp: true,
        },
      ),
      { step: 'cannot-restore', from: 1 },
    ],
    [
      'an abandoned epoch',
      facts([...recovering, abandoned(1, 1)], { restore, cleanedUp: true }),
      { step: 'cannot-restore', from: 1 },
    ],
    [
      'a stop does not go back',
      facts(atRest, { restore, cleanedUp: true, purpose: 'stop' }),
      { kind: 'Stopped', g: 2, e: 2 },
    ],
  ])('G7: %s', (_, given, expected) => {
    expect(entryOf(nextStartStep(given))).toMatchObject(expected as object);
  });

  it('G7: what was fulfilled stays so when its epoch has been trimmed', () => {
    const grown = ledger(
      ...atRest,
      goingBack(2, 3, 1, 5),
      placed(2, 'c', 'd'),
      ...[4, 5, 6, 7].map((e) => epoch(2, e)),
      generation(3),
      committed(2, 7),
    );
    const plan = planTrim(grown, null, new Set(), 2);
    const record = decodeTrimRecord(encodeTrimRecord(plan!.record), 'trim');
    expect(record.summary.epochs.map(({ body }) => body.e)).toEqual([6, 7]);
    const given = { ...facts([]), state: record.summary, mine: 3, restore, cleanedUp: true };
    expect(entryOf(nextStartStep(given))).toMatchObject({ kind: 'Placed', g: 3 });
  });

  it('G1: a verdict is appended at exactly the position that was read, and what the ledger says instead counts', () => {
    const given = facts(recovering, { handleFacts: answered('PRODUCER_FENCED') });
    expect(nextStartStep(given)).toMatchObject({ step: 'append', at: given.state.nextPosition });
    const other = facts([...recovering, committed(1, 1)], {
      handleFacts: answered('PRODUCER_FENCED'),
      cleanedUp: true,
    });
    expect(entryOf(nextStartStep(other))).toMatchObject({ kind: 'Placed' });
  });

  it('the rules G2 and G3 switched off: the clean-up comes too early', () => {
    expect(nextStartStep(facts(recovering), { ...allRules, savedEndTxnBeforeInit: false })).toMatchObject({
      step: 'clean-up',
    });
    const known = facts(recovering, { handleFacts: answered('NONE') });
    expect(nextStartStep(known, { ...allRules, cleanUpAfterVerdict: false })).toMatchObject({
      step: 'clean-up',
    });
  });

  it('the rule G4 switched off: tasks start without a verdict', () => {
    const rules = { ...allRules, startAfterVerdict: false };
    expect(entryOf(nextStartStep(facts(recovering, { cleanedUp: true }), rules))).toMatchObject({
      kind: 'Placed',
    });
  });

  it.each<[string, readonly LedgerEntryBody[], string[], string]>([
    ['placed, all alive', decided, ['a', 'b'], 'adopt'],
    ['placed, one gone', decided, ['a'], 'begin'],
    ['not placed yet', recovering, [], 'adopt'],
    ['none yet', [epoch0], [], 'begin'],
  ])('a takeover of a generation that is %s', (_, entries, alive, expected) => {
    expect(takeOver(ledger(...entries), (name) => alive.includes(name))).toBe(expected);
  });
});

describe('clean-up', () => {
  const state = ledger(
    ...[...decided, generation(2), committed(1, 1), placed(2, 'a', 'b'), generation(3), placed(3, 'a', 'b')],
    generation(4),
  );
  const numbers = (records: readonly GenerationRecord[]): number[] => records.map((record) => record.body.g);

  it('is of every generation since the last decided epoch, not only the last (D4)', () => {
    expect(numbers(generationsToCleanUp(state).generations)).toEqual([1, 2, 3]);
    const last = generationsToCleanUp(state, { ...allRules, cleanUpAllGenerations: false });
    expect(numbers(last.generations)).toEqual([3]);
    expect(
      state.generations[0] &&
        transactionalIdsToCleanUp({ cluster: 'c', pipeline: 'p', pipelineId: 'i' }, state.generations[0]),
    ).toHaveLength(6);
  });

  it('is of them all again when only a wish to go back was fulfilled since', () => {
    const goneBack = foldEntry(state, goingBack(4, 2, 0, 1));
    expect(numbers(generationsToCleanUp(goneBack).generations)).toEqual([1, 2, 3]);
  });

  it('a crash loop: the last placed ones are cleaned in full, however many there are; older ones are only looked at', () => {
    const loops = 100;
    const entries = Array.from({ length: loops }, (_, index) => [
      generation(index + 2),
      // Each third one found no workers.
      ...(index % 3 === 0 ? [] : [placed(index + 2, 'a', 'b')]),
    ]);
    const looping = ledger(...decided, generation(2), committed(1, 1), ...entries.flat().slice(1));
    const { generations, older } = generationsToCleanUp(looping);
    expect(generations).toHaveLength(cleanedInFull);
    expect(generations.at(-1)?.body.g).toBe(loops);
    expect(older.length + generations.length).toBe(67);
    expect(older[0]?.body.g).toBe(1);
    expect([...older, ...generations].every((record) => record.placed !== null)).toBe(true);
  });

  it('the plan of a generation is kept only while it is the current one', () => {
    const { generations } = ledger(...running, { ...generation(2), plan: { large: true } });
    expect(generations.map(({ body }) => body.plan)).toEqual([null, { large: true }]);
    expect(generations[0]?.body.sinks).toHaveLength(1);
  });

  it('the sweep leaves alone what waits for its verdict', () => {
    expect(numbers(generationsToSweep(state))).toEqual([1, 2, 3]);
    expect(numbers(generationsToSweep(ledger(...recovering)))).toEqual([]);
  });
});
