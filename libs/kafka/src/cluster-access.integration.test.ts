import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { KafkaCluster } from './cluster-access.ts';

test('S8: a connection that was idle for longer than connections.max.idle.ms is made anew before it is used', async () => {
  const options = { bootstrapServers: [inject('kafkaBootstrap')], clientId: 'test' };
  const hasty = await KafkaCluster.open({ ...options, connectionsMaxIdleMs: 5 });
  const usual = await KafkaCluster.open(options);
  const twice = async (cluster: KafkaCluster) => {
    const [broker] = await cluster.brokers();
    const first = await cluster.connectionTo(broker?.nodeId ?? 0, 'control');
    await pause(20);
    const second = await cluster.connectionTo(broker?.nodeId ?? 0, 'control');
    return { isSame: first === second, usable: [first.isUsable, second.isUsable] };
  };
  expect(await twice(hasty)).toEqual({ isSame: false, usable: [false, true] });
  expect(await twice(usual)).toEqual({ isSame: true, usable: [true, true] });
  await Promise.all([hasty.close(), usual.close()]);
});
