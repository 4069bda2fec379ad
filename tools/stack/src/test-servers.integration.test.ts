import { inject, expect, test } from 'vitest';
import { kafkaAnswers } from './kafka-ready.ts';

test('a run has one Kafka and one NATS', async () => {
  const [host = '', port = ''] = inject('kafkaBootstrap').split(':');
  expect(await kafkaAnswers(host, Number(port))).toBe(true);
  expect(inject('natsUrl')).toMatch(/^nats:\/\//);
});
