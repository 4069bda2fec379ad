import { readFileSync } from 'node:fs';
import { decodeEntry } from '@weir/epoch-protocol/ledger-codec.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wishStart } from '../api/pipeline-wishes.ts';
import { decodeRecord } from '../catalog/record-codec.ts';
import { generationPlanOf } from '../checkpoint/generation-plan.ts';
import { FakeCluster } from '../testing/fake-cluster.ts';

/*
 * testing/version-1/store.json: all objects that a controller of commit 8839beb left in its store, by key: a pipeline that ran and was
 * stopped, its catalog entry and its ledger. Never written anew.
 */
const kept = JSON.parse(
  readFileSync(new URL('../testing/version-1/store.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, unknown>>;
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = new FakeCluster();
  for (const [key, value] of Object.entries(kept)) await cluster.memory.put(key, bytesOf(value));
});
afterEach(() => cluster.close());

test('a pipeline that an older Weir left goes on from its last epoch, under the ids that it had', async () => {
  const worker = cluster.worker();
  const controller = await cluster.controller();
  await cluster.until(controller, (now) => now.state === 'stopped');
  await wishStart(controller.coordinator, 'sums');
  const status = await cluster.until(controller, (now) => now.state === 'running' && now.committedEpoch > 1);
  expect(status.generation).toBe(2);
  const plan = JSON.parse(worker.starts[0]?.planJson ?? '{}') as {
    readonly formatVersion: number;
    readonly stages: readonly { readonly operators: readonly { readonly id: string }[] }[];
  };
  expect(plan.formatVersion).toBe(2);
  expect(plan.stages.flatMap(({ operators }) => operators.map(({ id }) => id))).toEqual(['src', 'snk']);
  expect(worker.starts[0]?.baseJson).toContain('"operator":"src"');
});

test('its catalog entry and every entry of its ledger are read; plans in them become those of this version', () => {
  for (const [key, value] of Object.entries(kept)) {
    if (key.includes('/catalog/pipelines/')) {
      expect(decodeRecord(bytesOf(value), key).plan).toMatchObject({ formatVersion: 2, formats: {} });
    } else if (key.includes('/ledger/')) {
      const entry = decodeEntry(bytesOf(value), key);
      if (entry.kind !== 'Generation') continue;
      const { plan } = generationPlanOf(entry);
      expect(plan.formatVersion).toBe(2);
      expect(plan.exchanges[0]?.changes).toEqual({ kind: 'append' });
    }
  }
});
