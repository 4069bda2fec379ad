import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';

interface Transaction {
  readonly generation: number;
  readonly lines: string[];
  state: 'open' | 'committed' | 'aborted';
}

/**
 * A table outside of Weir that is written, with transactions as Kafka has them: lines count once theirs is committed, whoever asks for
 * that; one that was ended can't be reopened. It outlives the processes that write it.
 */
export class OutputTable {
  readonly name: string;
  readonly #transactions = new Map<string, Transaction>();
  readonly #released: (() => void)[] = [];
  /** While true no writer's commit goes through: epochs stay decided and not committed. Recovery's requests are answered. */
  holdCommits = false;
  /** Commits that were held at least for a while. */
  held = 0;
  /** Commits that recovery made. */
  recovered = 0;
  /** Transactions with lines that recovery aborted. */
  aborted = 0;

  constructor(name: string) {
    this.name = name;
  }

  append(id: string, generation: number, lines: readonly string[]): void {
    const transaction = this.#transactions.get(id) ?? { generation, lines: [], state: 'open' };
    if (transaction.state !== 'open')
      throw new Error(`${this.name}: ${id} is ${transaction.state}, and is written to`);
    this.#transactions.set(id, transaction);
    transaction.lines.push(...lines);
  }

  /** A writer commits what it has prepared. Repeats change nothing. */
  async commit(id: string, closing: AbortSignal): Promise<void> {
    if (this.holdCommits) {
      this.held += 1;
      await new Promise<void>((resolve, reject) => {
        this.#released.push(resolve);
        closing.addEventListener('abort', () => reject(new Error('the process ends')), { once: true });
      });
    }
    const transaction = this.#transactions.get(id);
    if (transaction === undefined || transaction.state === 'aborted') {
      throw new Error(`${this.name}: ${id} is ${transaction?.state ?? 'not there'}, and is to be committed`);
    }
    transaction.state = 'committed';
  }

  /** Recovery asks for the commit of a decided epoch. */
  endTransaction(id: string): EndTxnAnswer {
    const transaction = this.#transactions.get(id);
    if (transaction === undefined) return 'INVALID_TXN_STATE';
    if (transaction.state === 'aborted') return 'PRODUCER_FENCED';
    if (transaction.state === 'open') this.recovered += 1;
    transaction.state = 'committed';
    return 'NONE';
  }

  askLog(id: string): LogAnswer {
    const state = this.#transactions.get(id)?.state;
    if (state === undefined) return 'silent';
    return state === 'open' ? 'undecided' : state;
  }

  abortGenerations(generations: ReadonlySet<number>): void {
    for (const transaction of this.#transactions.values()) {
      if (transaction.state !== 'open' || !generations.has(transaction.generation)) continue;
      transaction.state = 'aborted';
      this.aborted += 1;
    }
  }

  get openGenerations(): number[] {
    const open = [...this.#transactions.values()].filter(({ state }) => state === 'open');
    return [...new Set(open.map(({ generation }) => generation))];
  }

  /** Lines of committed transactions, sorted. */
  get committedLines(): string[] {
    const committed = [...this.#transactions.values()].filter(({ state }) => state === 'committed');
    return committed.flatMap(({ lines }) => lines).toSorted();
  }

  releaseCommits(): void {
    this.holdCommits = false;
    for (const release of this.#released.splice(0)) release();
  }
}
