import { rowKind } from '@weir/columnar/batch.ts';
import { copyBytes } from '@weir/columnar/copy-bytes.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { indexCode, integerCode } from '@weir/kernel/code-number.ts';
import { JsonValueWriter } from '../avro/json-value-writer.ts';
import { divideDown } from '../avro/write-varint.ts';
import { noRecord, tombstone, type Encoder } from '../encoder.ts';
import { encodeProtoJson } from './encode-proto-json.ts';
import { ProtoValueSource } from './proto-value-source.ts';
import type { ProtoFieldWrite } from './proto-write-step.ts';
import {
  closeSized,
  inRange,
  refuseNull,
  textWriters,
  writeBigBits,
  writeBigZigzag,
  writeDuration,
  writeFixed64,
  writeTimestamp,
  writeBits,
  writeZigzag,
} from './write-wire.ts';

const runtimeParts = {
  closeSized,
  copyBytes,
  divideDown,
  inRange,
  noView: new DataView(new ArrayBuffer(0)),
  refuseNull,
  textWriters,
  writeBigBits,
  writeBigZigzag,
  writeDuration,
  writeFixed64,
  writeTimestamp,
  writeBits,
  writeZigzag,
};

/** A row that deletes has a key and no value; the state before an update isn't written. */
const byKind = `if (kinds !== null) {
      if (kinds[row] === ${rowKind.updateBefore}) return ${noRecord};
      if (kinds[row] === ${rowKind.delete}) return ${tombstone};
    }`;

/**
 * Makes an encoder of one message: one function, in which the way of each value is written out, fields in the order of their numbers.
 * @param columns of the batch that the fields' columns are
 * @param prefix bytes before each message: what names its schema
 */
export function createProtobufEncoder(
  schema: Schema,
  columns: readonly number[],
  fields: readonly ProtoFieldWrite[],
  part: 'value' | 'key',
  prefix: Uint8Array,
): Encoder {
  const source = new ProtoValueSource();
  source.constant(prefix);
  source.fields(
    fields,
    (index) => ({
      code: `batch.columns[${indexCode(columns[index]!)}]`,
      type: schema.fields[columns[index]!]!.type,
    }),
    'row',
  );
  const { variables, begin, bound, encode, fixed } = source.finish();
  const hasJson = source.jsonFields.length > 0;
  const text = `'use strict';
const { ${Object.keys(runtimeParts).join(', ')} } = rt;
let target = null, view = noView, kinds = null, measured = -1;
let ${[...variables, 'unused'].join(', ')};
const self = {
  begin(batch) { kinds = batch.rowKinds; measured = -1; ${begin} },
  bound(row) { ${hasJson ? 'J.begin(); measured = row;' : ''} let size = ${integerCode(fixed)}; ${bound} return size; },
  encode(row, t, at) {
    ${part === 'key' ? '' : byKind}
    ${hasJson ? 'if (measured !== row) self.bound(row); J.rewind();' : ''}
    if (t !== target) { target = t; view = new DataView(t.buffer, t.byteOffset, t.byteLength); }
    const tv = view;
    ${encode}
    return at;
  },
};
return self;`;
  const make = new Function('rt', 'N', 'E', 'F', 'J', text) as (
    runtime: typeof runtimeParts,
    ...objects: unknown[]
  ) => Encoder;
  return make(
    runtimeParts,
    source.names,
    source.enums,
    source.jsonFields,
    new JsonValueWriter(encodeProtoJson),
  );
}
