import { expect, test } from 'vitest';
import { formatType } from '@weir/columnar/sql-type.ts';
import { columnsOfSamples } from './sample-columns.ts';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function columns(...samples: unknown[]): Record<string, string> {
  return Object.fromEntries(
    columnsOfSamples(samples.map(bytes)).columns.map((f) => [
      f.name,
      `${formatType(f.type)}${f.nullable ? '' : ' NOT NULL'}`,
    ]),
  );
}

test('fault 1.1.5: a timestamp at whole minutes is one, what the readers refuse is text', () => {
  expect(columns({ at: '2026-06-25T09:15Z', on: '2026-02-30', no: '2026-06-25T29:15Z' })).toEqual({
    at: 'TIMESTAMP(6) NOT NULL',
    on: 'TEXT NOT NULL',
    no: 'TEXT NOT NULL',
  });
});

test('types that fit every sample', () => {
  expect(
    columns(
      { id: 1, price: 1, at: '2026-01-01T00:00:00Z', tags: ['a'], who: { name: 'x' }, odd: 1, gone: null },
      {
        id: 2,
        price: 1.5,
        at: '2026-01-01 10:00:00.5',
        tags: [],
        who: { name: 'y', age: 3 },
        odd: 'x',
        extra: true,
      },
    ),
  ).toEqual({
    id: 'BIGINT NOT NULL',
    price: 'DOUBLE NOT NULL',
    at: 'TIMESTAMP(6) NOT NULL',
    tags: 'TEXT[] NOT NULL',
    who: 'STRUCT<name TEXT, age BIGINT> NOT NULL',
    odd: 'JSON NOT NULL',
    gone: 'JSON',
    extra: 'BOOLEAN',
  });
});

test('a sample that is no JSON object is named', () => {
  expect(() => columnsOfSamples([bytes({}), new TextEncoder().encode('nope')])).toThrow(
    'sample 2 is no JSON',
  );
  expect(() => columnsOfSamples([bytes([1])])).toThrow('sample 1 is no JSON object');
  expect(() => columnsOfSamples([])).toThrow(expect.objectContaining({ code: 'WEIR-3404' }));
});
