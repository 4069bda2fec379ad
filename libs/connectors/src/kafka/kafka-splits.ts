import type { TopicPartition } from '@weir/kafka/contracts/cluster.ts';
import { present } from '@weir/kernel/assert.ts';
import { splitName, type KafkaSplit, type SplitPosition } from './kafka-split.ts';

/**
 * The partitions that one subtask reads. Each has an index, by which batches name it; the first has 0, and one that is found later the next.
 */
export class KafkaSplits implements Iterable<KafkaSplit> {
  readonly #all: KafkaSplit[] = [];
  readonly #byName = new Map<string, KafkaSplit>();

  add(position: SplitPosition): KafkaSplit {
    const split = { ...position, index: this.#all.length };
    this.#all.push(split);
    this.#byName.set(splitName(split.topic, split.partition), split);
    return split;
  }

  has({ topic, partition }: TopicPartition): boolean {
    return this.#byName.has(splitName(topic, partition));
  }

  of({ topic, partition }: TopicPartition): KafkaSplit {
    const name = splitName(topic, partition);
    return present(this.#byName.get(name), `split ${name}`);
  }

  at(index: number): KafkaSplit {
    return present(this.#all[index], `split ${index}`);
  }

  get size(): number {
    return this.#all.length;
  }

  [Symbol.iterator](): Iterator<KafkaSplit> {
    return this.#all[Symbol.iterator]();
  }
}
