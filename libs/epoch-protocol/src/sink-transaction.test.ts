import { describe, expect, it } from 'vitest';
import { allRules, type ProtocolRules } from './protocol-rules.ts';
import type { EmptyHandle, KafkaHandle } from './sink-handle.ts';
import {
  closed,
  commitAnswered,
  commitRequested,
  failed,
  initAnswered,
  initSent,
  newSinkTransactions,
  nextForRecords,
  opened,
  prepared,
  restartInPlace,
  slotToInitializeAhead,
  type SinkTransactions,
} from './sink-transaction.ts';

/** Drives a sink as its runtime does, and counts InitProducerId per slot: each answers with the next producer epoch. */
class Driver {
  state: SinkTransactions;
  readonly inits = [0, 0, 0];
  readonly handles = new Map<number, KafkaHandle | EmptyHandle>();
  readonly rules: ProtocolRules;

  constructor(firstEpoch = 1, rules = allRules) {
    this.state = newSinkTransactions(firstEpoch);
    this.rules = rules;
  }

  init(slot: number): void {
    this.state = initSent(this.state, slot, this.rules);
    this.inits[slot] = (this.inits[slot] ?? 0) + 1;
    this.state = initAnswered(this.state, slot, {
      producerId: `${slot}`,
      producerEpoch: this.inits[slot] - 1,
    });
  }

  write(): void {
    const next = nextForRecords(this.state, this.rules);
    if (next.step === 'initialize') this.init(next.slot);
    this.state = opened(this.state, this.rules);
  }

  close(epoch: number): void {
    this.state = closed(this.state, epoch);
  }

  /** Closes it where that has not been done. */
  prepare(epoch: number, withData = true): KafkaHandle | EmptyHandle {
    if (this.state.epoch <= epoch) this.close(epoch);
    const flushed = withData
      ? { transactionalId: `t${epoch % 3}`, firstOffsets: {}, openedAtMs: 0, timeoutMs: 1 }
      : null;
    const result = prepared(this.state, epoch, flushed, this.rules);
    this.state = result.state;
    this.handles.set(epoch, result.handle);
    return result.handle;
  }

  commit(epoch: number): string {
    const { state, next } = commitRequested(
      this.state,
      epoch,
      this.handles.get(epoch) ?? { kind: 'empty' },
      this.rules,
    );
    this.state = state;
    return next.step;
  }

  /** One whole epoch, committed before the next barrier comes. */
  epoch(epoch: number): void {
    this.write();
    this.prepare(epoch);
    expect(this.commit(epoch)).toBe('end-transaction');
    this.state = commitAnswered(this.state, epoch, 'NONE');
  }
}

