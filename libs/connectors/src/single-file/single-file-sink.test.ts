import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import { sinkNode } from '@weir/plan/testing/table-node.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sinkContext } from '../testing/connector-contexts.ts';
import { SingleFileSink } from './single-file-sink.ts';

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
): Promise<SingleFileSink> {
  const options = { path: join(folder, 'out.json'), format: 'json' };
  const node = sinkNode({ table: 'out', connector: 'single_file', options, schema });
  const context = sinkContext({ generation });
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
