import { expect, test } from 'vitest';
import { plainRows } from '@weir/columnar/row-view.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import { present } from '@weir/kernel/assert.ts';
import { sourceNode } from '@weir/plan/testing/table-node.ts';
import { subtaskContext } from '../testing/connector-contexts.ts';
import type { Source } from '../source.ts';
import { nexmarkConnector } from './nexmark-connector.ts';
import { nexmarkSchema } from './nexmark-schema.ts';

const node = sourceNode({
  table: 'nexmark',
  connector: 'nexmark',
  options: { message_count: '10000', splits: '4', seed: '1' },
  schema: nexmarkSchema,
});

function createSource(subtask = 0, parallelism = 1): Source {
  return present(nexmarkConnector.createSource?.(node, subtaskContext({ subtask, parallelism })), 'source');
}

function takeAll(source: Source, batches = Infinity): PlainRow[] {
  const rows: PlainRow[] = [];
  for (let count = 0; count < batches; count += 1) {
    const batch = source.poll();
    if (batch === undefined) break;
    rows.push(...plainRows(batch));
  }
  return rows;
}

const text = (rows: PlainRow[]) =>
  rows
    .map((row) =>
      JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    )
    .sort();

test('1 person, 3 auctions and 46 bids in 50 events, one of them in each row', async () => {
  const start = await present(nexmarkConnector.resolveStart, 'start')(node, subtaskContext());
  const source = createSource();
  await source.open(start);
  const rows = takeAll(source);
  expect(rows).toHaveLength(10_000);
  expect(source.ended).toBe(true);
  const kinds = [0, 1, 2].map((type) => rows.filter((row) => Number(row[0]) === type).length);
  expect(kinds).toEqual([200, 600, 9200]);
  for (const row of rows) expect([row[1], row[2], row[3]].filter((value) => value !== null)).toHaveLength(1);
});

test('the events are the same at another parallelism, and go on after a restore', async () => {
  const start = await present(nexmarkConnector.resolveStart, 'start')(node, subtaskContext());
  const whole = createSource();
  await whole.open(start);
  const expected = text(takeAll(whole));

  const first = createSource();
  await first.open(start);
  const before = takeAll(first, 2);
  const saved = first.snapshot();
  const after: PlainRow[] = [];
  for (let subtask = 0; subtask < 3; subtask += 1) {
    const source = createSource(subtask, 3);
    await source.open(saved);
    after.push(...takeAll(source));
  }
  expect(before.length).toBeGreaterThan(0);
  expect(after.length).toBeGreaterThan(0);
  expect(text([...before, ...after])).toEqual(expected);
});
