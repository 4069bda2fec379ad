import type { CommittedReader } from './committed-reader.ts';
import { librdkafkaReader } from './librdkafka-reader.ts';
import { plainReader } from './plain-reader.ts';

/** librdkafka where Python and its package are there, else the plain reader of our own. */
export async function findCommittedReader(bootstrap: string): Promise<CommittedReader> {
  return (await librdkafkaReader(bootstrap)) ?? plainReader(bootstrap);
}
