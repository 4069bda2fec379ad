import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { startChaosServers } from '@weir/tool-chaos/chaos-servers.ts';
import { findCommittedReader } from '@weir/tool-chaos/find-committed-reader.ts';
import { ChaosRun } from '@weir/tool-chaos/run-chaos.ts';

const full = process.env['WEIR_TEST_FULL'] === '1';

test(
  'processes are killed at random: nothing is lost, nothing comes twice, every window is right',
  { timeout: full ? 1_800_000 : 180_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-chaos-'));
    const told: string[] = [];
    const kills = full ? 100 : 4;
    const say = (line: string) => void told.push(line);
    // The servers of all tests are left alone; those of its own, in full mode, are hit too.
    const own = full ? await startChaosServers(say) : undefined;
    const servers = own ?? { bootstrap: inject('kafkaBootstrap'), natsUrl: inject('natsUrl') };
    try {
      const result = await ChaosRun.run({
        ...servers,
        folder,
        reader: await findCommittedReader(servers.bootstrap),
        seed: full ? Math.floor(Math.random() * 1e9) : 4,
        kills,
        say,
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
    } finally {
      await own?.dispose();
    }
  },
);
