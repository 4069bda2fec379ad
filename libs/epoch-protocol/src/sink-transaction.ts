import { unreachable } from '@weir/kernel/assert.ts';
import { IllegalTransition } from './protocol-errors.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';
import type { EndTxnAnswer } from './recovery-verdict.ts';
import type { EmptyHandle, KafkaHandle } from './sink-handle.ts';
import { slotCount, slotOf } from './transactional-id.ts';

/*
 * The transactions of one Kafka sink subtask in one generation: three slots, each with a transactional id; the output of
 * epoch e goes through slot e mod 3. The driver asks `nextForRecords` before it writes and `commitRequested` on a Commit,
 * does what they say, and reports back. An illegal transition, or `failed`, fails the task, which ends the generation.
 *
 * S1  InitProducerId is called at a slot's first use and whenever it is used again, and only then: once a use. When no answer
 *     comes the task fails; an answered error of the coordinator may be repeated (!).
 * S2  A slot is used again only when its last epoch is recorded committed in the ledger (!).
 * S3  Using it again begins with InitProducerId, so that a delayed EndTxn of the old epoch finds another producer epoch (!).
 *     An epoch that added nothing has no EndTxn: its slot keeps its producer id for the next use.
 * S4  A Commit is acted on only while the slot still holds its epoch; otherwise it has been done: acknowledge, touch nothing (!).
 * S5  Any answer to EndTxn but NONE, or one that is to be repeated, fails the task without an acknowledgement.
 * S6  A failed task stays failed: there is no restart in place (!).
 * S7  Epochs are closed and prepared in order, one by one: at most two transactions are open, that of the epoch whose barrier has come and
 *     which is being flushed, and that of the next.
 */

export interface ProducerIds {
  /** An int64 as decimal text. */
  readonly producerId: string;
  readonly producerEpoch: number;
}

export type Slot =
  /** Never used: no InitProducerId was sent. */
  | { readonly status: 'unused' }
  /** InitProducerId is on its way, for the use by `epoch`. */
  | { readonly status: 'initializing'; readonly epoch: number }
  /** Initialized, nothing added yet. `epoch` is the next that may use it. */
  | { readonly status: 'ready'; readonly epoch: number; readonly ids: ProducerIds }
  /** Records of `epoch` have been added. */
  | { readonly status: 'open'; readonly epoch: number; readonly ids: ProducerIds }
  /** Flushed and kept open; EndTxn is the coordinator's to order. */
  | { readonly status: 'prepared'; readonly epoch: number; readonly handle: KafkaHandle }
  /** EndTxn(commit) is on its way. */
  | { readonly status: 'committing'; readonly epoch: number; readonly handle: KafkaHandle }
  /** EndTxn answered NONE. */
  | { readonly status: 'committed'; readonly epoch: number; readonly ids: ProducerIds };

export interface SinkTransactions {
  /** The epoch to which records belong that come now. */
  readonly epoch: number;
  /** Every epoch up to this one is recorded committed in the ledger. */
  readonly recordedThrough: number;
  readonly slots: readonly Slot[];
  /** Why the task has failed; null while it hasn't. */
  readonly failure: string | null;
}

/** @param firstEpoch the generation's first epoch; its base, and all before it, are recorded committed */
export function newSinkTransactions(firstEpoch: number): SinkTransactions {
  const slots = Array.from({ length: slotCount }, (): Slot => ({ status: 'unused' }));
  return { epoch: firstEpoch, recordedThrough: firstEpoch - 1, slots, failure: null };
}

/** What the driver does before it writes records of the current epoch. */
export type RecordsStep =
  /** Write; on the first batch call `opened`. */
  | { readonly step: 'write'; readonly slot: number; readonly ids: ProducerIds }
  /** Send InitProducerId for the slot's transactional id (after `initSent`). */
  | { readonly step: 'initialize'; readonly slot: number }
  /** InitProducerId is on its way. */
  | { readonly step: 'await-initialize'; readonly slot: number }
  /** The slot isn't free yet: hold the records back, go on handling Commits. */
  | { readonly step: 'await-commit'; readonly slot: number; readonly epoch: number };

/** What has to be done so that records of the current epoch can be written. */
export function nextForRecords(state: SinkTransactions, rules: ProtocolRules = allRules): RecordsStep {
  return stepFor(state, state.epoch, rules);
}

/** Whether InitProducerId may be sent ahead for the epoch after the current one: its slot, or null. */
export function slotToInitializeAhead(
  state: SinkTransactions,
  rules: ProtocolRules = allRules,
): number | null {
  if (state.failure !== null) return null;
  const next = stepFor(state, state.epoch + 1, rules);
  return next.step === 'initialize' ? next.slot : null;
}

