import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import type { WeirInProcess } from '../weir-in-process.ts';
import { expectCommitted } from './expect-committed.ts';
import { goldenNames, readGoldenFile } from './golden-file.ts';
import { crashAll, finishRecovered, recoverAll } from './golden-runs.ts';
import type { CrashedRun } from './golden-runs.ts';

/*
 * The files of queries/ once more: the process that runs them ends in the middle, without a checkpoint and with commits under way;
 * another one recovers them at another parallelism. The rows are the same.
 */

const only = process.env['WEIR_GOLDEN_ONLY'] ?? '';
const files = goldenNames()
  .filter((name) => name.includes(only))
  .map(readGoldenFile)
  .filter(({ refused, stops }) => refused.length === 0 && stops === null);

describe.skipIf(process.env['WEIR_GOLDEN_UPDATE'] === '1')('golden, after a crash', () => {
  let weir: WeirInProcess;
  let runs: CrashedRun[];
  beforeAll(async () => {
    const store = new MemoryStore();
    runs = await crashAll(store, files);
    weir = await recoverAll(store, runs);
  }, 300_000);
  afterAll(async () => weir.end());

  test.concurrent.for(files)('$name', { timeout: 240_000 }, async ({ name }) => {
    const run = runs.find(({ file }) => file.name === name);
    if (run === undefined) throw new Error(`${name} was not run`);
    expectCommitted(run.file, await finishRecovered(weir, run));
  });

  test.skipIf(only !== '')('the crash was one: recovery had to commit what was decided', () => {
    const recovered = runs.filter(({ tables }) => tables.broker.recovered > 0);
    expect(recovered.length).toBeGreaterThan(files.length / 4);
    expect(runs.some(({ tables }) => tables.broker.aborted > 0)).toBe(true);
  });
});
