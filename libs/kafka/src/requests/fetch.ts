import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { IsolationLevel } from '../contracts/cluster.ts';
import type { AbortedTransaction } from '../record-batch/aborted-filter.ts';
import { RequestWriter } from '../wire/request-writer.ts';

/** Version 11: the last but one that names topics rather than ids. */
const fetchApi: Api = { key: 1, version: 11, name: 'Fetch', flexible: false };

export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolation: IsolationLevel;
  readonly partitions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly maxBytes: number;
  }[];
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Null under read_uncommitted. */
  readonly aborted: readonly AbortedTransaction[] | null;
  /** The record batches, a view into the answer. */
  readonly records: Buffer;
}

/** One Fetch without a session. The order of the partitions is the order in which the broker fills the answer, whose `bytes` all of it lies in. */
export async function requestFetch(
  connection: BrokerConnection,
  request: FetchRequest,
  timeoutMs: number,
): Promise<{ errorCode: number; partitions: FetchedPartition[]; bytes: Uint8Array }> {
  const answer = await connection.send(fetchApi, [encode(request)], timeoutMs);
  answer.int32();
  const errorCode = answer.int16();
  answer.int32();
  const partitions: FetchedPartition[] = [];
  answer.array(() => {
    const topic = answer.string();
    answer.array(() => {
      const partition = answer.int32();
      const code = answer.int16();
      const highWatermark = answer.safeInt64();
      const lastStableOffset = answer.safeInt64();
      const logStartOffset = answer.safeInt64();
      const aborted = answer.array(() => ({ producerId: answer.int64(), firstOffset: answer.safeInt64() }));
      answer.int32();
      const { start, length } = answer.byteRange();
      partitions.push({
        topic,
        partition,
        errorCode: code,
        highWatermark,
        lastStableOffset,
        logStartOffset,
        aborted: request.isolation === 'read_committed' ? aborted : null,
        records: answer.bytes.subarray(start, start + Math.max(0, length)),
      });
    });
  });
  return { errorCode, partitions, bytes: answer.bytes };
}

function encode(request: FetchRequest): Buffer {
  const body = new RequestWriter()
    .int32(-1)
    .int32(request.maxWaitMs)
    .int32(request.minBytes)
    .int32(request.maxBytes)
    .int8(request.isolation === 'read_committed' ? 1 : 0)
    .int32(0)
    .int32(-1);
  body.array(runsOfOneTopic(request.partitions), (run) => {
    body.string(run[0]?.topic ?? '').array(run, ({ partition, offset, maxBytes }) => {
      body.int32(partition).int32(-1).int64(BigInt(offset)).int64(-1n).int32(maxBytes);
    });
  });
  return body.int32(0).string('').finish();
}

/** Neighbours of the same topic together, order kept. */
function runsOfOneTopic<T extends { readonly topic: string }>(partitions: readonly T[]): T[][] {
  const runs: T[][] = [];
  for (const entry of partitions) {
    const last = runs.at(-1);
    if (last?.[0]?.topic === entry.topic) last.push(entry);
    else runs.push([entry]);
  }
  return runs;
}
