import type { KafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import { parseTransactionalId } from '@weir/epoch-protocol/transactional-id.ts';

interface Transaction {
  readonly handle: KafkaHandle;
  state: 'open' | 'committed' | 'aborted';
}

/** Transactions as Kafka keeps them, as far as the coordinator can tell: EndTxn, InitProducerId, what the log shows. */
export class FakeBroker {
  readonly transactions: Transaction[] = [];
  readonly #epochs = new Map<string, number>();
  /** What clean-ups asked for: generations. */
  readonly cleanUps: number[][] = [];
  /** Answers `ask-again` while set. */
  away: string | null = null;
  /** Thrown at whoever connects while set. */
  refusal: WeirError | null = null;
  logReadable = true;
  identity = 'kafka-1';
  transactionTimeoutMs = 60_000;

  begin(transactionalId: string): KafkaHandle {
    const producerEpoch = this.initProducerId(transactionalId);
    const handle: KafkaHandle = {
      kind: 'kafka',
      transactionalId,
      producerId: '7',
      producerEpoch,
      firstOffsets: { 'out/0': String(this.transactions.length) },
      openedAtMs: Date.now(),
      timeoutMs: this.transactionTimeoutMs,
    };
    this.transactions.push({ handle, state: 'open' });
    return handle;
  }

  /** Aborts what is open and fences whoever held the id. */
  initProducerId(transactionalId: string): number {
    for (const each of this.transactions) {
      if (each.handle.transactionalId === transactionalId && each.state === 'open') each.state = 'aborted';
    }
    const epoch = (this.#epochs.get(transactionalId) ?? -1) + 1;
    this.#epochs.set(transactionalId, epoch);
    return epoch;
  }

  /** The broker's transaction timeout. */
  timeOut(handle: KafkaHandle): void {
    this.#abort(handle);
    this.#epochs.set(handle.transactionalId, handle.producerEpoch + 1);
  }

  endTxn(handle: KafkaHandle): EndTxnAnswer {
    if (this.away !== null) return 'ask-again';
    if (this.#epochs.get(handle.transactionalId) !== handle.producerEpoch) return 'PRODUCER_FENCED';
    const transaction = this.#find(handle);
    if (transaction === undefined || transaction.state === 'aborted') return 'INVALID_TXN_STATE';
    transaction.state = 'committed';
    return 'NONE';
  }

  log(handle: KafkaHandle): LogAnswer {
    const state = this.#find(handle)?.state;
    if (!this.logReadable || state === undefined) return 'silent';
    return state === 'open' ? 'undecided' : state;
  }

  stateOf(handle: KafkaHandle): Transaction['state'] | undefined {
    return this.#find(handle)?.state;
  }

  ongoing(): number[] {
    const open = this.transactions.filter((each) => each.state === 'open');
    return open.map((each) => parseTransactionalId(each.handle.transactionalId)?.g ?? 0);
  }

  #find(handle: KafkaHandle): Transaction | undefined {
    return this.transactions.find(
      (each) =>
        each.handle.transactionalId === handle.transactionalId &&
        each.handle.producerEpoch === handle.producerEpoch,
    );
  }

  #abort(handle: KafkaHandle): void {
    const transaction = this.#find(handle);
    if (transaction?.state === 'open') transaction.state = 'aborted';
  }
}
