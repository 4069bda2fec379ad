import { describe, expect, it } from 'vitest';
import { allRules } from './protocol-rules.ts';
import {
  nextRecoveryStep,
  unaskedFacts,
  type EndTxnAnswer,
  type HandleFacts,
  type LogAnswer,
} from './recovery-verdict.ts';
import type { SubtaskHandle } from './sink-handle.ts';
import { emptyHandle, kafkaHandle } from './testing/ledger-samples.ts';

const fact = (subtask: number, endTxn: EndTxnAnswer | null, log: LogAnswer | null = null): HandleFacts => ({
  handle: kafkaHandle(subtask),
  endTxn,
  log,
});
const empty: HandleFacts = { handle: emptyHandle(9), endTxn: null, log: null };
const fileHandle: SubtaskHandle = {
  operator: 'f',
  stage: 's',
  subtask: 0,
  handle: { kind: 'file', path: '/x', length: 3, staged: '' },
};
const file: HandleFacts = { handle: fileHandle, endTxn: null, log: null };

/** `ask-end-txn 0,1`, or the verdict's kind. */
function told(facts: readonly HandleFacts[], rules = allRules): string {
  const next = nextRecoveryStep(facts, rules);
  return next.step === 'verdict'
    ? next.verdict.kind
    : `${next.step} ${next.handles.map((handle) => handle.subtask).join()}`;
}

describe('recovery verdict', () => {
  it.each<[string, readonly HandleFacts[], string]>([
    ['nothing to ask', [], 'Committed'],
    ['V1 empty handles are skipped', [empty], 'Committed'],
    ['V2 all are asked', [fact(0, null), empty, fact(1, null)], 'ask-end-txn 0,1'],
    ['V2 what gave no answer is asked again', [fact(0, 'NONE'), fact(1, 'ask-again')], 'ask-end-txn 1'],
    [
      'V2 the log waits for every EndTxn',
      [fact(0, 'PRODUCER_FENCED'), fact(1, 'ask-again')],
      'ask-end-txn 1',
    ],
    ['V3 all committed needs no log', [fact(0, 'NONE'), fact(1, 'NONE'), empty], 'Committed'],
    ['V3 fenced: the log is asked about all', [fact(0, 'NONE'), fact(1, 'PRODUCER_FENCED')], 'ask-log 0,1'],
    [
      'undecided is asked again',
      [fact(0, 'PRODUCER_FENCED', 'undecided'), fact(1, 'PRODUCER_FENCED', 'aborted')],
      'ask-log 0',
    ],
    [
      'all aborted',
      [fact(0, 'PRODUCER_FENCED', 'aborted'), fact(1, 'INVALID_PRODUCER_EPOCH', 'aborted')],
      'Abandoned',
    ],
    ['a log that says nothing leaves the abort proven', [fact(0, 'PRODUCER_FENCED', 'silent')], 'Abandoned'],
    [
      'V4 the log shows it committed: a fenced answer of one that was cleaned up',
      [fact(0, 'PRODUCER_FENCED', 'committed')],
      'Committed',
    ],
    [
      'V4 mixed answers, all committed in the log',
      [fact(0, 'NONE', 'committed'), fact(1, 'INVALID_TXN_STATE', 'committed')],
      'Committed',
    ],
    ['mixed is torn', [fact(0, 'NONE', 'committed'), fact(1, 'PRODUCER_FENCED', 'aborted')], 'Torn'],
    ['V5 INVALID proves nothing', [fact(0, 'INVALID_TXN_STATE', 'silent')], 'Torn'],
    ['V5 nor does an abort in the log after it', [fact(0, 'INVALID_TXN_STATE', 'aborted')], 'Torn'],
    [
      'V5 nor an unknown producer',
      [fact(0, 'INVALID_PRODUCER_ID_MAPPING', 'aborted'), fact(1, 'PRODUCER_FENCED', 'aborted')],
      'Torn',
    ],
    [
      'NONE needs not wait for the open transaction of somebody else',
      [fact(0, 'NONE', 'undecided'), fact(1, 'PRODUCER_FENCED', 'aborted')],
      'Torn',
    ],
    [
      'EndTxn ended something else of the same epoch',
      [fact(0, 'NONE', 'aborted'), fact(1, 'PRODUCER_FENCED', 'aborted')],
      'Torn',
    ],
    ['a file is rolled forward', [file], 'Committed'],
    ['a file beside an aborted transaction is torn', [file, fact(0, 'PRODUCER_FENCED', 'aborted')], 'Torn'],
  ])('%s', (_, facts, expected) => {
    expect(told(facts)).toBe(expected);
  });

  it('Torn says which sink partitions have it and which do not', () => {
    const facts = [
      fact(0, 'NONE', 'committed'),
      fact(1, 'PRODUCER_FENCED', 'aborted'),
      fact(2, 'INVALID_TXN_STATE', 'silent'),
    ];
    const next = nextRecoveryStep(facts);
    const ref = (subtask: number) =>
      expect.objectContaining({ operator: 'out', subtask, partitions: ['topic/0'] }) as object;
    expect(next).toMatchObject({
      verdict: { kind: 'Torn', committed: [ref(0)], aborted: [ref(1)], unknown: [ref(2)] },
    });
  });

  it('D7 switched off: INVALID is taken for an abort', () => {
    expect(
      told([fact(0, 'INVALID_TXN_STATE', 'silent')], { ...allRules, invalidStateIsUnknown: false }),
    ).toBe('Abandoned');
  });

  it('begins with nothing asked', () => {
    expect(told(unaskedFacts([kafkaHandle(0), kafkaHandle(1)]))).toBe('ask-end-txn 0,1');
  });
});
