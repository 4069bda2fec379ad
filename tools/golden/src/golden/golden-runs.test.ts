import { expect, test } from 'vitest';
import { readGoldenFile } from './golden-file.ts';
import { runCrashed, worldOf } from './golden-runs.ts';

test('a crash leaves a decided epoch to recovery, and rows that nobody committed', async () => {
  const file = readGoldenFile('select/projection');
  const world = worldOf(file);
  await runCrashed('crash', file, world);
  const output = world.output('results');
  expect(output.held).toBeGreaterThan(0);
  expect(output.recovered).toBeGreaterThan(0);
  expect(output.committedLines).toHaveLength(6);
});

test('lines go round the partitions, empty lines begin steps, blocks may name their partition', () => {
  const { inputs, early, outputs, primaryKeys } = readGoldenFile('windows/idle-partition');
  expect(inputs.map(({ lines }) => lines.map(({ partition, step }) => `${partition}/${step}`))).toEqual([
    ['0/0', '0/0', '1/0', '0/1'],
  ]);
  expect([...early.keys()]).toEqual(['results']);
  expect(outputs.get('results')?.length).toBeGreaterThan(1);
  expect(primaryKeys.get('results')).toEqual(['start', 'end']);
});