function stepFor(state: SinkTransactions, epoch: number, rules: ProtocolRules): RecordsStep {
  alive(state, 'records');
  const number = slotOf(epoch);
  const slot = slotAt(state, epoch);
  switch (slot.status) {
    case 'unused':
      return { step: 'initialize', slot: number }; // S1
    case 'initializing':
      return { step: 'await-initialize', slot: number };
    case 'ready':
    case 'open':
      return { step: 'write', slot: number, ids: slot.ids };
    case 'prepared':
    case 'committing':
      return { step: 'await-commit', slot: number, epoch: slot.epoch }; // S2
    case 'committed':
      if (rules.reuseOnlyCommittedSlot && slot.epoch > state.recordedThrough) {
        return { step: 'await-commit', slot: number, epoch: slot.epoch }; // S2
      }
      if (!rules.reuseBeginsWithInit) return { step: 'write', slot: number, ids: slot.ids };
      return { step: 'initialize', slot: number }; // S3
    default:
      return unreachable(slot);
  }
}

/** unused | committed -> initializing. Before InitProducerId is sent, for the current epoch or the one after it. */
export function initSent(
  state: SinkTransactions,
  slot: number,
  rules: ProtocolRules = allRules,
): SinkTransactions {
  const epoch = slotOf(state.epoch) === slot ? state.epoch : state.epoch + 1;
  const next = stepFor(state, epoch, rules);
  const again = !rules.initOncePerUse && next.step === 'await-initialize';
  if (slotOf(epoch) !== slot || (next.step !== 'initialize' && !again))
    throw illegal(state, slot, 'InitProducerId', 'S1');
  return withSlot(state, slot, { status: 'initializing', epoch });
}

/** initializing -> ready. InitProducerId answered with ids. */
export function initAnswered(state: SinkTransactions, slot: number, ids: ProducerIds): SinkTransactions {
  const held = state.slots[slot];
  if (held?.status !== 'initializing') throw illegal(state, slot, 'an answer to InitProducerId', 'S1');
  return withSlot(state, slot, { status: 'ready', epoch: held.epoch, ids });
}

/** ready -> open. Before the first partition is added to the current epoch's transaction; again is harmless. */
export function opened(state: SinkTransactions, rules: ProtocolRules = allRules): SinkTransactions {
  const next = nextForRecords(state, rules);
  const number = slotOf(state.epoch);
  if (next.step !== 'write') throw illegal(state, number, 'records', 'S1');
  return withSlot(state, number, { status: 'open', epoch: state.epoch, ids: next.ids });
}

/** The transaction's data as the sink knows it when it has flushed. */
export type FlushedTransaction = Omit<KafkaHandle, 'kind' | 'producerId' | 'producerEpoch'>;

/**
 * The barrier of `epoch` has come, all its records are written and perhaps not flushed: the next epoch begins. The barrier proves that
 * the parent of `epoch` is in the ledger, and so that the epoch before the parent is recorded committed.
 */
export function closed(state: SinkTransactions, epoch: number): SinkTransactions {
  alive(state, `the barrier of epoch ${epoch}`);
  const before = slotAt(state, epoch - 1);
  const beforeIsOpen = before.status === 'open' && before.epoch === epoch - 1;
  if (epoch !== state.epoch || beforeIsOpen)
    throw illegal(state, slotOf(epoch), `the barrier of epoch ${epoch}`, 'S7');
  return { ...state, epoch: epoch + 1, recordedThrough: Math.max(state.recordedThrough, epoch - 2) };
}

/**
 * open -> prepared. All of the last epoch that was closed is flushed.
 * @param flushed describes the transaction; null when nothing was added to it
 */
export function prepared(
  state: SinkTransactions,
  epoch: number,
  flushed: FlushedTransaction | null,
  rules: ProtocolRules = allRules,
): { readonly state: SinkTransactions; readonly handle: KafkaHandle | EmptyHandle } {
  alive(state, `a prepare of epoch ${epoch}`);
  const number = slotOf(epoch);
  const slot = slotAt(state, epoch);
  if (epoch !== state.epoch - 1) throw illegal(state, number, `a prepare of epoch ${epoch}`, 'S7');
  const isOpen = slot.status === 'open' && slot.epoch === epoch;
  if (isOpen !== (flushed !== null))
    throw illegal(state, number, `a prepare ${flushed ? 'with' : 'without'} data`, 'S7');
  if (!isOpen || flushed === null) return { state, handle: emptyHandle(slot, epoch, rules) };
  const handle: KafkaHandle = { kind: 'kafka', ...flushed, ...slot.ids };
  return { state: withSlot(state, number, { status: 'prepared', epoch, handle }), handle };
}

export type CommitStep =
  /** Send EndTxn(commit) with the handle's ids (the state says `committing` now). */
  | { readonly step: 'end-transaction'; readonly handle: KafkaHandle }
  /** EndTxn is on its way already: its answer acknowledges. */
  | { readonly step: 'in-progress' }
  /** Done before, or there was nothing to commit. */
  | { readonly step: 'acknowledge' };

