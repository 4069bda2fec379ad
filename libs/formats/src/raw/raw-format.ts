import { formatType, type Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import { plainRecordValue, type Encoder } from '../encoder.ts';
import type { Format, FormatIssue, FormatOptions } from '../format.ts';
import { endOfPlainLine, FramedDecoder } from '../framing/framed-decoder.ts';
import { framingOptionNames, readFraming } from '../framing/framing-options.ts';
import { refuseFraming } from '../plain-framing.ts';
import { RawDecoder } from './raw-decoder.ts';
import { RawEncoder } from './raw-encoder.ts';

/** A part of a record as one TEXT column. */
export const rawStringFormat: Format = rawFormat('raw_string', 'text');
/** A part of a record as one BYTEA column. */
export const rawBytesFormat: Format = rawFormat('raw_bytes', 'bytes');

function rawFormat(name: string, kind: 'text' | 'bytes'): Format {
  return {
    name,
    optionNames: framingOptionNames,
    check: (schema, options) => check(name, kind, schema, allColumns(schema), options),
    createDecoder(schema, options, settings = plainRecordPart): Decoder {
      refuseFraming(name, settings.framing);
      const column = onlyColumn(name, kind, schema, options, settings.columns);
      const values = new RawDecoder({
        column,
        text: kind === 'text',
        part: settings.part,
        nullValue: settings.part === 'key' ? 'row' : (settings.nullValue ?? 'row'),
        nullable: schema.fields[column]?.nullable ?? false,
      });
      const { framing } = readFraming(options);
      return framing === null || settings.part === 'key'
        ? values
        : new FramedDecoder(values, framing, endOfPlainLine, true);
    },
    createEncoder(schema, options, settings = plainRecordValue): Encoder {
      refuseFraming(name, settings.framing);
      const column = onlyColumn(name, kind, schema, options, settings.columns);
      return new RawEncoder(column, schema.fields[column]?.name ?? '', settings);
    },
  };
}

function allColumns(schema: Schema): readonly number[] {
  return schema.fields.map((_, index) => index);
}

function check(
  name: string,
  kind: 'text' | 'bytes',
  schema: Schema,
  columns: readonly number[],
  options: FormatOptions,
): readonly FormatIssue[] {
  const issues: FormatIssue[] = [...readFraming(options).issues];
  const type = schema.fields[columns[0] ?? -1]?.type;
  if (columns.length !== 1 || type?.kind !== kind) {
    const found = columns
      .map((index) => schema.fields[index])
      .map((field) => field && formatType(field.type));
    issues.push({
      message: `format '${name}' takes one column of type ${kind === 'text' ? 'TEXT' : 'BYTEA'}, the table has ${found.join(', ') || 'none'}`,
      hint: `declare the table with (value ${kind === 'text' ? 'TEXT' : 'BYTEA'})`,
    });
  }
  return issues;
}

function onlyColumn(
  name: string,
  kind: 'text' | 'bytes',
  schema: Schema,
  options: FormatOptions,
  given: readonly number[] | undefined,
): number {
  const columns = given ?? allColumns(schema);
  const [issue] = check(name, kind, schema, columns, options);
  if (issue !== undefined) {
    throw new WeirError('WEIR-3100', issue.message, issue.hint === undefined ? {} : { hint: issue.hint });
  }
  return columns[0] ?? 0;
}
