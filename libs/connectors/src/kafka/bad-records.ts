import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { WeirError, type ErrorCode } from '@weir/kernel/errors.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import type { ConnectorLog } from '../connector.ts';
import type { RejectedRecords } from './rejected-records.ts';

/** Of one code a line is logged this often at most. */
const logEveryMs = 60_000;

/** What a table does with records that can't be decoded: they end the pipeline, are left out and counted, or kept in a topic. */
export class BadRecords {
  count = 0;
  /** Where they are kept; null where they aren't. */
  readonly rejected: RejectedRecords | null;
  readonly #table: string;
  readonly #drop: boolean;
  readonly #log: ConnectorLog;
  readonly #clock: Clock;
  readonly #byCode = new Map<ErrorCode, { count: number; loggedAtMs: number }>();

  constructor(
    table: string,
    { drop, rejected }: { readonly drop: boolean; readonly rejected: RejectedRecords | null },
    log: ConnectorLog,
    clock: Clock,
  ) {
    this.#table = table;
    this.#drop = drop;
    this.rejected = rejected;
    this.#log = log;
    this.#clock = clock;
  }

  /** Of those that didn't end the pipeline, by the code of what is wrong with them. */
  get byCode(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byCode].map(([code, { count }]) => [code, count]));
  }

  /** @throws WeirError WEIR-3201 unless such records are left out or kept */
  add(block: FetchedBlock, record: number, cause: WeirError): void {
    const { topic, partition } = block;
    const offset = block.index.offsets[record] ?? -1;
    if (this.rejected === null && !this.#drop) {
      throw new WeirError(
        'WEIR-3201',
        `table ${this.#table}: record at topic ${topic}, partition ${partition}, offset ${offset} can not be decoded: ${cause.message}`,
        {
          cause,
          hint:
            cause.hint ??
            "correct the columns or the producer; 'bad_data' = 'drop' leaves such records out, 'dead_letter' keeps them in a topic",
        },
      );
    }
    this.rejected?.add(block, record, cause);
    this.count += 1;
    const seen = this.#byCode.get(cause.code) ?? { count: 0, loggedAtMs: -Infinity };
    this.#byCode.set(cause.code, seen);
    seen.count += 1;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - seen.loggedAtMs < logEveryMs) return;
    seen.loggedAtMs = nowMs;
    const done = this.rejected === null ? 'was dropped' : 'went to the dead letters';
    this.#log.warn(
      { topic, partition, offset, code: cause.code, count: seen.count, reason: cause.message },
      `a record that can not be decoded ${done}; further ones of this kind are only counted for a minute`,
    );
  }
}
