import { WeirError } from '@weir/kernel/errors.ts';
import { describeConfigs } from '../admin/describe-configs.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { BatchWriter } from '../record-batch/batch-writer.ts';

/** The error for a batch that the topic doesn't take, with the topic's limit when it may be read. */
export async function messageTooLarge(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  batch: BatchWriter,
): Promise<WeirError> {
  const limit = await describeConfigs(cluster, 'topic', topic, ['max.message.bytes'], {
    deadlineMs: 5_000,
  }).then(
    (configs) => configs.get('max.message.bytes') ?? 'unknown',
    () => 'unknown',
  );
  const what =
    batch.recordCount === 1
      ? `a record of ${batch.byteLength} bytes`
      : `a batch of ${batch.recordCount} records with ${batch.byteLength} bytes`;
  return new WeirError(
    'WEIR-4023',
    `${what} is too large for ${topic}-${partition}, whose max.message.bytes is ${limit}`,
    {
      hint:
        batch.recordCount === 1
          ? 'raise max.message.bytes of the topic, or write smaller rows'
          : 'raise max.message.bytes of the topic, or make batches smaller (client_configs)',
    },
  );
}
