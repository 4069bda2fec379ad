import { TestBroker } from '@weir/connectors/testing/test-broker.ts';
import { TestInput } from '@weir/connectors/testing/test-input.ts';
import { TestTables } from '@weir/connectors/testing/test-tables.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { rescaleAtRest, WeirInProcess } from '../weir-in-process.ts';
import type { GoldenFile } from './golden-file.ts';

/** What a run of a golden file left in the tables that it writes: lines, sorted. */
export type Committed = Readonly<Record<string, readonly string[]>>;

/** Few lines a batch: many batches, and barriers between them. */
const linesPerBatch = 3;

export function tablesOf(file: GoldenFile, maxBatch = linesPerBatch): TestTables {
  const broker = new TestBroker();
  broker.transactionTimeoutMs = undefined;
  return new TestTables(
    file.inputs.map(({ table, lines, partitions }) => new TestInput(table, lines, partitions, maxBatch)),
    broker,
  );
}

async function begin(
  weir: WeirInProcess,
  name: string,
  file: GoldenFile,
  tables: TestTables,
  parallelism: number,
) {
  const { record, diagnostics } = await weir.create(name, file.sql, tables, parallelism);
  if (record === null) throw new Error(`${file.name} doesn't compile: ${JSON.stringify(diagnostics)}`);
}

/** Releases a step after the other, from step `from` (0 for the first) to step `to`, exclusive; each is committed before the next comes. */
async function pace(
  weir: WeirInProcess,
  name: string,
  tables: TestTables,
  from: number,
  to: number,
): Promise<void> {
  for (let steps = from + 1; steps <= to; steps += 1) {
    tables.releaseSteps(steps);
    await weir.until(name, `an epoch holds step ${steps}`, () => tables.allCommitted);
  }
}

async function finish(
  weir: WeirInProcess,
  name: string,
  file: GoldenFile,
  tables: TestTables,
): Promise<Committed> {
  tables.closeInputs();
  await weir.untilState(name, 'finished');
  if (tables.broker.ongoing().length > 0) throw new Error(`${file.name}: transactions were left open`);
  return tables.committed;
}

/** Everything is there from the beginning; one subtask. */
export async function runStraight(weir: WeirInProcess, name: string, file: GoldenFile): Promise<Committed> {
  const tables = tablesOf(file);
  if (!file.paced) tables.closeInputs();
  await begin(weir, name, file, tables, 1);
  if (file.paced) await pace(weir, name, tables, 0, tables.stepCount);
  return finish(weir, name, file, tables);
}

const shares = [0.25, 0.5, 0.75, 1];

/** The input flows in four parts, each in a committed epoch before the next one comes; two subtasks. */
export async function runCheckpointed(
  weir: WeirInProcess,
  name: string,
  file: GoldenFile,
): Promise<Committed> {
  const tables = tablesOf(file);
  await begin(weir, name, file, tables, 2);
  if (file.paced) await pace(weir, name, tables, 0, tables.stepCount);
  for (const share of shares) {
    tables.release(share);
    await weir.until(name, `an epoch holds ${share} of the input`, () => tables.allCommitted);
  }
  for (const [table, lines] of file.early) {
    const expected = lines.toSorted().join('\n');
    const isThere = (): boolean => tables.broker.committedLines(table).join('\n') === expected;
    await weir.until(name, `${table} holds its early rows`, isThere);
  }
  return finish(weir, name, file, tables);
}

/** Stopped with a checkpoint in the middle at two subtasks, restored and finished at three. */
export async function runRescaled(weir: WeirInProcess, name: string, file: GoldenFile): Promise<Committed> {
  const tables = tablesOf(file);
  const half = middleStep(tables);
  if (!file.paced) tables.release(0.5);
  await begin(weir, name, file, tables, 2);
  if (file.paced) await pace(weir, name, tables, 0, half);
  await weir.until(name, 'half of the input is read', () => tables.allPolled);
  await weir.stopPipeline(name);
  await weir.rescale(name, 3);
  if (file.paced) await pace(weir, name, tables, half, tables.stepCount);
  return finish(weir, name, file, tables);
}

/** Until a part of the input is in a committed epoch, a part in one that is decided but not committed, a part in none. */
async function runHalfway(weir: WeirInProcess, name: string, tables: TestTables): Promise<void> {
  tables.release(0.25);
  await weir.until(name, 'a quarter is committed', () => tables.allCommitted);
  tables.broker.holdCommits = true;
  tables.release(0.5);
  await weir.until(name, 'half is read, and held or committed', () => {
    return tables.allPolled && (tables.broker.held > 0 || tables.allCommitted);
  });
  tables.release(0.75);
  await weir.until(name, 'a part more is read', () => tables.allPolled);
}

/** A golden file on its way through a crash. */
export interface CrashedRun {
  readonly file: GoldenFile;
  readonly name: string;
  readonly tables: TestTables;
  /** Null, or why it didn't come to the middle. */
  readonly trouble: unknown;
}

const middleStep = (tables: TestTables): number => Math.ceil(tables.stepCount / 2);

async function toTheMiddle(weir: WeirInProcess, file: GoldenFile): Promise<CrashedRun> {
  const tables = tablesOf(file);
  const run = { file, name: `${file.name.replaceAll(/[^a-z0-9]+/g, '-')}-crashed`, tables };
  try {
    await begin(weir, run.name, file, tables, 2);
    if (file.paced) await pace(weir, run.name, tables, 0, middleStep(tables));
    else await runHalfway(weir, run.name, tables);
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
  for (const { name, tables } of runs) {
    tables.broker.releaseCommits();
    await rescaleAtRest(store, name, 3);
  }
  return WeirInProcess.start(store, new Map(runs.map(({ name, tables }) => [name, tables])));
}

/** After `recoverAll`: the rest of the input. */
export async function finishRecovered(weir: WeirInProcess, run: CrashedRun): Promise<Committed> {
  const { file, name, tables } = run;
  if (run.trouble !== null) throw run.trouble;
  if (file.paced) await pace(weir, name, tables, middleStep(tables), tables.stepCount);
  return finish(weir, name, file, tables);
}
