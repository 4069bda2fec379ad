import { describe, expect, it } from 'vitest';
import {
  endTransaction,
  initByCleaner,
  initByTask,
  logAnswer,
  newBroker,
  reopened,
  timedOut,
  written,
  type Broker,
} from './broker.ts';

const batch = { g: 1, e: 1, record: 0 };
const ready = initByTask(newBroker(3), 1);
const open = written(ready, 1, 0, batch) ?? ready;
const committed = endTransaction(open, 1, 0).broker;

describe('EndTxn(commit) answers as docs/protocol.md says', () => {
  it.each<[string, Broker, number, string, string]>([
    ['an unknown id', newBroker(3), 0, 'INVALID_PRODUCER_ID_MAPPING', 'silent'],
    ['nothing added', ready, 0, 'INVALID_TXN_STATE', 'silent'],
    ['open', open, 0, 'NONE', 'committed'],
    ['committed, asked again', committed, 0, 'NONE', 'committed'],
    ['committed, then InitProducerId', initByTask(committed, 1), 0, 'PRODUCER_FENCED', 'committed'],
    ['fenced by InitProducerId', initByTask(open, 1), 0, 'PRODUCER_FENCED', 'aborted'],
    ['fenced by the clean-up', initByCleaner(open, 1), 0, 'PRODUCER_FENCED', 'aborted'],
    ['timed out', timedOut(open, 1, true), 0, 'PRODUCER_FENCED', 'aborted'],
    ['aborted without a new epoch', timedOut(open, 1, false), 0, 'INVALID_TXN_STATE', 'aborted'],
    ['aborted so, opened by a late write', reopened(timedOut(open, 1, false), 1), 0, 'NONE', 'aborted'],
  ])('%s', (_, broker, epoch, answer, log) => {
    const ended = endTransaction(broker, 1, epoch);
    expect(ended.answer).toBe(answer);
    expect(logAnswer(ended.broker, 0)).toBe(log);
  });

  it('commits the next transaction of the same producer epoch', () => {
    const next = written(committed, 1, 0, { g: 1, e: 4, record: 3 }) ?? committed;
    expect(endTransaction(next, 1, 0).broker.log.map(({ outcome }) => outcome)).toEqual([
      'committed',
      'committed',
    ]);
  });

  it('a clean-up again changes nothing, which keeps the states finite', () => {
    const cleaned = initByCleaner(open, 1);
    expect(initByCleaner(cleaned, 1)).toEqual(cleaned);
    expect(initByCleaner(newBroker(3), 0)).toEqual(newBroker(3));
  });

  it('a write with a fenced producer epoch is refused', () => {
    expect(written(initByTask(ready, 1), 1, 0, batch)).toBeNull();
  });
});
