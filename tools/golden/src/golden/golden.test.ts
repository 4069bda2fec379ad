import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { WeirProcess } from '../world/weir-process.ts';
import { goldenNames, readGoldenFile, writeOutputs, writeRefused } from './golden-file.ts';
import type { GoldenFile } from './golden-file.ts';
import { runCheckpointed, runCrashed, runRescaled, runStraight, worldOf } from './golden-runs.ts';
import type { Committed } from './golden-runs.ts';

/*
 * Every file in queries/ four ways, each with the same rows: straight through; checkpointed, the input flowing in parts; stopped in the
 * middle and restored at another parallelism; ended in the middle without a checkpoint and recovered at another parallelism.
 * `WEIR_GOLDEN_UPDATE=1` writes what the first way gave into the files; `WEIR_GOLDEN_ONLY=text` runs the files whose names have it.
 */

const update = process.env['WEIR_GOLDEN_UPDATE'] === '1';
const only = process.env['WEIR_GOLDEN_ONLY'] ?? '';
const files = goldenNames()
  .filter((name) => name.includes(only))
  .map(readGoldenFile);
const running = files.filter(({ refused, stops }) => refused.length === 0 && stops === null);

let weir: WeirProcess;
beforeAll(async () => {
  weir = await WeirProcess.start(new MemoryStore(), new Map());
});
afterAll(async () => weir.end());

const pipelineName = (file: GoldenFile, way: string): string =>
  `${file.name.replaceAll(/[^a-z0-9]+/g, '-')}-${way}`;

function expectCommitted(file: GoldenFile, actual: Committed): void {
  const expected = Object.fromEntries([...file.outputs].map(([table, lines]) => [table, lines.toSorted()]));
  const emptied = Object.fromEntries(Object.keys(expected).map((table) => [table, [] as string[]]));
  expect({ ...emptied, ...actual }).toEqual(expected);
  for (const [table, columns] of file.primaryKeys) {
    const keys = (actual[table] ?? []).map((line) => {
      const row = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify(columns.map((column) => row[column]));
    });
    expect(new Set(keys).size, `rows of ${table} with keys of their own`).toBe(keys.length);
  }
}

describe.concurrent('golden', () => {
  test.for(running)('$name', { timeout: 120_000 }, async (file) => {
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
    const world = worldOf(file);
    world.closeInputs();
    const name = pipelineName(file, 'stops');
    const { record, diagnostics } = await weir.create(name, file.sql, world, 2);
    expect(record, JSON.stringify(diagnostics)).not.toBeNull();
    const { problem } = await weir.until(name, 'it has failed', ({ state }) => state === 'failed');
    expect(problem).toMatchObject({ code: file.stops?.code, transient: false });
  });
});

describe.skipIf(update)('golden, after a crash', () => {
  test.concurrent.for(running)('$name', { timeout: 120_000 }, async (file) => {
    expectCommitted(file, await runCrashed(pipelineName(file, 'crashed'), file));
  });
});
