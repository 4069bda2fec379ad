import { expect, test } from 'vitest';
import { readGoldenFile } from './golden-file.ts';

test('lines go round the partitions, empty lines begin steps, blocks may name their partition', () => {
  const { inputs, early, outputs, primaryKeys } = readGoldenFile('windows/idle-partition');
  expect(inputs.map(({ lines }) => lines.map(({ partition, step }) => `${partition}/${step}`))).toEqual([
    ['1/0', '0/0', '0/0', '0/1'],
  ]);
  expect([...early.keys()]).toEqual(['results']);
  expect(outputs.get('results')?.length).toBeGreaterThan(1);
  expect(primaryKeys.get('results')).toEqual(['start', 'end']);
});
