import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';

/*
 * The brokers' transaction coordinator and log, for the transactional ids of one sink subtask in one generation.
 * EndTxn answers as the table in docs/protocol.md says.
 *
 * Producer epochs matter only by whether somebody holds them: an InitProducerId for cleaning up changes nothing when nobody knows
 * the current epoch (a repeat, or an id that was never used), which keeps the numbers, and so the states, finite.
 */

export interface TransactionState {
  /** Index of its first batch in the log: what a handle keeps as its first offset. */
  readonly first: number;
  readonly status: 'ongoing' | 'committed' | 'aborted';
  /** More than 80 % of its timeout is gone. */
  readonly old: boolean;
}

export interface TransactionalIdState {
  readonly epoch: number;
  /** Some task was given this producer epoch. */
  readonly held: boolean;
  /** The last transaction under the current producer epoch. */
  readonly transaction: TransactionState | null;
}

export interface LoggedBatch {
  readonly g: number;
  readonly e: number;
  readonly record: number;
  readonly outcome: 'open' | 'committed' | 'aborted';
}

export interface Broker {
  readonly ids: readonly TransactionalIdState[];
  readonly log: readonly LoggedBatch[];
}

export function newBroker(slots: number): Broker {
  return {
    ids: Array.from({ length: slots }, () => ({ epoch: -1, held: false, transaction: null })),
    log: [],
  };
}

export function idAt(broker: Broker, slot: number): TransactionalIdState {
  return broker.ids[slot] ?? { epoch: -1, held: false, transaction: null };
}

/** InitProducerId by a task: aborts what is open, fences whoever held the epoch before. */
export function initByTask(broker: Broker, slot: number): Broker {
  const { epoch } = idAt(broker, slot);
  return withId(aborted(broker, slot), slot, { epoch: epoch + 1, held: true, transaction: null });
}

/** InitProducerId by a coordinator: the new epoch is nobody's. */
export function initByCleaner(broker: Broker, slot: number): Broker {
  const { epoch, held } = idAt(broker, slot);
  if (!held) return broker;
  return withId(aborted(broker, slot), slot, { epoch: epoch + 1, held: false, transaction: null });
}

/** AddPartitionsToTxn and Produce of one batch. Null: the producer epoch is fenced. */
export function written(
  broker: Broker,
  slot: number,
  epoch: number,
  batch: Omit<LoggedBatch, 'outcome'>,
): Broker | null {
  const id = idAt(broker, slot);
  if (id.epoch !== epoch || !id.held) return null;
  const log = [...broker.log, { ...batch, outcome: 'open' as const }];
  const { transaction } = id;
  if (transaction?.status === 'ongoing') return { ...broker, log };
  const begun: TransactionState = { first: broker.log.length, status: 'ongoing', old: false };
  return withId({ ...broker, log }, slot, { ...id, transaction: begun });
}

/** EndTxn(commit) with a saved producer epoch. */
export function endTransaction(
  broker: Broker,
  slot: number,
  epoch: number,
): { readonly broker: Broker; readonly answer: EndTxnAnswer } {
  const id = idAt(broker, slot);
  if (id.epoch < 0) return { broker, answer: 'INVALID_PRODUCER_ID_MAPPING' };
  if (epoch !== id.epoch || !id.held) return { broker, answer: 'PRODUCER_FENCED' };
  switch (id.transaction?.status) {
    case 'ongoing':
      return { broker: ended(broker, slot, 'committed'), answer: 'NONE' };
    case 'committed':
      return { broker, answer: 'NONE' };
    default:
      return { broker, answer: 'INVALID_TXN_STATE' };
  }
}

/** The broker gives an open transaction up. */
export function timedOut(broker: Broker, slot: number, bumps: boolean): Broker {
  const after = aborted(broker, slot);
  const { epoch } = idAt(broker, slot);
  return bumps ? withId(after, slot, { epoch: epoch + 1, held: false, transaction: null }) : after;
}

/** A write of the aborted transaction lands late, under the same producer epoch, and opens it again. */
export function reopened(broker: Broker, slot: number): Broker {
  const id = idAt(broker, slot);
  const batch = broker.log[id.transaction?.first ?? -1];
  if (id.transaction?.status !== 'aborted' || batch === undefined) return broker;
  const { g, e, record } = batch;
  return written(broker, slot, id.epoch, { g, e, record }) ?? broker;
}

export function agedTransaction(broker: Broker, slot: number): Broker {
  const id = idAt(broker, slot);
  if (id.transaction?.status !== 'ongoing' || id.transaction.old) return broker;
  return withId(broker, slot, { ...id, transaction: { ...id.transaction, old: true } });
}

/** What read_committed Fetches from a first offset show. */
export function logAnswer(broker: Broker, first: number): LogAnswer {
  const batch = broker.log[first];
  if (batch === undefined) return 'silent';
  return batch.outcome === 'open' ? 'undecided' : batch.outcome;
}

export function isOngoing(broker: Broker, slot: number): boolean {
  return idAt(broker, slot).transaction?.status === 'ongoing';
}

function aborted(broker: Broker, slot: number): Broker {
  return isOngoing(broker, slot) ? ended(broker, slot, 'aborted') : broker;
}

/** Ends the open transaction, with all its batches: they are the open ones since its first. */
function ended(broker: Broker, slot: number, outcome: 'committed' | 'aborted'): Broker {
  const id = idAt(broker, slot);
  if (id.transaction === null) return broker;
  const { first } = id.transaction;
  const { g, e } = broker.log[first] ?? { g: -1, e: -1 };
  const log = broker.log.map((batch, index) =>
    index >= first && batch.outcome === 'open' && batch.g === g && batch.e === e
      ? { ...batch, outcome }
      : batch,
  );
  return withId({ ...broker, log }, slot, { ...id, transaction: { ...id.transaction, status: outcome } });
}

function withId(broker: Broker, slot: number, id: TransactionalIdState): Broker {
  return { ...broker, ids: broker.ids.with(slot, id) };
}