/**
 * prepared -> committing. `Commit(g, e)` came, which proves that `Epoch{e}` is in the ledger, so that its parent is recorded committed.
 * @param saved the handle that Commit carries
 */
export function commitRequested(
  state: SinkTransactions,
  epoch: number,
  saved: KafkaHandle | EmptyHandle,
  rules: ProtocolRules = allRules,
): { readonly state: SinkTransactions; readonly next: CommitStep } {
  alive(state, `Commit of epoch ${epoch}`);
  if (epoch >= state.epoch) throw illegal(state, slotOf(epoch), `Commit of epoch ${epoch}`, 'S7');
  const after = { ...state, recordedThrough: Math.max(state.recordedThrough, epoch - 1) };
  const slot = slotAt(state, epoch);
  const holds = 'epoch' in slot && slot.epoch === epoch;
  if (saved.kind === 'empty') {
    if (holds && (slot.status === 'prepared' || slot.status === 'open'))
      throw illegal(state, slotOf(epoch), `Commit of epoch ${epoch} without its handle`, 'S4');
    return { state: after, next: { step: 'acknowledge' } };
  }
  if (!holds && rules.commitOnlyHeldEpoch) return { state: after, next: { step: 'acknowledge' } }; // S4
  if (slot.status === 'committing') return { state: after, next: { step: 'in-progress' } };
  if (holds && slot.status === 'committed') return { state: after, next: { step: 'acknowledge' } };
  if (holds && slot.status !== 'prepared')
    throw illegal(state, slotOf(epoch), `Commit of epoch ${epoch}`, 'S4');
  if (!holds) return { state: after, next: { step: 'end-transaction', handle: saved } };
  return {
    state: withSlot(after, slotOf(epoch), { status: 'committing', epoch, handle: saved }),
    next: { step: 'end-transaction', handle: saved },
  };
}

/** committing -> committed | failed; `ask-again` stays committing: send EndTxn again after a pause. S5 */
export function commitAnswered(
  state: SinkTransactions,
  epoch: number,
  answer: EndTxnAnswer,
): SinkTransactions {
  const number = slotOf(epoch);
  const slot = slotAt(state, epoch);
  if (slot.status !== 'committing' || slot.epoch !== epoch) {
    throw illegal(state, number, `an answer to EndTxn of epoch ${epoch}`, 'S4');
  }
  if (answer === 'ask-again') return state;
  if (answer !== 'NONE') return failed(state, `EndTxn of epoch ${epoch} (slot ${number}) answered ${answer}`); // S5
  const ids = { producerId: slot.handle.producerId, producerEpoch: slot.handle.producerEpoch };
  return withSlot(state, number, { status: 'committed', epoch, ids });
}

/** any -> failed: no answer to InitProducerId (S1), a failed write, an answer that S5 names. */
export function failed(state: SinkTransactions, reason: string): SinkTransactions {
  return { ...state, failure: state.failure ?? reason };
}

/** S6: what a task may do after a failure is nothing; only with the rule switched off does it begin anew in its generation. */
export function restartInPlace(state: SinkTransactions, rules: ProtocolRules = allRules): SinkTransactions {
  if (rules.noRestartInPlace) throw illegal(state, slotOf(state.epoch), 'a restart in place', 'S6');
  return newSinkTransactions(state.epoch);
}

function emptyHandle(slot: Slot, epoch: number, rules: ProtocolRules): KafkaHandle | EmptyHandle {
  if (rules.emptyHandlesSkipped || slot.status !== 'ready') return { kind: 'empty' };
  return {
    kind: 'kafka',
    transactionalId: '',
    ...slot.ids,
    firstOffsets: {},
    openedAtMs: epoch,
    timeoutMs: 0,
  };
}

function slotAt(state: SinkTransactions, epoch: number): Slot {
  return state.slots[slotOf(epoch)] ?? { status: 'unused' };
}

function withSlot(state: SinkTransactions, number: number, slot: Slot): SinkTransactions {
  return { ...state, slots: state.slots.with(number, slot) };
}

function alive(state: SinkTransactions, event: string): void {
  if (state.failure !== null)
    throw new IllegalTransition('sink transactions', `failed (${state.failure})`, event, 'S6');
}

function illegal(state: SinkTransactions, number: number, event: string, rule: string): IllegalTransition {
  const slot = state.slots[number];
  const held =
    slot === undefined ? 'missing' : `${slot.status}${'epoch' in slot ? ` by epoch ${slot.epoch}` : ''}`;
  return new IllegalTransition(
    'sink transactions',
    `slot ${number} is ${held}, the epoch is ${state.epoch}`,
    event,
    rule,
  );
}
