import type { SimKafka } from '../simulator/kafka/sim-kafka.ts';
import { outputTopics } from './sim-pipeline.ts';

/** Transactions that hold readers of the sink topics back although nothing runs any more. */
export function hangingProblems(kafka: SimKafka): string[] {
  const open = kafka.transactions
    .all()
    .filter(({ id, state }) => id.startsWith('weir.') && (state === 'Ongoing' || state.startsWith('Prepare')))
    .map(({ id, state }) => `hangs: ${id} is ${state}`);
  const held = outputTopics.flatMap((topic) =>
    (kafka.topics.get(topic)?.logs ?? [])
      .filter((log) => log.lastStableOffset < log.highWatermark)
      .map(
        (log) =>
          `hangs: readers of ${topic}/${log.partition} are held at ${log.lastStableOffset} of ${log.highWatermark}`,
      ),
  );
  return [...open, ...held];
}
