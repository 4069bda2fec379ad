import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { ConnectorLog } from '../connector.ts';

/** What a table does with records that can't be decoded: they end the pipeline, or are left out and counted. */
export class BadRecords {
  count = 0;
  readonly #table: string;
  readonly #drop: boolean;
  readonly #log: ConnectorLog;

  constructor(table: string, drop: boolean, log: ConnectorLog) {
    this.#table = table;
    this.#drop = drop;
    this.#log = log;
  }

  /** @throws WeirError WEIR-3201 unless such records are left out */
  add(block: FetchedBlock, record: number, cause: WeirError): void {
    const { topic, partition } = block;
    const offset = block.index.offsets[record] ?? -1;
    if (this.#drop) {
      this.count += 1;
      if (this.count > 1) return;
      this.#log.warn(
        { topic, partition, offset, reason: cause.message },
        'a record that can not be decoded was dropped; further ones are only counted',
      );
      return;
    }
    throw new WeirError(
      'WEIR-3201',
      `table ${this.#table}: record at topic ${topic}, partition ${partition}, offset ${offset} can not be decoded: ${cause.message}`,
      {
        cause,
        hint:
          cause.hint ?? "correct the columns or the producer; 'bad_data' = 'drop' leaves such records out",
      },
    );
  }
}
