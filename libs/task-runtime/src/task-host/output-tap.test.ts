import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import type { Sink } from '@weir/connectors/sink.ts';
import { appendMode } from '@weir/plan/change-mode.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { sinkNode } from '@weir/plan/testing/table-node.ts';
import { expect, test } from 'vitest';
import { SinkEnd } from '../record-path/sink-end.ts';
import { TailTap } from './output-tap.ts';

const schema: Schema = {
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'day', type: { kind: 'date' }, nullable: true },
    { name: 'note', type: textType, nullable: true },
  ],
};
const batch = (...rows: readonly (readonly [bigint, bigint | null, string | null])[]) =>
  batchOfRows(new BatchBuilder(schema), rows);

/** A sink that writes nothing, with a tap in front of it. */
function tapped(epochNow: () => number = () => 1) {
  let written = 0;
  const failures: unknown[] = [];
  const sink = {
    failed: new Promise<never>(() => {}),
    write: ({ rowCount }: { rowCount: number }) => (written += rowCount),
    hasRoom: () => true,
  } as unknown as Sink;
  const node = sinkNode({ table: 'out', connector: 'fake', options: {}, schema });
  const end = new SinkEnd('sink', node, sink, (error) => void failures.push(error));
  const tap = new TailTap('out', { output: schema, changes: appendMode }, formatNamed('json'), epochNow);
  end.tap = tap;
  return { end, tap, failures, written: () => written };
}

test('fault 1.2.6: a row that JSON cannot express is not shown, and is written all the same', () => {
  const { end, tap, written } = tapped();
  const beyondYears = 10n ** 15n;
  end.write(batch([1n, 0n, 'a'], [2n, beyondYears, 'b'], [3n, 0n, 'c']));
  end.write(batch([4n, 0n, 'd']));
  expect(written()).toBe(4);
  const shown = tap.take(1);
  expect(shown?.rows[0]).toContain('"id":1');
  expect((shown?.rows.length ?? 0) + (shown?.skipped ?? 0)).toBe(4);
  expect(shown?.rows.at(-1)).toContain('"id":4');
});

test('fault 1.2.6: an error in a tap takes the tap away and nothing else', () => {
  const { end, written, failures } = tapped();
  let asked = 0;
  end.tap = {
    rows() {
      asked += 1;
      throw new Error('broken');
    },
  };
  end.write(batch([1n, null, null]));
  end.write(batch([2n, null, null]));
  expect([written(), asked, end.tap, failures]).toEqual([2, 1, null, []]);
});

test('fault 1.2.6: a tap keeps so many bytes of an epoch, not only so many rows', () => {
  const { end, tap } = tapped();
  const large = 'x'.repeat(300_000);
  for (let id = 0n; id < 10n; id += 1n) end.write(batch([id, null, large]));
  end.write(batch([10n, null, 'y'.repeat(20_000_000)]));
  const { rows, skipped } = tap.take(1) ?? expect.fail('nothing was kept');
  expect(rows.length + skipped).toBe(11);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.join('').length).toBeLessThanOrEqual(1024 * 1024);
});

test('fault 1.2.6: rows of epochs that are never committed do not pile up', () => {
  let epoch = 0;
  const { end, tap } = tapped(() => epoch);
  for (epoch = 1; epoch <= 100; epoch += 1) end.write(batch([BigInt(epoch), null, 'x']));
  expect(tap.take(50)).toBe(undefined);
  expect(tap.take(100)?.rows).toHaveLength(1);
});
