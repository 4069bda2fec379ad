import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { BrokerAddress } from '../contracts/cluster.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const findCoordinatorApi: Api = { key: 10, version: 2, name: 'FindCoordinator', flexible: false };

export type CoordinatorKind = 'group' | 'transaction';

export async function requestCoordinator(
  connection: BrokerConnection,
  kind: CoordinatorKind,
  key: string,
  timeoutMs?: number,
): Promise<{ errorCode: number; message: string | null; broker: BrokerAddress }> {
  const body = new RequestWriter().string(key).int8(kind === 'group' ? 0 : 1);
  const answer = await connection.send(findCoordinatorApi, [body.finish()], timeoutMs);
  answer.int32();
  const errorCode = answer.int16();
  const message = answer.nullableString();
  return {
    errorCode,
    message,
    broker: { nodeId: answer.int32(), host: answer.string(), port: answer.int32() },
  };
}
