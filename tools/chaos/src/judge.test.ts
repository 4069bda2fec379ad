import { expect, test } from 'vitest';
import type { CommittedReader } from './committed-reader.ts';
import { judge } from './judge.ts';

const topics = { input: 'input', kept: 'kept', windows: 'windows', dead: 'dead' };
const second = 1000;

// 17 is dropped by the filter (7 is not below 7); the last record closes the windows before it.
const input = [
  { id: 1, k: 5, v: 10, note: 'n1', ts: 0 },
  { id: 2, k: 5, v: 17, note: 'n2', ts: 999 },
  { id: 3, k: 6, v: 3, note: 'n3', ts: second },
  { id: 4, k: 6, v: 9, note: 'n4', ts: 3600 * second },
];
const kept = [
  { id: 1, k: 5, twice: 20, note: 'N1' },
  { id: 3, k: 6, twice: 6, note: 'N3' },
];
const windows = [
  { k: 5, start: 0, n: 2, total: 27 },
  { k: 6, start: second, n: 1, total: 3 },
];

const dead = ['bad 5', 'bad 18'];

function readerOf(contents: Record<string, readonly (object | string)[]>): CommittedReader {
  return {
    name: 'made up',
    async read(topic, onRecord) {
      for (const [offset, record] of (contents[topic] ?? []).entries())
        onRecord({
          partition: 0,
          offset,
          value: typeof record === 'string' ? record : JSON.stringify(record),
        });
    },
  };
}

const right = { lost: 0, duplicated: 0, wrongWindows: 0 };

test.each([
  ['all is right', kept, windows, right],
  ['a record is missing', kept.slice(1), windows, { ...right, lost: 1 }],
  ['a record came twice', [...kept, kept[0]], windows, { ...right, duplicated: 1 }],
  [
    'a record was dropped by the filter',
    [...kept, { id: 2, k: 5, twice: 34, note: 'N2' }],
    windows,
    { ...right, duplicated: 1 },
  ],
  [
    'a record is not what it should be',
    [kept[0], { ...kept[1], twice: 7 }],
    windows,
    { ...right, lost: 1, duplicated: 1 },
  ],
  ['a window is missing', kept, windows.slice(1), { ...right, wrongWindows: 1 }],
  ['a window came twice', kept, [...windows, windows[1]], { ...right, wrongWindows: 1 }],
  ['a window counts wrong', kept, [windows[0], { ...windows[1], n: 2 }], { ...right, wrongWindows: 1 }],
  [
    'a window is early',
    kept,
    [...windows, { k: 6, start: 3600 * second, n: 1, total: 9 }],
    { ...right, wrongWindows: 1 },
  ],
] as const)('%s', async (_, keptRecords, windowRecords, expected) => {
  const reader = readerOf({
    input,
    kept: [...keptRecords] as object[],
    windows: [...windowRecords] as object[],
  });
  expect(await judge(reader, topics)).toMatchObject({ ...expected, input: 4 });
});

test.each([
  ['input = output + dead letters', dead, right],
  ['a dead letter is missing', dead.slice(1), { ...right, lost: 1 }],
  ['a dead letter came twice', [...dead, dead[0] ?? ''], { ...right, duplicated: 1 }],
  ['a dead letter of an aborted transaction', [...dead, 'bad 31'], { ...right, duplicated: 1 }],
])('%s', async (_, deadRecords, expected) => {
  const reader = readerOf({ input: [...input, ...dead], kept, windows, dead: deadRecords });
  const verdict = await judge(reader, topics);
  expect(verdict).toMatchObject({ ...expected, input: 6, deadLetters: deadRecords.length });
});
