import { rowKind } from '@weir/columnar/batch.ts';
import { copyBytes } from '@weir/columnar/copy-bytes.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { indexCode, integerCode } from '@weir/kernel/code-number.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { noRecord, tombstone, type Encoder } from '../encoder.ts';
import { encodeJsonValue } from './encode-json-value.ts';
import { JsonValueWriter } from './json-value-writer.ts';
import { ValueSource } from './value-source.ts';
import {
  writeBigDecimalBytes,
  writeBigFixedDecimal,
  writeDecimalBytes,
  writeFixedDecimal,
} from './write-decimal-bytes.ts';
import type { WriteStep } from './write-step.ts';
import { writeFixed, writeUuid } from './write-text-value.ts';
import { divideDown, writeBigLong, writeLong, writeScaledLong } from './write-varint.ts';

const runtimeParts = {
  copyBytes,
  divideDown,
  noView: new DataView(new ArrayBuffer(0)),
  nullRefused,
  writeBigDecimalBytes,
  writeBigFixedDecimal,
  writeBigLong,
  writeDecimalBytes,
  writeFixed,
  writeFixedDecimal,
  writeLong,
  writeScaledLong,
  writeUuid,
};

/** A row that deletes has a key and no value; the state before an update isn't written. */
const byKind = `if (kinds !== null) {
      if (kinds[row] === ${rowKind.updateBefore}) return ${noRecord};
      if (kinds[row] === ${rowKind.delete}) return ${tombstone};
    }`;

/**
 * Makes an encoder of one schema: one function, in which the way of each value is written out. No name of a schema or a column stands in
 * its text.
 * @param columns of the batch that the step's columns are
 * @param prefix bytes before each value: what names its schema
 */
export function createAvroEncoder(
  schema: Schema,
  columns: readonly number[],
  step: WriteStep,
  part: 'value' | 'key',
  prefix: Uint8Array,
): Encoder {
  const source = new ValueSource();
  source.constant(prefix);
  source.step(step, (index) => {
    const column = columns[index]!;
    return { code: `batch.columns[${indexCode(column)}]`, type: schema.fields[column]!.type };
  });
  const text = sourceText(source, part);
  const make = new Function('rt', 'N', 'W', 'Y', 'K', 'J', text) as (
    runtime: typeof runtimeParts,
    ...objects: unknown[]
  ) => Encoder;
  return make(
    runtimeParts,
    source.names,
    source.enums,
    source.types,
    source.constants,
    new JsonValueWriter(encodeJsonValue),
  );
}

function sourceText(source: ValueSource, part: 'value' | 'key'): string {
  const { variables, begin, bound, encode, fixed, hasJson } = source.finish();
  const parts = Object.keys(runtimeParts).join(', ');
  return `'use strict';
const { ${parts} } = rt;
let target = null, view = noView, kinds = null, measured = -1;
let ${[...variables, 'last'].join(', ')};
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
}

function nullRefused(name: string): never {
  throw new WeirError('WEIR-3110', `column ${name} is NULL, which its field in the schema can't be`, {
    hint: `filter such rows out, use COALESCE(${name}, …), or make the field a union with null`,
  });
}
