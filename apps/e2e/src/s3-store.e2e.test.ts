import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testS3, type TestS3 } from '@weir/tool-stack/test-servers.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';
import { copyIds, expectEachIdOnce, IdFeed } from './testing/id-feed.ts';

describe('two clusters on one Kafka and one NATS, each with a pipeline of the same name; one keeps its state in S3', () => {
  let s3: TestS3;
  let inS3: E2eCluster;
  let inFolder: E2eCluster;
  let outputs: { s3: string; folder: string };
  let feed: IdFeed;

  beforeAll(async () => {
    s3 = await testS3();
    inS3 = await E2eCluster.start({ storeUrl: s3.newStoreUrl(), environment: s3.environment, slots: 2 });
    inFolder = await E2eCluster.start({ workers: 1, slots: 2 });
    const input = await inS3.topic('ids', 4);
    outputs = { s3: await inS3.topic('copies', 4), folder: await inFolder.topic('copies', 4) };
    feed = new IdFeed(inS3, input);
    for (const [e2e, output] of [
      [inS3, outputs.s3],
      [inFolder, outputs.folder],
    ] as const) {
      const sql = copyIds(e2e, input, output);
      await e2e.client.create({ name: 'copy', sql, parallelism: 2, checkpointInterval: '200ms' });
    }
    for (const { client } of [inS3, inFolder])
      await client.until('copy', 'to commit', ({ committedEpoch }) => committedEpoch > 2);
  });
  afterAll(async () => {
    await feed?.stop();
    await Promise.all([inS3?.dispose(), inFolder?.dispose()]);
    await s3?.dispose();
  });

  test.each([
    ['all workers', () => inS3.processes.workers],
    ['the controller', () => inS3.processes.controllers],
  ] as const)('killed in the cluster with S3: %s; it goes on', async (_, victims) => {
    const { epoch } = await inS3.client.get('copy');
    await Promise.all(victims().map((victim) => victim.kill()));
    await Promise.all(victims().map((victim) => victim.restart()));
    await inS3.client.until('copy', 'to commit again', ({ committedEpoch }) => committedEpoch > epoch + 1);
  });

  test('every record came through once in both, and the other one was not disturbed', async () => {
    const written = await feed.stop();
    await expectEachIdOnce(inS3, outputs.s3, written);
    await expectEachIdOnce(inFolder, outputs.folder, written);
    expect((await inS3.client.get('copy')).restarts).toBeGreaterThanOrEqual(1);
    expect(await inFolder.client.get('copy')).toMatchObject({ generation: 1, restarts: 0 });
  });
});
