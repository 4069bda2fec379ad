import type { Api, BrokerConnection } from '../broker-connection.ts';
import { RequestWriter } from '../wire/request-writer.ts';

/** Version 8: the last one before tagged fields, with texts of what is wrong. (Version 12 adds partitions to transactions by itself: not used.) */
const produceApi: Api = { key: 0, version: 8, name: 'Produce', flexible: false };

export interface ProduceEntry {
  readonly topic: string;
  readonly partition: number;
  /** One record batch, stamped. */
  readonly batch: Uint8Array;
}

export interface ProduceAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly message: string | null;
}

/** acks=all. The batches go to the socket as they are, and must not change until the answer is there. */
export async function requestProduce(
  connection: BrokerConnection,
  transactionalId: string | null,
  entries: readonly ProduceEntry[],
  brokerTimeoutMs: number,
  timeoutMs: number,
): Promise<ProduceAnswer[]> {
  const answer = await connection.send(
    produceApi,
    encode(transactionalId, entries, brokerTimeoutMs),
    timeoutMs,
  );
  const results: ProduceAnswer[] = [];
  answer.array(() => {
    const topic = answer.string();
    answer.array(() => {
      const partition = answer.int32();
      const errorCode = answer.int16();
      const baseOffset = answer.safeInt64();
      answer.int64();
      answer.int64();
      const recordErrors = answer.array(() => ({ index: answer.int32(), message: answer.nullableString() }));
      const message =
        answer.nullableString() ?? recordErrors.find((e) => e.message !== null)?.message ?? null;
      results.push({ topic, partition, errorCode, baseOffset, message });
    });
  });
  connection.throttle(answer.int32());
  return results;
}

/** Heads between the batches, which stay where they are. */
function encode(
  transactionalId: string | null,
  entries: readonly ProduceEntry[],
  brokerTimeoutMs: number,
): Uint8Array[] {
  const byTopic = new Map<string, ProduceEntry[]>();
  for (const entry of entries) {
    const list = byTopic.get(entry.topic);
    if (list === undefined) byTopic.set(entry.topic, [entry]);
    else list.push(entry);
  }
  const parts: Uint8Array[] = [];
  let head = new RequestWriter()
    .nullableString(transactionalId)
    .int16(-1)
    .int32(brokerTimeoutMs)
    .int32(byTopic.size);
  for (const [topic, list] of byTopic) {
    head.string(topic).int32(list.length);
    for (const { partition, batch } of list) {
      head.int32(partition).int32(batch.byteLength);
      parts.push(head.finish(), batch);
      head = new RequestWriter();
    }
  }
  return parts;
}
