import { expect, test } from 'vitest';
import { isHandleList } from './handle-list.ts';

const whose = { operator: 'o', stage: 's', subtask: 0 };
const kafka = {
  kind: 'kafka',
  transactionalId: 't',
  producerId: '9223372036854775807',
  producerEpoch: 3,
  firstOffsets: { 'topic/0': '17' },
  openedAtMs: 1.5,
  timeoutMs: 60_000,
};
const of = (handle: unknown) => [{ ...whose, handle }];

test('handles of every kind are handles', () => {
  for (const handle of [kafka, { kind: 'empty' }, { kind: 'file', path: '/a', length: 3, staged: 'x' }])
    expect(isHandleList(of(handle))).toBe(true);
  expect(isHandleList([])).toBe(true);
});

test.each<[string, unknown]>([
  ['no list', { length: 0 }],
  ['no handle', of(undefined)],
  ['an unknown kind', of({ kind: 'iceberg' })],
  ['a kind of every object', of({ kind: 'constructor' })],
  ['a producer id that is a number', of({ ...kafka, producerId: 1 })],
  ['a producer epoch that is a text', of({ ...kafka, producerEpoch: '3' })],
  ['offsets that are none', of({ ...kafka, firstOffsets: { 'topic/0': 'x' } })],
  ['offsets in a list', of({ ...kafka, firstOffsets: ['1'] })],
  ['a negative length', of({ kind: 'file', path: '/a', length: -1, staged: 'x' })],
  ['a subtask that is a text', [{ ...whose, subtask: '0', handle: kafka }]],
  ['no operator', [{ ...whose, operator: null, handle: kafka }]],
])('fault 1.2.1: %s is no list of handles', (_, value) => {
  expect(isHandleList(value)).toBe(false);
});
