import type { SchemaIdentity, WriterSchemas } from '@weir/formats/writer-schemas.ts';
import type { Fetcher } from '@weir/kafka/contracts/fetch.ts';
import { present } from '@weir/kernel/assert.ts';
import type { KafkaSplit } from './kafka-split.ts';

/** A partition whose next record was written with a schema that isn't there yet. */
interface Waiting {
  readonly split: KafkaSplit;
  readonly identity: SchemaIdentity;
  readonly lastStableOffset: number;
}

/**
 * Partitions that wait for a schema. They are given back to the fetcher's budget, so that the others flow on, and are assigned again at
 * the record that waits, with which their order goes on.
 *
 * Invariant: a partition in here isn't assigned to the fetcher, and its position is that of the record that waits.
 */
export class WaitingPartitions {
  readonly #fetcher: Fetcher;
  readonly #writers: WriterSchemas | null;
  readonly #waiting = new Map<number, Waiting>();

  /** `writers`: null where records name no schema; then nothing ever waits. */
  constructor(fetcher: Fetcher, writers: WriterSchemas | null) {
    this.#fetcher = fetcher;
    this.#writers = writers;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has({ index }: KafkaSplit): boolean {
    return this.#waiting.has(index);
  }

  /** The partition stands at a record that needs this schema. */
  add(split: KafkaSplit, identity: SchemaIdentity): void {
    const { lastStableOffset } = this.#fetcher.position(split);
    this.#schemas.want(identity);
    this.#fetcher.unassign(split);
    this.#waiting.set(split.index, { split, identity, lastStableOffset });
  }

  /** Assigns those again whose schema is there, or is known not to exist: then their record is bad data. */
  resume(): void {
    if (this.#waiting.size === 0) return;
    for (const [index, { split, identity }] of this.#waiting) {
      if (this.#schemas.get(identity) === undefined && this.#schemas.refused(identity) === undefined) {
        this.#schemas.want(identity);
        continue;
      }
      this.#waiting.delete(index);
      const { topic, partition, topicId, nextOffset } = split;
      this.#fetcher.assign([{ topic, partition, offset: nextOffset, topicId }]);
    }
  }

  /** Resolves when `resume` may have something to do; never while nothing waits. */
  async changed(signal: AbortSignal): Promise<void> {
    await this.#schemas.changed(signal);
  }

  /** Of a partition in here, as of when it began to wait. */
  lastStableOffset({ index }: KafkaSplit): number | undefined {
    return this.#waiting.get(index)?.lastStableOffset;
  }

  /** For each partition what it waits for, and why that isn't there. */
  reasons(): readonly {
    readonly split: KafkaSplit;
    readonly schema: string;
    readonly problem: string;
    readonly sinceMs: number | undefined;
  }[] {
    if (this.#waiting.size === 0) return [];
    const known = this.#schemas.waiting();
    return [...this.#waiting.values()].map(({ split, identity }) => {
      const schema = schemaText(identity);
      const wish = known.find((each) => schemaText(each.identity) === schema);
      return { split, schema, problem: wish?.problem ?? 'it is being fetched', sinceMs: wish?.sinceMs };
    });
  }

  get #schemas(): WriterSchemas {
    return present(this.#writers, 'writer schemas of records that name one');
  }
}

function schemaText(identity: SchemaIdentity): string {
  return 'id' in identity ? `id ${identity.id}` : `GUID ${identity.guid}`;
}
