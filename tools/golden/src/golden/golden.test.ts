import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { WeirInProcess } from '../weir-in-process.ts';
import { goldenNames, readGoldenFile, writeOutputs, writeRefused } from './golden-file.ts';
import type { GoldenFile } from './golden-file.ts';
import { runCheckpointed, runRescaled, runStraight, tablesOf } from './golden-runs.ts';
import { expectCommitted } from './expect-committed.ts';

/*
 * Every file in queries/ three ways, each with the same rows: straight through; checkpointed, the input flowing in parts; stopped in the
 * middle and restored at another parallelism. golden-crash.test.ts has a fourth.
 * `WEIR_GOLDEN_UPDATE=1` writes what the first way gave into the files; `WEIR_GOLDEN_ONLY=text` runs the files whose names have it.
 */

const update = process.env['WEIR_GOLDEN_UPDATE'] === '1';
const only = process.env['WEIR_GOLDEN_ONLY'] ?? '';
const files = goldenNames()
  .filter((name) => name.includes(only))
  .map(readGoldenFile);
const running = files.filter(({ refused, stops }) => refused.length === 0 && stops === null);

let weir: WeirInProcess;
beforeAll(async () => {
  weir = await WeirInProcess.start(new MemoryStore(), new Map());
});
afterAll(async () => weir.end());

const pipelineName = (file: GoldenFile, way: string): string =>
  `${file.name.replaceAll(/[^a-z0-9]+/g, '-')}-${way}`;

describe.concurrent('golden', () => {
  test.for(running)('$name', { timeout: 240_000 }, async (file) => {
    const straight = await runStraight(weir, pipelineName(file, 'straight'), file);
    if (update) {
      writeOutputs(file, straight);
      return;
    }
    expectCommitted(file, straight);
    expectCommitted(file, await runCheckpointed(weir, pipelineName(file, 'checkpointed'), file));
    expectCommitted(file, await runRescaled(weir, pipelineName(file, 'rescaled'), file));
  });

  test.for(files.filter(({ refused }) => refused.length > 0))('$name is refused', async (file) => {
    const { valid, diagnostics } = await weir.compile(file.sql);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const found = errors.map(({ code, line, column }) => ({ code, place: `${line}:${column}` }));
    expect(valid).toBe(false);
    if (update) writeRefused(file, found);
    else expect(found).toEqual(file.refused);
  });

  test.for(files.filter(({ stops }) => stops !== null))('$name stops', async (file) => {
    const tables = tablesOf(file);
    tables.closeInputs();
    const name = pipelineName(file, 'stops');
    const { record, diagnostics } = await weir.create(name, file.sql, tables, 2);
    expect(record, JSON.stringify(diagnostics)).not.toBeNull();
    const { problem } = await weir.until(name, 'it has failed', ({ state }) => state === 'failed');
    expect(problem).toMatchObject({ code: file.stops?.code, transient: false });
  });
});
