import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { textType, type Schema } from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import { tellsChanges } from './change-formats.ts';
import { encodeValue, noRecord, plainRecordValue, tombstone } from './encoder.ts';
import { formatNamed, formatNames } from './formats.ts';

const { insert, updateBefore, updateAfter, delete: deletes } = rowKind;

function changes(schema: Schema, value: string | Uint8Array): Batch {
  const batch = batchOfRows(
    new BatchBuilder(schema),
    Array.from({ length: 4 }, () => [value]),
  );
  return { ...batch, rowKinds: Uint8Array.of(insert, updateBefore, updateAfter, deletes) };
}

/** Those whose values say nothing of what changed. */
const plain = formatNames.filter((name) => !tellsChanges(name));

describe('what a row makes of a record goes by its kind', () => {
  test.each(plain)('%s', (name) => {
    const type = name === 'raw_bytes' ? ({ kind: 'bytes' } as const) : textType;
    const schema: Schema = { fields: [{ name: 'v', type, nullable: true }] };
    const batch = changes(schema, name === 'raw_bytes' ? Buffer.from('x') : 'x');
    const target = new Uint8Array(100);
    const value = formatNamed(name).createEncoder(schema, {});
    value.begin(batch);
    const length = value.encode(0, target, 0);
    expect(length).toBeGreaterThan(0);
    expect([1, 2, 3].map((row) => value.encode(row, target, 0))).toEqual([noRecord, length, tombstone]);
    expect([0, 1, 2].map((row) => encodeValue(value, row, target, 0))).toEqual([length, noRecord, length]);
    expect(() => encodeValue(value, 3, target, 0)).toThrow(/this sink has no keys/);
    const key = formatNamed(name).createEncoder(schema, {}, { ...plainRecordValue, part: 'key' });
    key.begin(batch);
    expect([0, 1, 2, 3].map((row) => key.encode(row, target, 0))).toEqual([length, length, length, length]);
    value.begin({ ...batch, rowKinds: null });
    expect([0, 1, 2, 3].map((row) => value.encode(row, target, 0))).toEqual([length, length, length, length]);
  });

  test('debezium_json: an update is one record of both rows', () => {
    const schema: Schema = { fields: [{ name: 'v', type: textType, nullable: true }] };
    const batch = changes(schema, 'x');
    const encoder = formatNamed('debezium_json').createEncoder(schema, {});
    encoder.begin(batch);
    const texts = [0, 1, 2, 3].map((row) => {
      const target = Buffer.alloc(encoder.bound(row));
      const end = encoder.encode(row, target, 0);
      return end < 0 ? end : target.toString('utf8', 0, end);
    });
    expect(texts).toEqual([
      '{"before":null,"after":{"v":"x"},"op":"c"}',
      noRecord,
      '{"before":{"v":"x"},"after":{"v":"x"},"op":"u"}',
      '{"before":{"v":"x"},"after":null,"op":"d"}',
    ]);
  });

  test('a raw key that is NULL is none', () => {
    const schema: Schema = { fields: [{ name: 'v', type: textType, nullable: true }] };
    const key = formatNamed('raw_string').createEncoder(schema, {}, { ...plainRecordValue, part: 'key' });
    key.begin(batchOfRows(new BatchBuilder(schema), [[null]]));
    expect(key.encode(0, new Uint8Array(10), 0)).toBe(tombstone);
  });

  test.each(['avro', 'json'])('%s names no schema that was not registered', (name) => {
    const schema: Schema = { fields: [{ name: 'v', type: textType, nullable: true }] };
    const settings = { ...plainRecordValue, framing: 'confluent' as const };
    expect(() => formatNamed(name).createEncoder(schema, {}, settings)).toThrow(/was not registered/);
  });

  test.each(formatNames.filter((name) => !/^json$|avro|protobuf/.test(name)))(
    '%s refuses frames that name a schema',
    (name) => {
      const type = { raw_bytes: { kind: 'bytes' } as const }[name] ?? textType;
      const schema: Schema = { fields: [{ name: 'v', type, nullable: true }] };
      const settings = { ...plainRecordValue, framing: 'confluent' as const };
      expect(() => formatNamed(name).createEncoder(schema, {}, settings)).toThrow(
        /name a schema of a registry/,
      );
    },
  );
});
