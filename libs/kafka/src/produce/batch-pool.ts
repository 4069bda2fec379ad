import { BatchWriter } from '../record-batch/batch-writer.ts';

/** What two producers may have buffered at a time by default: the one that is flushed, and the one after it. */
const mostBytes = 32 * 1024 * 1024;

/**
 * Writers whose batches were acknowledged, to be filled again: their memory is warm, and fresh memory costs a page fault each 4 KiB. Producers
 * that take turns, as the slots of a transactional sink do, share one.
 */
export class BatchPool {
  readonly #batchBytes: number;
  readonly #free: BatchWriter[] = [];
  #bytes = 0;

  /** @param batchBytes target size of a batch before compression */
  constructor(batchBytes: number) {
    this.#batchBytes = batchBytes;
  }

  /** An empty writer; the one that came back last, where there is one. */
  take(): BatchWriter {
    const pooled = this.#free.pop();
    if (pooled === undefined) return new BatchWriter(this.#batchBytes);
    this.#bytes -= pooled.capacity;
    return pooled;
  }

  /** Nobody may touch the writer afterwards. */
  giveBack(writer: BatchWriter): void {
    if (this.#bytes + writer.capacity > mostBytes) return;
    writer.reset();
    this.#bytes += writer.capacity;
    this.#free.push(writer);
  }
}
