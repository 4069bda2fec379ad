import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows } from '@weir/columnar/row-view.ts';
import { timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { sourceNode } from '@weir/plan/testing/table-node.ts';
import { expect, test } from 'vitest';
import { MetadataColumns } from './kafka-metadata.ts';

const schema: Schema = { fields: [{ name: 'at', type: timestampType, nullable: false }] };

test('fault 1.1.2: record times of any year become exact microseconds', () => {
  const millis = [1_704_164_645_500, 253_402_300_799_999, -62_135_596_800_000, 9_007_199_254_741];
  const none = new Int32Array(millis.length);
  const block: FetchedBlock = {
    topic: 't',
    partition: 0,
    index: {
      data: new Uint8Array(0),
      count: millis.length,
      keyStarts: none,
      keyEnds: none,
      valueStarts: none,
      valueEnds: none,
      headerStarts: none,
      headerEnds: none,
      timestampsMs: Float64Array.from(millis),
      offsets: new Float64Array(millis.length),
    },
    startOffset: 0,
    nextOffset: millis.length,
    highWatermark: millis.length,
    lastStableOffset: millis.length,
    logStartOffset: 0,
    bytes: 0,
    release() {},
  };
  const node = sourceNode({ table: 't', connector: 'kafka', options: {}, schema, metadata: ['timestamp'] });
  const builder = new BatchBuilder(schema);
  builder.rowCount = millis.length;
  millis.forEach((_, row) => (builder.recordIndex[row] = row));
  new MetadataColumns(node).fill(builder, block);
  expect(plainRows(builder.batch())).toEqual(millis.map((each) => [BigInt(each) * 1000n]));
});
