import { formatType, type Field } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import { plainRecordValue, type Encoder } from '../encoder.ts';
import type { Format, FormatIssue, FormatOptions } from '../format.ts';
import { FramedDecoder } from '../framing/framed-decoder.ts';
import { jsonFormat } from '../json/json-format.ts';
import { refuseFraming } from '../plain-framing.ts';
import { CsvDecoder } from './csv-decoder.ts';
import { CsvEncoder } from './csv-encoder.ts';
import { csvRowEnd } from './csv-fields.ts';
import { csvOptionNames, readCsvOptions } from './csv-options.ts';

/** Delimiter-separated values by RFC 4180, a row a record or (`framing`) a line. */
export const csvFormat: Format = {
  name: 'csv',
  optionNames: csvOptionNames,
  check: (schema, options, direction) => checkCsv(schema.fields, options, direction),
  createDecoder(schema, options, settings = plainRecordPart): Decoder {
    refuseFraming('csv', settings.framing);
    const fields = settings.columns?.map((index) => schema.fields[index]!) ?? schema.fields;
    refuse(checkCsv(fields, options, 'read'));
    const { options: csv } = readCsvOptions(options);
    const rows = new CsvDecoder(schema, settings, csv, null);
    if (csv.framing === null || settings.part === 'key') return rows;
    const endOfRow = (data: Uint8Array, start: number, end: number): number => {
      const found = csvRowEnd(data, start, end, csv);
      return found < 0 ? end : found;
    };
    return new FramedDecoder(rows, csv.framing, endOfRow, fields.length === 1);
  },
  createEncoder(schema, options, settings = plainRecordValue): Encoder {
    refuseFraming('csv', settings.framing);
    const columns = settings.columns ?? schema.fields.map((_, index) => index);
    refuse(
      checkCsv(
        columns.map((index) => schema.fields[index]!),
        options,
        'write',
      ),
    );
    return new CsvEncoder(schema, columns, settings, readCsvOptions(options).options);
  },
};

function checkCsv(
  fields: readonly Field[],
  options: FormatOptions,
  direction: 'read' | 'write',
): readonly FormatIssue[] {
  const { options: csv, issues } = readCsvOptions(options);
  const unfits = fields.flatMap((field) => unfit(field, direction));
  const found = [...issues, ...unfits];
  if (fields.length === 0) found.push({ message: "format 'csv' needs a column for each field" });
  if (direction === 'write' && csv.quote < 0) {
    found.push({
      option: 'csv.quote',
      message: "without quotes an empty text can't be told from NULL, nor a delimiter from text",
      hint: "leave 'csv.quote' out where rows are written",
    });
  }
  return found;
}

function unfit(field: Field, direction: 'read' | 'write'): readonly FormatIssue[] {
  const { name, type } = field;
  const nested = type.kind === 'struct' || type.kind === 'list' || type.kind === 'map';
  if (type.kind === 'null' || (nested && direction === 'read')) {
    return [
      {
        column: name,
        message: `a field of CSV can't be read as ${formatType(type)}`,
        hint: 'declare it JSON, and take it apart with the JSON functions',
      },
    ];
  }
  // Written as its JSON text.
  return jsonFormat.check({ fields: [field] }, {}, direction);
}

function refuse([issue]: readonly FormatIssue[]): void {
  if (issue === undefined) return;
  throw new WeirError('WEIR-3100', issue.message, issue.hint === undefined ? {} : { hint: issue.hint });
}
