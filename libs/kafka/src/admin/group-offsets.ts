import { WeirError } from '@weir/kernel/errors.ts';
import { brokerAnswerError, isRepeatable, NoAnswerError } from '../broker-errors.ts';
import type { Api } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { PartitionOffset, TopicPartition, WaitOptions } from '../contracts/cluster.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';
import type { ResponseReader } from '../wire/response-reader.ts';

const offsetCommitApi: Api = { key: 8, version: 7, name: 'OffsetCommit', flexible: false };
const offsetFetchApi: Api = { key: 9, version: 5, name: 'OffsetFetch', flexible: false };

function byTopic<T extends TopicPartition>(partitions: readonly T[]): [string, T[]][] {
  const topics = new Map<string, T[]>();
  for (const entry of partitions) topics.set(entry.topic, [...(topics.get(entry.topic) ?? []), entry]);
  return [...topics];
}

/**
 * Commits *next* offsets to a consumer group without joining it, for lag tools. The group must have no members of its own
 * (else WeirError WEIR-4015).
 */
export async function commitGroupOffsets(
  cluster: KafkaCluster,
  groupId: string,
  offsets: readonly PartitionOffset[],
  wait?: WaitOptions,
): Promise<void> {
  if (offsets.length === 0) return;
  const body = new RequestWriter().string(groupId).int32(-1).string('').nullableString(null);
  body.array(byTopic(offsets), ([topic, list]) =>
    body
      .string(topic)
      .array(list, ({ partition, offset }) =>
        body.int32(partition).int64(BigInt(offset)).int32(-1).string(''),
      ),
  );
  await onCoordinator(
    cluster,
    groupId,
    offsetCommitApi,
    body.finish(),
    wait,
    'commit offsets of',
    (answer) => {
      answer.int32();
      let errorCode = 0;
      answer.array(() => {
        answer.string();
        answer.array(() => {
          answer.int32();
          errorCode ||= answer.int16();
        });
      });
      return { errorCode, result: undefined };
    },
  );
}

/** Committed next offsets; partitions without one are left out. */
export function fetchGroupOffsets(
  cluster: KafkaCluster,
  groupId: string,
  partitions: readonly TopicPartition[],
  wait?: WaitOptions,
): Promise<readonly PartitionOffset[]> {
  const body = new RequestWriter().string(groupId);
  body.array(byTopic(partitions), ([topic, list]) =>
    body.string(topic).array(list, ({ partition }) => body.int32(partition)),
  );
  return onCoordinator(cluster, groupId, offsetFetchApi, body.finish(), wait, 'read offsets of', (answer) => {
    answer.int32();
    const result: PartitionOffset[] = [];
    let errorCode = 0;
    answer.array(() => {
      const topic = answer.string();
      answer.array(() => {
        const partition = answer.int32();
        const offset = answer.safeInt64();
        answer.int32();
        answer.nullableString();
        errorCode ||= answer.int16();
        if (offset >= 0) result.push({ topic, partition, offset });
      });
    });
    return { errorCode: answer.int16() || errorCode, result };
  });
}

/** UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS: consumers have joined the group. */
function hasMembers(errorCode: number): boolean {
  return errorCode === 25 || errorCode === 27;
}

function groupInUse(groupId: string): WeirError {
  return new WeirError('WEIR-4015', `the consumer group '${groupId}' has members that joined it`, {
    hint: 'name a group that nobody joins',
  });
}

async function onCoordinator<T>(
  cluster: KafkaCluster,
  groupId: string,
  api: Api,
  body: Uint8Array,
  wait: WaitOptions | undefined,
  what: string,
  parse: (answer: ResponseReader) => { errorCode: number; result: T },
): Promise<T> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  for (let attempt = 0; ; attempt++) {
    let failure: Error;
    try {
      const connection = await cluster.coordinatorOf('group', groupId, deadline);
      const { errorCode, result } = parse(
        await deadline.race(connection.send(api, [body], Math.max(1, deadline.leftMs))),
      );
      if (errorCode === 0) return result;
      failure = hasMembers(errorCode)
        ? groupInUse(groupId)
        : brokerAnswerError(errorCode, `${what} the group '${groupId}'`);
      if (!isRepeatable(errorCode)) throw failure;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      failure = error;
    }
    cluster.forgetCoordinator('group', groupId);
    if (!(await deadline.backOff(backOffMs(attempt)))) throw failure;
  }
}
