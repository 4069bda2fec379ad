import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { InputTable } from '../world/input-table.ts';
import { rescaleAtRest, WeirInProcess } from '../world/weir-in-process.ts';
import { World } from '../world/world.ts';
import type { GoldenFile } from './golden-file.ts';

/** What a run of a golden file left in the tables that it writes: lines, sorted. */
export type Committed = Readonly<Record<string, readonly string[]>>;

/** Few lines a batch: many batches, and barriers between them. */
const linesPerBatch = 3;

export function worldOf(file: GoldenFile, maxBatch = linesPerBatch): World {
  return new World(
    file.inputs.map(({ table, lines, partitions }) => new InputTable(table, lines, partitions, maxBatch)),
  );
}

async function begin(weir: WeirInProcess, name: string, file: GoldenFile, world: World, parallelism: number) {
  const { record, diagnostics } = await weir.create(name, file.sql, world, parallelism);
  if (record === null) throw new Error(`${file.name} doesn't compile: ${JSON.stringify(diagnostics)}`);
}

/** Releases a step after the other, from step `from` (0 for the first) to step `to`, exclusive; each is committed before the next comes. */
async function pace(
  weir: WeirInProcess,
  name: string,
  world: World,
  from: number,
  to: number,
): Promise<void> {
  for (let steps = from + 1; steps <= to; steps += 1) {
    world.releaseSteps(steps);
    await weir.until(name, `an epoch holds step ${steps}`, () => world.allCommitted);
  }
}

async function finish(weir: WeirInProcess, name: string, file: GoldenFile, world: World): Promise<Committed> {
  world.closeInputs();
  await weir.untilState(name, 'finished');
  const open = [...world.outputs.values()].filter(({ openGenerations }) => openGenerations.length > 0);
  if (open.length > 0) throw new Error(`${file.name}: transactions were left open`);
  return world.committed;
}

/** Everything is there from the beginning; one subtask. */
export async function runStraight(weir: WeirInProcess, name: string, file: GoldenFile): Promise<Committed> {
  const world = worldOf(file);
  if (!file.paced) world.closeInputs();
  await begin(weir, name, file, world, 1);
  if (file.paced) await pace(weir, name, world, 0, world.stepCount);
  return finish(weir, name, file, world);
}

const shares = [0.25, 0.5, 0.75, 1];

/** The input flows in four parts, each in a committed epoch before the next one comes; two subtasks. */
export async function runCheckpointed(
  weir: WeirInProcess,
  name: string,
  file: GoldenFile,
): Promise<Committed> {
  const world = worldOf(file);
  await begin(weir, name, file, world, 2);
  if (file.paced) await pace(weir, name, world, 0, world.stepCount);
  for (const share of shares) {
    world.release(share);
    await weir.until(name, `an epoch holds ${share} of the input`, () => world.allCommitted);
  }
  for (const [table, lines] of file.early) {
    const expected = lines.toSorted().join('\n');
    const isThere = (): boolean => world.output(table).committedLines.join('\n') === expected;
    await weir.until(name, `${table} holds its early rows`, isThere);
  }
  return finish(weir, name, file, world);
}

/** Stopped with a checkpoint in the middle at two subtasks, restored and finished at three. */
export async function runRescaled(weir: WeirInProcess, name: string, file: GoldenFile): Promise<Committed> {
  const world = worldOf(file);
  const half = middleStep(world);
  if (!file.paced) world.release(0.5);
  await begin(weir, name, file, world, 2);
  if (file.paced) await pace(weir, name, world, 0, half);
  await weir.until(name, 'half of the input is read', () => world.allPolled);
  await weir.stopPipeline(name);
  await weir.rescale(name, 3);
  if (file.paced) await pace(weir, name, world, half, world.stepCount);
  return finish(weir, name, file, world);
}

/** Until a part of the input is in a committed epoch, a part in one that is decided but not committed, a part in none. */
async function runHalfway(weir: WeirInProcess, name: string, world: World): Promise<void> {
  world.release(0.25);
  await weir.until(name, 'a quarter is committed', () => world.allCommitted);
  world.holdCommits();
  world.release(0.5);
  await weir.until(name, 'half is read, and held or committed', () => {
    return world.allPolled && (world.heldCommits > 0 || world.allCommitted);
  });
  world.release(0.75);
  await weir.until(name, 'a part more is read', () => world.allPolled);
}

/** A golden file on its way through a crash. */
export interface CrashedRun {
  readonly file: GoldenFile;
  readonly name: string;
  readonly world: World;
  /** Null, or why it didn't come to the middle. */
  readonly trouble: unknown;
}

const middleStep = (world: World): number => Math.ceil(world.stepCount / 2);

async function toTheMiddle(weir: WeirInProcess, file: GoldenFile): Promise<CrashedRun> {
  const world = worldOf(file);
  const run = { file, name: `${file.name.replaceAll(/[^a-z0-9]+/g, '-')}-crashed`, world };
  try {
    await begin(weir, run.name, file, world, 2);
    if (file.paced) await pace(weir, run.name, world, 0, middleStep(world));
    else await runHalfway(weir, run.name, world);
    return { ...run, trouble: null };
  } catch (trouble) {
    return { ...run, trouble };
  }
}

/** Files on their way to the middle at a time. */
const atOnce = 8;

/**
 * Runs files at two subtasks into the middle of their input, then ends the process without a checkpoint: a part of the input is in a
 * committed epoch, a part in one that is decided and whose commits did not get through, a part in none.
 */
export async function crashAll(store: ObjectStore, files: readonly GoldenFile[]): Promise<CrashedRun[]> {
  const weir = await WeirInProcess.start(store, new Map());
  try {
    const runs: CrashedRun[] = [];
    const waiting = [...files];
    const one = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        runs.push(await toTheMiddle(weir, file));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    return runs;
  } finally {
    await weir.end();
  }
}

/** Another process, which goes on with them at three subtasks. */
export async function recoverAll(store: ObjectStore, runs: readonly CrashedRun[]): Promise<WeirInProcess> {
  for (const { name, world } of runs) {
    world.releaseCommits();
    await rescaleAtRest(store, name, 3);
  }
  return WeirInProcess.start(store, new Map(runs.map(({ name, world }) => [name, world])));
}

/** After `recoverAll`: the rest of the input. */
export async function finishRecovered(weir: WeirInProcess, run: CrashedRun): Promise<Committed> {
  const { file, name, world } = run;
  if (run.trouble !== null) throw run.trouble;
  if (file.paced) await pace(weir, name, world, middleStep(world), world.stepCount);
  return finish(weir, name, file, world);
}
