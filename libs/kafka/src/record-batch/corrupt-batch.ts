import { WeirError } from '@weir/kernel/errors.ts';

/** Where a batch was read, for errors. */
export interface BatchOrigin {
  readonly topic: string;
  readonly partition: number;
}

/** Damage is never skipped: what a damaged batch held can't be known. */
export function corruptBatch(origin: BatchOrigin, offset: number, what: string, cause?: unknown): WeirError {
  const place = `topic '${origin.topic}', partition ${origin.partition}, offset ${offset}`;
  return new WeirError('WEIR-4010', `a record batch is corrupt at ${place}: ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    hint: 'check the disks and replicas of the broker that leads the partition; to go on without the batch, start after it',
  });
}

/** A bomb, or a producer without measure: brokers take 1 MB compressed unless told otherwise. */
export function oversizedBatch(origin: BatchOrigin, offset: number, limitBytes: number): WeirError {
  return new WeirError(
    'WEIR-4014',
    `a record batch at topic '${origin.topic}', partition ${origin.partition}, offset ${offset} has over ${Math.floor(limitBytes / 1024 / 1024)} MiB when it is decompressed`,
    { hint: "lower the producer's batch.size; to go on without the batch, start after it" },
  );
}
