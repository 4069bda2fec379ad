import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { findCommittedReader } from '@weir/tool-chaos/find-committed-reader.ts';
import { ChaosRun } from '@weir/tool-chaos/run-chaos.ts';

const full = process.env['WEIR_TEST_FULL'] === '1';

test(
  'processes are killed at random: nothing is lost, nothing comes twice, every window is right',
  { timeout: full ? 900_000 : 180_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-chaos-'));
    const told: string[] = [];
    const kills = full ? 20 : 4;
    const bootstrap = inject('kafkaBootstrap');
    const result = await ChaosRun.run({
      bootstrap,
      natsUrl: inject('natsUrl'),
      folder,
      reader: await findCommittedReader(bootstrap),
      seed: full ? Math.floor(Math.random() * 1e9) : 4,
      kills,
      say: (line) => told.push(line),
    });
    expect(result, told.join('\n')).toMatchObject({
      kills,
      lost: 0,
      duplicated: 0,
      wrongWindows: 0,
      stuckReaders: 0,
      passed: true,
    });
    rmSync(folder, { recursive: true, force: true });
  },
);
