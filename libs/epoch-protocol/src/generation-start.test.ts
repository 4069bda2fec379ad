import { describe, expect, it } from 'vitest';
import {
  generationsToCleanUp,
  generationsToSweep,
  nextStartStep,
  takeOver,
  transactionalIdsToCleanUp,
  type StartFacts,
  type StartStep,
} from './generation-start.ts';
import type { LedgerEntryBody } from './ledger-entries.ts';
import { allRules } from './protocol-rules.ts';
import { unaskedFacts } from './recovery-verdict.ts';
import {
  abandoned,
  committed,
  epoch,
  epoch0,
  generation,
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
  const state = ledger(...decided, generation(2), committed(1, 1), generation(3), generation(4));
  const numbers = (records: ReturnType<typeof generationsToCleanUp>): number[] =>
    records.map((record) => record.body.g);

  it('is of every generation since the last decided epoch, not only the last (D4)', () => {
    expect(numbers(generationsToCleanUp(state))).toEqual([1, 2, 3]);
    expect(numbers(generationsToCleanUp(state, { ...allRules, cleanUpAllGenerations: false }))).toEqual([3]);
    expect(
      state.generations[0] &&
        transactionalIdsToCleanUp({ cluster: 'c', pipeline: 'p', pipelineId: 'i' }, state.generations[0]),
    ).toHaveLength(6);
  });

  it('the sweep leaves alone what waits for its verdict', () => {
    expect(numbers(generationsToSweep(state))).toEqual([1, 2, 3]);
    expect(numbers(generationsToSweep(ledger(...recovering)))).toEqual([]);
  });
});
