import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { IsolationLevel, OffsetSpec } from '../contracts/cluster.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const listOffsetsApi: Api = { key: 2, version: 2, name: 'ListOffsets', flexible: false };

/** Offset -1 when a timestamp lies after the last record. */
export async function requestOffsets(
  connection: BrokerConnection,
  topics: ReadonlyMap<string, readonly number[]>,
  spec: OffsetSpec,
  isolation: IsolationLevel,
  timeoutMs?: number,
): Promise<{ topic: string; partition: number; errorCode: number; offset: number }[]> {
  const timestamp = spec === 'earliest' ? -2n : spec === 'latest' ? -1n : BigInt(Math.ceil(spec.timestampMs));
  const body = new RequestWriter().int32(-1).int8(isolation === 'read_committed' ? 1 : 0);
  body.array([...topics], ([topic, partitions]) =>
    body.string(topic).array(partitions, (partition) => body.int32(partition).int64(timestamp)),
  );
  const answer = await connection.send(listOffsetsApi, [body.finish()], timeoutMs);
  answer.int32();
  const found: { topic: string; partition: number; errorCode: number; offset: number }[] = [];
  answer.array(() => {
    const topic = answer.string();
    answer.array(() => {
      const partition = answer.int32();
      const errorCode = answer.int16();
      answer.int64();
      found.push({ topic, partition, errorCode, offset: answer.safeInt64() });
    });
  });
  return found;
}
