import { brokerError } from '@weir/kafka/broker-errors.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';
import type { SimLog } from './sim-log.ts';

type State = 'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort';

/** Why a transaction was aborted, for checks. */
export type AbortCause = 'client' | 'fenced' | 'timeout';

export interface SimTransaction {
  readonly id: string;
  producerId: bigint;
  producerEpoch: number;
  timeoutMs: number;
  state: State;
  openedAtMs: number;
  readonly partitions: Set<SimLog>;
}

export interface InitAnswer {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface AbortedTransactionRecord {
  readonly id: string;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly cause: AbortCause;
}

const sweepMs = 2000;

/**
 * Kafka's transaction coordinator (transaction version 1, EndTxn up to v4), after docs/protocol.md's table: a fence or a timeout raises
 * the producer's epoch; an explicit abort doesn't, so that a late write may reopen the transaction.
 */
export class SimTransactions {
  readonly #world: SimWorld;
  readonly #byId = new Map<string, SimTransaction>();
  #nextProducerId = 1000n;
  /** Milliseconds that the markers of an ended transaction take at most. */
  slowestMarkersMs = 6;
  readonly aborts: AbortedTransactionRecord[] = [];

  constructor(world: SimWorld) {
    this.#world = world;
    this.#sweep();
  }

  all(): readonly SimTransaction[] {
    return [...this.#byId.values()];
  }

  newProducerId(): bigint {
    this.#nextProducerId += 1n;
    return this.#nextProducerId;
  }

  initProducerId(id: string, timeoutMs: number): InitAnswer {
    const known = this.#byId.get(id);
    if (known === undefined) {
      const made: SimTransaction = {
        id,
        producerId: this.newProducerId(),
        producerEpoch: 0,
        timeoutMs,
        state: 'Empty',
        openedAtMs: 0,
        partitions: new Set(),
      };
      this.#byId.set(id, made);
      return { errorCode: 0, producerId: made.producerId, producerEpoch: 0 };
    }
    if (known.state === 'Ongoing') this.#abort(known, 'fenced');
    if (known.state === 'PrepareCommit' || known.state === 'PrepareAbort') {
      return { errorCode: brokerError.concurrentTransactions, producerId: -1n, producerEpoch: -1 };
    }
    known.producerEpoch += 1;
    known.timeoutMs = timeoutMs;
    known.state = 'Empty';
    return { errorCode: 0, producerId: known.producerId, producerEpoch: known.producerEpoch };
  }

  addPartitions(id: string, producerId: bigint, epoch: number, logs: readonly SimLog[]): number {
    const known = this.#byId.get(id);
    const refusal = refusalOf(known, producerId, epoch);
    if (known === undefined || refusal !== 0) return refusal;
    if (known.state === 'PrepareCommit' || known.state === 'PrepareAbort')
      return brokerError.concurrentTransactions;
    if (known.state !== 'Ongoing') {
      known.state = 'Ongoing';
      known.openedAtMs = this.#world.nowMs;
      known.partitions.clear();
    }
    for (const log of logs) known.partitions.add(log);
    return 0;
  }

  /** Whether a Produce may go on: the partition was added to this very transaction. */
  verify(id: string, producerId: bigint, epoch: number, log: SimLog): boolean {
    const known = this.#byId.get(id);
    return (
      refusalOf(known, producerId, epoch) === 0 && known?.state === 'Ongoing' && known.partitions.has(log)
    );
  }

  endTransaction(id: string, producerId: bigint, epoch: number, commit: boolean): number {
    const known = this.#byId.get(id);
    const refusal = refusalOf(known, producerId, epoch);
    if (known === undefined || refusal !== 0) return refusal;
    switch (known.state) {
      case 'Ongoing':
        if (commit) this.#end(known, 'commit');
        else this.#end(known, 'abort', 'client');
        return 0;
      case 'PrepareCommit':
        return commit ? brokerError.concurrentTransactions : brokerError.invalidTxnState;
      case 'PrepareAbort':
        return commit ? brokerError.invalidTxnState : brokerError.concurrentTransactions;
      case 'CompleteCommit':
        return commit ? 0 : brokerError.invalidTxnState;
      case 'CompleteAbort':
        return commit ? brokerError.invalidTxnState : 0;
      case 'Empty':
        return brokerError.invalidTxnState;
    }
  }

  /** As at the end of its timeout: the broker takes an open transaction back. */
  timeOut(transaction: SimTransaction): void {
    if (transaction.state === 'Ongoing') this.#abort(transaction, 'timeout');
  }

  #sweep(): void {
    for (const each of this.#byId.values()) {
      if (each.state === 'Ongoing' && this.#world.nowMs - each.openedAtMs >= each.timeoutMs)
        this.timeOut(each);
    }
    this.#world.after(sweepMs, () => this.#sweep());
  }

  #abort(transaction: SimTransaction, cause: AbortCause): void {
    this.#world.trace('kafka', `${transaction.id} aborted (${cause})`);
    const { id, producerEpoch } = transaction;
    this.aborts.push({ id, producerId: String(transaction.producerId), producerEpoch, cause });
    transaction.producerEpoch += 1;
    this.#end(transaction, 'abort');
  }

  #end(transaction: SimTransaction, marker: 'commit' | 'abort', cause?: AbortCause): void {
    const { id, producerId, producerEpoch, partitions } = transaction;
    if (cause !== undefined) this.aborts.push({ id, producerId: String(producerId), producerEpoch, cause });
    transaction.state = marker === 'commit' ? 'PrepareCommit' : 'PrepareAbort';
    const logs = [...partitions];
    const { random } = this.#world;
    let last = 0;
    for (const log of logs) {
      const delayMs = 0.2 + random.next() * this.slowestMarkersMs;
      last = Math.max(last, delayMs);
      this.#world.after(delayMs, () => log.endTransaction(producerId, producerEpoch, marker));
    }
    this.#world.after(last + 0.1, () => {
      transaction.state = marker === 'commit' ? 'CompleteCommit' : 'CompleteAbort';
      partitions.clear();
    });
  }
}

function refusalOf(known: SimTransaction | undefined, producerId: bigint, epoch: number): number {
  if (known === undefined || known.producerId !== producerId) return brokerError.invalidProducerIdMapping;
  return known.producerEpoch === epoch ? 0 : brokerError.producerFenced;
}
