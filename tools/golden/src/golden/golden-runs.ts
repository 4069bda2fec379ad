import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { InputTable } from '../world/input-table.ts';
import { rescaleAtRest, WeirProcess } from '../world/weir-process.ts';
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

async function begin(weir: WeirProcess, name: string, file: GoldenFile, world: World, parallelism: number) {
  const { record, diagnostics } = await weir.create(name, file.sql, world, parallelism);
  if (record === null) throw new Error(`${file.name} doesn't compile: ${JSON.stringify(diagnostics)}`);
}

function finished(file: GoldenFile, world: World): Committed {
  const open = [...world.outputs.values()].flatMap(({ name, openGenerations }) =>
    openGenerations.length === 0 ? [] : [name],
  );
  if (open.length > 0) throw new Error(`${file.name}: transactions of ${open.join(', ')} were left open`);
  return world.committed;
}

/** Everything is there from the beginning; one subtask. */
export async function runStraight(weir: WeirProcess, name: string, file: GoldenFile): Promise<Committed> {
  const world = worldOf(file);
  world.closeInputs();
  await begin(weir, name, file, world, 1);
  await weir.untilState(name, 'finished');
  return finished(file, world);
}

const shares = [0.25, 0.5, 0.75, 1];

/** The input flows in four parts, each in a committed epoch before the next one comes; two subtasks. */
export async function runCheckpointed(weir: WeirProcess, name: string, file: GoldenFile): Promise<Committed> {
  const world = worldOf(file);
  await begin(weir, name, file, world, 2);
  for (const share of shares) {
    world.release(share);
    await weir.until(name, `an epoch holds ${share} of the input`, () => world.allCommitted);
  }
  for (const [table, lines] of file.early) {
    const expected = lines.toSorted().join('\n');
    await weir.until(
      name,
      `${table} holds its early rows`,
      () => world.output(table).committedLines.join('\n') === expected,
    );
  }
  world.closeInputs();
  await weir.untilState(name, 'finished');
  return finished(file, world);
}

/** Stopped with a checkpoint in the middle at two subtasks, restored and finished at three. */
export async function runRescaled(weir: WeirProcess, name: string, file: GoldenFile): Promise<Committed> {
  const world = worldOf(file);
  world.release(0.5);
  await begin(weir, name, file, world, 2);
  await weir.until(name, 'half of the input is read', () => world.allPolled);
  await weir.stopPipeline(name);
  await weir.rescale(name, 3);
  world.closeInputs();
  await weir.untilState(name, 'finished');
  return finished(file, world);
}

/**
 * The process ends in the middle, without a checkpoint: a part of the input is in a committed epoch, a part in an epoch that is decided
 * but whose commits did not get through (where there were rows to commit), a part in none. Another process goes on at three subtasks.
 */
export async function runCrashed(name: string, file: GoldenFile): Promise<Committed> {
  const world = worldOf(file);
  const store = new MemoryStore();
  const before = await WeirProcess.start(store, new Map());
  try {
    world.release(0.25);
    await begin(before, name, file, world, 2);
    await before.until(name, 'a quarter is committed', () => world.allCommitted);
    world.holdCommits();
    world.release(0.5);
    await before.until(name, 'half is read, and held or committed', () => {
      return world.allPolled && (world.heldCommits > 0 || world.allCommitted);
    });
    world.release(0.75);
    await before.until(name, 'a part more is read', () => world.allPolled || world.heldCommits > 0);
  } finally {
    await before.end();
  }
  world.releaseCommits();
  await rescaleAtRest(store, name, 3);
  const after = await WeirProcess.start(store, new Map([[name, world]]));
  try {
    world.closeInputs();
    await after.untilState(name, 'finished');
    return finished(file, world);
  } finally {
    await after.end();
  }
}
