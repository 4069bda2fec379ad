import type { Batch } from '@weir/columnar/batch.ts';
import type { Sink } from '@weir/connectors/sink.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { ChainEnd } from './chain-end.ts';
import { notNullCheck } from './not-null-check.ts';

/** Sees a copy of what is written, while somebody looks (`weir tail`). */
export interface OutputTap {
  rows(batch: Batch): void;
}

/** The sink of a subtask as the end of its chain. */
export class SinkEnd implements ChainEnd {
  readonly operator: string;
  readonly sink: Sink;
  tap: OutputTap | null = null;
  #waitingForRoom = false;
  readonly #fail: (error: unknown) => void;

  readonly #checkRows: (batch: Batch) => void;
  readonly #takesUpdates: boolean;

  constructor(operator: string, node: SinkNode, sink: Sink, fail: (error: unknown) => void) {
    this.operator = operator;
    this.#checkRows = notNullCheck(node);
    this.#takesUpdates = node.changes !== 'append';
    this.sink = sink;
    this.#fail = fail;
    sink.failed.catch(fail);
  }

  write(batch: Batch): void {
    // Written, a row that takes another one away would be one more.
    assert(batch.rowKinds === null || this.#takesUpdates, 'a table of inserts is given inserts only');
    this.#checkRows(batch);
    this.sink.write(batch);
    if (this.tap !== null) this.#show(this.tap, batch);
  }

  /** Whoever looks changes nothing: a tap that fails is taken away. */
  #show(tap: OutputTap, batch: Batch): void {
    try {
      tap.rows(batch);
    } catch {
      this.tap = null;
    }
  }

  watermark(): void {}

  idle(): void {}

  hasRoom(notify: () => void): boolean {
    if (this.sink.hasRoom()) return true;
    if (!this.#waitingForRoom) {
      this.#waitingForRoom = true;
      this.sink.room().then(
        () => {
          this.#waitingForRoom = false;
          notify();
        },
        (error: unknown) => this.#fail(error),
      );
    }
    return false;
  }
}