describe('sink transactions', () => {
  it('the next epoch is written while the one before is being flushed, but not a third (S7)', () => {
    const sink = new Driver();
    sink.write();
    sink.close(1);
    sink.write();
    expect(sink.state.slots.map(({ status }) => status)).toEqual(['unused', 'open', 'open']);
    expect(() => sink.close(2)).toThrow(/S7/);
    expect(() => sink.commit(1)).toThrow(/S4/);
    expect(sink.prepare(1)).toMatchObject({ kind: 'kafka', transactionalId: 't1' });
    expect(() => sink.prepare(1)).toThrow(/S7/);
    expect(sink.commit(1)).toBe('end-transaction');
    sink.close(2);
    expect(sink.prepare(2)).toMatchObject({ kind: 'kafka', transactionalId: 't2' });
  });

  it('nothing is sent before the first record; each use of a slot begins with one InitProducerId (S1, S3)', () => {
    const sink = new Driver();
    expect(sink.inits).toEqual([0, 0, 0]);
    for (let epoch = 1; epoch <= 9; epoch += 1) sink.epoch(epoch);
    expect(sink.inits).toEqual([3, 3, 3]);
    expect(sink.handles.get(7)).toMatchObject({ producerEpoch: 2 });
  });

  it('works one epoch ahead of the commits, as the barriers allow', () => {
    const sink = new Driver();
    for (let epoch = 1; epoch <= 9; epoch += 1) {
      sink.write();
      if (epoch > 1) {
        sink.commit(epoch - 1);
        sink.state = commitAnswered(sink.state, epoch - 1, 'NONE');
      }
      sink.prepare(epoch);
    }
    expect(sink.inits).toEqual([3, 3, 3]);
  });

  it('a Commit that lacks the handle of what was prepared is no acknowledgement (S4)', () => {
    const sink = new Driver();
    sink.write();
    sink.prepare(1);
    expect(() => commitRequested(sink.state, 1, { kind: 'empty' })).toThrow(/without its handle/);
  });

  it('holds records back while the slot is prepared or not recorded committed (S2)', () => {
    const sink = new Driver();
    for (const epoch of [1, 2, 3]) {
      sink.write();
      sink.prepare(epoch);
    }
    expect(nextForRecords(sink.state)).toEqual({ step: 'await-commit', slot: 1, epoch: 1 });
    expect(slotToInitializeAhead(sink.state)).toBeNull();
    sink.commit(1);
    expect(nextForRecords(sink.state)).toMatchObject({ step: 'await-commit' });
    sink.state = commitAnswered(sink.state, 1, 'NONE');
    expect(nextForRecords(sink.state)).toEqual({ step: 'initialize', slot: 1 });
  });

  it('may initialize ahead as soon as the next slot is recorded committed (S2)', () => {
    const sink = new Driver();
    sink.epoch(1);
    expect(slotToInitializeAhead(sink.state)).toBe(0); // epoch 3, first use
    sink.epoch(2);
    expect(slotToInitializeAhead(sink.state)).toBe(1); // epoch 4: Commit(2) proves that epoch 1 is recorded
    sink.init(1);
    expect(slotToInitializeAhead(sink.state)).toBeNull();
    sink.epoch(3);
    sink.epoch(4);
    expect(sink.inits).toEqual([1, 2, 1]);
  });

  it('an epoch without records has an empty handle and keeps its producer id (S3)', () => {
    const sink = new Driver();
    expect(sink.prepare(1, false)).toEqual({ kind: 'empty' });
    expect(sink.commit(1)).toBe('acknowledge');
    sink.epoch(2);
    sink.init(0);
    expect(sink.prepare(3, false)).toEqual({ kind: 'empty' });
    for (const epoch of [4, 5, 6]) sink.epoch(epoch);
    expect(sink.inits).toEqual([1, 1, 2]);
  });

  it('a Commit that comes again, or late, touches nothing and is acknowledged (S4)', () => {
    const sink = new Driver();
    sink.epoch(1);
    expect(sink.commit(1)).toBe('acknowledge');
    for (const epoch of [2, 3]) sink.epoch(epoch);
    sink.write(); // epoch 4 in the slot of epoch 1
    const before = sink.state.slots;
    expect(sink.commit(1)).toBe('acknowledge');
    expect(sink.state.slots).toEqual(before);
  });

  it('a Commit that is being done is not done twice', () => {
    const sink = new Driver();
    sink.write();
    sink.prepare(1);
    expect([sink.commit(1), sink.commit(1)]).toEqual(['end-transaction', 'in-progress']);
    sink.state = commitAnswered(sink.state, 1, 'ask-again');
    expect(sink.commit(1)).toBe('in-progress');
    expect(sink.state.failure).toBeNull();
  });

  it('with the rule S4 switched off it would commit the open epoch', () => {
    const sink = new Driver(1, { ...allRules, commitOnlyHeldEpoch: false });
    for (const epoch of [1, 2, 3]) sink.epoch(epoch);
    sink.write();
    expect(sink.commit(1)).toBe('end-transaction');
  });

  it('with the rule S3 switched off the old ids would be used again', () => {
    const sink = new Driver(1, { ...allRules, reuseBeginsWithInit: false });
    for (const epoch of [1, 2, 3, 4]) sink.epoch(epoch);
    expect(sink.inits).toEqual([1, 1, 1]);
    expect(sink.handles.get(4)).toMatchObject({ producerEpoch: 0 });
  });

  it('with empty handles not marked the empty transaction is asked about (D6)', () => {
    const sink = new Driver(1, { ...allRules, emptyHandlesSkipped: false });
    sink.init(1);
    expect(sink.prepare(1, false)).toMatchObject({ kind: 'kafka', producerId: '1' });
  });

  it.each([
    'INVALID_PRODUCER_EPOCH',
    'PRODUCER_FENCED',
    'INVALID_TXN_STATE',
    'INVALID_PRODUCER_ID_MAPPING',
  ] as const)('%s to EndTxn fails the task for good (S5, S6)', (answer) => {
    const sink = new Driver();
    sink.write();
    sink.prepare(1);
    sink.commit(1);
    sink.state = commitAnswered(sink.state, 1, answer);
    expect(sink.state.failure).toContain(answer);
    expect(() => sink.commit(1)).toThrow(/S6/);
    expect(() => nextForRecords(sink.state)).toThrow(/S6/);
    expect(() => restartInPlace(sink.state)).toThrow(/S6/);
  });

  const sinkAt = (steps: (sink: Driver) => void): Driver => {
    const sink = new Driver();
    steps(sink);
    return sink;
  };
  it.each<[string, (sink: Driver) => void, (sink: Driver) => unknown, RegExp]>([
    [
      'a second InitProducerId for one use',
      (sink) => void (sink.state = initSent(sink.state, 1)),
      (sink) => initSent(sink.state, 1),
      /S1/,
    ],
    ['InitProducerId on an open slot', (sink) => sink.write(), (sink) => initSent(sink.state, 1), /S1/],
    [
      'InitProducerId on a prepared slot',
      (sink) => (sink.write(), sink.prepare(1)),
      (sink) => initSent(sink.state, 1),
      /S1/,
    ],
    [
      'an answer that was not asked for',
      () => undefined,
      (sink) => initAnswered(sink.state, 1, { producerId: '1', producerEpoch: 0 }),
      /S1/,
    ],
    ['records without a producer id', () => undefined, (sink) => opened(sink.state), /S1/],
    ['a barrier out of order', () => undefined, (sink) => sink.prepare(2, false), /S7/],
    [
      'a prepare without the data that was written',
      (sink) => sink.write(),
      (sink) => sink.prepare(1, false),
      /S7/,
    ],
    [
      'a Commit of an epoch that has not been prepared',
      (sink) => sink.write(),
      (sink) => sink.commit(1),
      /S7/,
    ],
    [
      'an answer to an EndTxn that was not sent',
      (sink) => (sink.write(), sink.prepare(1)),
      (sink) => commitAnswered(sink.state, 1, 'NONE'),
      /S4/,
    ],
    [
      'anything after a failure',
      (sink) => void (sink.state = failed(sink.state, 'no answer to InitProducerId')),
      (sink) => sink.write(),
      /S6.*|no answer/,
    ],
  ])('refuses %s', (_, before, illegal, rule) => {
    expect(() => illegal(sinkAt(before))).toThrow(rule);
  });
});
