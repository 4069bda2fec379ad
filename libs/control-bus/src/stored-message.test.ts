import { expect, test } from 'vitest';
import { readStoredMessage } from './stored-message.ts';

const prefix = 'clusters/c/pipelines/p/id/';
const objects = new Map([
  [`${prefix}messages/1.2.x`, new Uint8Array([1, 2])],
  [`${prefix}messages/large`, new Uint8Array(16 * 1024 * 1024 + 100)],
  ['clusters/c/pipelines/other/id/ledger/1', new Uint8Array([9])],
]);
let asked = 0;
const store = {
  getRange: (key: string, start: number, end: number) => {
    asked += 1;
    return Promise.resolve(objects.get(key)?.subarray(start, end));
  },
};

test('a message below the prefix of its pipeline is read', async () => {
  expect(await readStoredMessage(store, prefix, `${prefix}messages/1.2.x`)).toEqual(new Uint8Array([1, 2]));
  expect(await readStoredMessage(store, prefix, `${prefix}messages/gone`)).toBe(undefined);
});

test('fault 1.2.7: an object elsewhere is not even asked for', async () => {
  asked = 0;
  for (const key of [
    'clusters/c/pipelines/other/id/ledger/1',
    `${prefix}../../other/id/ledger/1`,
    `${prefix}a//b`,
    prefix,
    '',
    `/${prefix}x`,
    `${prefix}${'x'.repeat(2000)}`,
  ])
    await expect(readStoredMessage(store, prefix, key)).rejects.toMatchObject({ code: 'WEIR-6010' });
  expect(asked).toBe(0);
});

test('fault 1.2.7: an object that is larger than a message may be is refused', async () => {
  await expect(readStoredMessage(store, prefix, `${prefix}messages/large`)).rejects.toThrow('more than');
});
