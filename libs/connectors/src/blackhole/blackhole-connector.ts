import type { Batch } from '@weir/columnar/batch.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import type { Connector } from '../connector.ts';
import { optionSchema } from '../options/option-schema.ts';
import type { Sink, SinkStats } from '../sink.ts';

/** Counts rows and forgets them. */
class BlackholeSink implements Sink {
  readonly failed = new Promise<never>(() => {});
  #records = 0;

  async open(): Promise<void> {}
  write(batch: Batch): void {
    this.#records += batch.rowCount;
  }
  hasRoom(): boolean {
    return true;
  }
  async room(): Promise<void> {}
  async prepare(): Promise<SinkHandle> {
    return { kind: 'empty' };
  }
  async commit(): Promise<void> {}
  stats(): SinkStats {
    return { records: this.#records, bytes: 0 };
  }
  async close(): Promise<void> {}
}

export const blackholeConnector: Connector = {
  name: 'blackhole',
  title: 'Blackhole (counts rows)',
  tableOptions: optionSchema({ type: { description: 'what the table is used for', enum: ['sink'] } }),
  canRead: false,
  canWrite: true,
  accepts: () => 'any',
  createSink: () => new BlackholeSink(),
};
