import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { ReadRecords, RowReaders } from '../compiled-reader.ts';
import { AvroProblem, isUtf8, type AvroCursor } from './avro-cursor.ts';
import type { OwnText } from './own-text.ts';
import type { ReadStep } from './read-step.ts';
import { RowSource } from './row-source.ts';
import { madeColumns, makeRowReader } from './value-readers.ts';

/** Readers of one writer's schema into these columns. */
export function avroRowReaders(
  step: ReadStep,
  builders: readonly ColumnBuilder[],
  own: ReadonlyMap<ColumnBuilder, OwnText>,
): RowReaders<AvroCursor> {
  const texts = { own, made: madeColumns(step, builders) };
  const readRow = makeRowReader(step, builders, texts);
  const read = (cursor: AvroCursor, row: number): void => {
    readRow(cursor, row);
    cursor.where = '';
    if (cursor.at !== cursor.end) cursor.fail(`${cursor.end - cursor.at} bytes follow its last value`);
  };
  if (step.kind !== 'struct' || step.refusal !== null) return { read, run: null, made: texts.made };
  const source = new RowSource(step, builders, texts);
  const make = new Function('rt', source.text()) as (runtime: object) => ReadRecords<AvroCursor>;
  const made = [...own.values()].filter(({ builder }) => texts.made.has(builder));
  const run = make({ B: source.builders, R: source.readers, T: made, isUtf8, AvroProblem });
  return { read, run, made: texts.made };
}
