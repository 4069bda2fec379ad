import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';
import type { KafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { parseTransactionalId } from '@weir/epoch-protocol/transactional-id.ts';
import type { FoldChanges } from './fold-changes.ts';
import type { WeirError } from '@weir/kernel/errors.ts';

interface Transaction {
  readonly handle: KafkaHandle;
  /** The table that its lines are for. */
  readonly table: string;
  readonly lines: string[];
  state: 'open' | 'committed' | 'aborted';
}

/**
 * Transactions as Kafka keeps them: lines count once theirs is committed, whoever asks for that; one that was ended can't be reopened;
 * InitProducerId fences. It outlives the processes that write.
 */
export class TestBroker {
  readonly transactions: Transaction[] = [];
  /** Of tables whose lines are changes; a subtask's transactions are in their order here, and one subtask has all changes of a key. */
  readonly folds = new Map<string, FoldChanges>();
  readonly #epochs = new Map<string, number>();
  readonly #released: (() => void)[] = [];
  /** What clean-ups asked for: generations. */
  readonly cleanUps: number[][] = [];
  /** Answers `ask-again` while set. */
  away: string | null = null;
  /** Thrown at whoever connects while set. */
  refusal: WeirError | null = null;
  logReadable = true;
  identity = 'kafka-1';
  /** undefined: nobody can tell. */
  transactionTimeoutMs: number | undefined = 60_000;
  /** While true no writer's commit goes through: epochs stay decided and not committed. Recovery's requests are answered. */
  holdCommits = false;
  /** Commits of writers that were held at least for a while. */
  held = 0;
  /** Commits that recovery made. */
  recovered = 0;
  /** Transactions with lines that were aborted. */
  aborted = 0;

  begin(transactionalId: string, table = 'out', nowMs = Date.now()): KafkaHandle {
    const producerEpoch = this.initProducerId(transactionalId);
    const handle: KafkaHandle = {
      kind: 'kafka',
      transactionalId,
      producerId: '7',
      producerEpoch,
      firstOffsets: { [`${table}/0`]: String(this.transactions.length) },
      openedAtMs: nowMs,
      timeoutMs: this.transactionTimeoutMs ?? 3_600_000,
    };
    this.transactions.push({ handle, table, lines: [], state: 'open' });
    return handle;
  }

  append(handle: KafkaHandle, lines: readonly string[]): void {
    const transaction = this.#find(handle);
    if (transaction?.state !== 'open') {
      throw new Error(`${handle.transactionalId} is ${transaction?.state ?? 'not there'}, and is written to`);
    }
    transaction.lines.push(...lines);
  }

  /** A writer commits what it has prepared. Repeats change nothing. */
  async commit(handle: KafkaHandle, closing: AbortSignal): Promise<void> {
    if (this.holdCommits) {
      this.held += 1;
      await new Promise<void>((resolve, reject) => {
        this.#released.push(resolve);
        closing.addEventListener('abort', () => reject(new Error('the process ends')), { once: true });
      });
    }
    const transaction = this.#find(handle);
    if (transaction === undefined || transaction.state === 'aborted') {
      const state = transaction?.state ?? 'not there';
      throw new Error(`${handle.transactionalId} is ${state}, and is to be committed`);
    }
    transaction.state = 'committed';
  }

  releaseCommits(): void {
    this.holdCommits = false;
    for (const release of this.#released.splice(0)) release();
  }

  /** Aborts what is open and fences whoever held the id. */
  initProducerId(transactionalId: string): number {
    for (const each of this.transactions)
      if (each.handle.transactionalId === transactionalId) this.#abort(each);
    const epoch = (this.#epochs.get(transactionalId) ?? -1) + 1;
    this.#epochs.set(transactionalId, epoch);
    return epoch;
  }

  /** The broker's transaction timeout. */
  timeOut(handle: KafkaHandle): void {
    this.#abort(this.#find(handle));
    this.#epochs.set(handle.transactionalId, handle.producerEpoch + 1);
  }

  /** EndTxn(commit) with saved ids. */
  endTxn(handle: KafkaHandle): EndTxnAnswer {
    if (this.away !== null) return 'ask-again';
    if (this.#epochs.get(handle.transactionalId) !== handle.producerEpoch) return 'PRODUCER_FENCED';
    const transaction = this.#find(handle);
    if (transaction === undefined || transaction.state === 'aborted') return 'INVALID_TXN_STATE';
    if (transaction.state === 'open') this.recovered += 1;
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

  /** Generations of a sink's operator that have something open; of any operator when it is left out. */
  ongoing(operator?: string): number[] {
    const open = this.transactions.filter(({ state }) => state === 'open');
    const ids = open.flatMap(({ handle }) => parseTransactionalId(handle.transactionalId) ?? []);
    return ids.filter(({ sink }) => operator === undefined || sink === operator).map(({ g }) => g);
  }

  /** What the lines of a table's committed transactions come to, sorted: the lines themselves, or the rows that stand where they are changes. */
  committedLines(table: string): string[] {
    const committed = this.transactions.filter((each) => each.table === table && each.state === 'committed');
    const lines = committed.flatMap((each) => each.lines);
    return (this.folds.get(table)?.(lines) ?? lines).toSorted();
  }

  #find(handle: KafkaHandle): Transaction | undefined {
    return this.transactions.findLast(
      (each) =>
        each.handle.transactionalId === handle.transactionalId &&
        each.handle.producerEpoch === handle.producerEpoch,
    );
  }

  #abort(transaction: Transaction | undefined): void {
    if (transaction?.state !== 'open') return;
    transaction.state = 'aborted';
    if (transaction.lines.length > 0) this.aborted += 1;
  }
}
