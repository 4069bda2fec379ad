import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noAccess } from '../process-access.ts';
import { sinkContext, subtaskContext } from '../testing/connector-contexts.ts';
import { SingleFileSink } from './single-file-sink.ts';
import { SingleFileSource } from './single-file-source.ts';

const schema: Schema = { fields: [{ name: 'n', type: bigintType, nullable: false }] };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-file-sink-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function sinkOf(
  generation: number,
  firstEpoch: number,
  outputEpoch = firstEpoch - 1,
  {
    path = join(folder, 'out.json'),
    pipelineId = 'id1',
    root = folder as string | null,
    format = { format: 'json' } as Readonly<Record<string, string>>,
  } = {},
): Promise<SingleFileSink> {
  const options = { path, ...format };
  const node = sinkNode({ table: 'out', connector: 'single_file', options, schema });
  const context = sinkContext({ generation, pipelineId, access: { ...noAccess, filesRoot: root } });
  const sink = new SingleFileSink(node, context);
  await sink.open(firstEpoch, outputEpoch);
  return sink;
}

const write = (sink: SingleFileSink, ...numbers: bigint[]): void =>
  sink.write(
    batchOfRows(
      new BatchBuilder(schema),
      numbers.map((n) => [n]),
    ),
  );
const content = (): Promise<string> => readFile(join(folder, 'out.json'), 'utf8');

test('a generation that was superseded neither writes nor changes what the newer one noted', async () => {
  const frozen = await sinkOf(1, 1);
  write(frozen, 1n);
  await frozen.prepare(1);
  const newer = await sinkOf(2, 2); // epoch 1 was decided
  write(newer, 2n);
  await newer.prepare(2);
  // The frozen one wakes up, and takes the barrier of the epoch that it had begun, without rows and with some.
  await expect(frozen.prepare(2)).rejects.toMatchObject({ code: 'WEIR-3305' });
  write(frozen, 3n);
  await expect(frozen.prepare(2)).rejects.toMatchObject({ code: 'WEIR-3305' });
  await newer.close();
  const last = await sinkOf(3, 3); // epoch 2 was decided: the newer one's
  expect(await content()).toBe('{"n":1}\n{"n":2}\n');
  await last.close();
  await frozen.close();
});

test('what was prepared under the number of an epoch that only goes back to an older one is cut off', async () => {
  const first = await sinkOf(1, 1);
  write(first, 1n);
  await first.prepare(1);
  write(first, 2n);
  await first.prepare(2); // not decided: epoch 2 goes back to an older one instead
  await first.close();
  const next = await sinkOf(2, 3, 1);
  expect(await content()).toBe('{"n":1}\n');
  write(next, 3n);
  await next.prepare(3);
  await next.close();
  const last = await sinkOf(3, 4);
  expect(await content()).toBe('{"n":1}\n{"n":3}\n');
  await last.close();
});

test('csv.header: the header is written once, before the first row, and cut off with it', async () => {
  const format = { format: 'csv', 'csv.header': 'true' };
  const first = await sinkOf(1, 1, 0, { format });
  await first.prepare(1);
  expect(await content()).toBe('');
  write(first, 1n);
  await first.prepare(2); // not decided
  expect(await content()).toBe('n\n1\n');
  await first.close();
  const next = await sinkOf(2, 3, 1, { format });
  expect(await content()).toBe('');
  write(next, 2n);
  await next.prepare(3);
  write(next, 3n);
  await next.prepare(4);
  expect(await content()).toBe('n\n2\n3\n');
  await next.close();
});

test('what an undecided epoch wrote is cut off at the next start', async () => {
  const first = await sinkOf(1, 1);
  write(first, 1n);
  await first.prepare(1);
  write(first, 2n);
  await first.prepare(2);
  await first.close();
  const next = await sinkOf(2, 2); // epoch 2 was not decided
  expect(await content()).toBe('{"n":1}\n');
  await next.close();
});

test('a sidecar that can not be read stops the sink: the file is not cut back', async () => {
  const path = join(folder, 'out.json');
  await writeFile(path, '{"n":1}\n');
  // A folder in its place: reading it fails for root too.
  await mkdir(`${path}.weir`);
  await expect(sinkOf(1, 1)).rejects.toMatchObject({ code: 'WEIR-3306' });
  expect(await content()).toBe('{"n":1}\n');
});

describe('fault 1.2.3: what the pipeline has not written is never cut off', () => {
  test('a file without a sidecar', async () => {
    await writeFile(join(folder, 'out.json'), '{"n":1}\n');
    await expect(sinkOf(1, 1)).rejects.toMatchObject({
      code: 'WEIR-3309',
      message: expect.stringContaining('8 bytes that this pipeline has not written'),
    });
    expect(await content()).toBe('{"n":1}\n');
    expect(await readdir(folder)).toEqual(['out.json']);
  });

  test("another pipeline's file", async () => {
    const theirs = await sinkOf(1, 1, 0, { pipelineId: 'other' });
    write(theirs, 1n);
    await theirs.prepare(1);
    await theirs.close();
    await expect(sinkOf(1, 1)).rejects.toMatchObject({ code: 'WEIR-3309' });
    const again = await sinkOf(2, 2, 1, { pipelineId: 'other' });
    expect(await content()).toBe('{"n":1}\n');
    await again.close();
  });

  test('an empty file is taken, and a path that is not there yet', async () => {
    await writeFile(join(folder, 'out.json'), '');
    await (await sinkOf(1, 1)).close();
    await (await sinkOf(1, 1, 0, { path: 'new.json' })).close();
    expect(await readdir(folder)).toContain('new.json');
  });

  test('a file that lost what was committed is not filled up with zeros', async () => {
    const first = await sinkOf(1, 1);
    write(first, 1n, 2n);
    await first.prepare(1);
    await first.close();
    await truncate(join(folder, 'out.json'), 3);
    await expect(sinkOf(2, 2)).rejects.toMatchObject({ code: 'WEIR-3310' });
    expect(await content()).toBe('{"n');
  });
});

describe('fault 1.2.3: files lie below the folder of the process', () => {
  test.each([
    '/etc/out.json',
    '../out.json',
    'below/../../out.json',
    '.',
    'link/out.json',
    'link.json',
    'dangling.json',
  ])('not %s', async (path) => {
    const root = join(folder, 'root');
    await mkdir(join(root, 'below'), { recursive: true });
    await symlink(folder, join(root, 'link'));
    await writeFile(join(folder, 'secret.json'), '');
    await symlink(join(folder, 'secret.json'), join(root, 'link.json'));
    await symlink(join(folder, 'not-there.json'), join(root, 'dangling.json'));
    await expect(sinkOf(1, 1, 0, { path, root })).rejects.toMatchObject({ code: 'WEIR-3308' });
    expect((await readdir(folder)).toSorted()).toEqual(['root', 'secret.json']);
    const node = sourceNode({
      table: 'a',
      connector: 'single_file',
      options: { path, format: 'json' },
      schema,
    });
    const source = new SingleFileSource(node, subtaskContext({ access: { ...noAccess, filesRoot: root } }));
    await expect(source.open({})).rejects.toMatchObject({ code: 'WEIR-3308' });
  });

  test('a process without such a folder refuses, and says what to set', async () => {
    await expect(sinkOf(1, 1, 0, { root: null })).rejects.toMatchObject({
      code: 'WEIR-3307',
      hint: expect.stringContaining('WEIR_FILES_DIR'),
    });
  });
});
