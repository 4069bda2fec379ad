import type { Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import type { FormatOptions } from '../format.ts';
import { CsvDecoder, type CsvLayout } from './csv-decoder.ts';
import { CsvFields, fieldForm } from './csv-fields.ts';
import { readCsvOptions, type CsvOptions } from './csv-options.ts';

/** Fields that a header may have. */
const maxFields = 10_000;

/**
 * A decoder of rows below a header, which says where each column's field stands: by exact name, else by the only one whose name differs in
 * case. A column without a field is NULL.
 * @throws WeirError WEIR-3113 for a header that isn't one, or lacks a column that is NOT NULL
 */
export function decoderBelowHeader(schema: Schema, options: FormatOptions, header: Uint8Array): Decoder {
  const { options: csv } = readCsvOptions(options);
  return new CsvDecoder(schema, plainRecordPart, csv, layoutOf(schema, namesIn(header, csv)));
}

function namesIn(header: Uint8Array, csv: CsvOptions): readonly string[] {
  const fields = new CsvFields(csv, maxFields);
  if (!fields.scan(header, 0, header.length) || fields.count > maxFields) {
    throw new WeirError(
      'WEIR-3113',
      `the header is no row of CSV: ${fields.problem || `it has ${fields.count} fields`}`,
    );
  }
  const quote = csv.quote < 0 ? '' : String.fromCharCode(csv.quote);
  return Array.from({ length: fields.count }, (_, index) => {
    const text = new TextDecoder().decode(header.subarray(fields.starts[index], fields.ends[index]));
    return fields.forms[index] === fieldForm.doubled ? text.replaceAll(quote + quote, quote) : text;
  });
}

function layoutOf({ fields }: Schema, names: readonly string[]): CsvLayout {
  const fieldOf = fields.map(({ name, nullable }) => {
    const exact = names.indexOf(name);
    if (exact >= 0) return exact;
    const wanted = name.toLowerCase();
    const [only, ...others] = names.flatMap((each, at) => (each.trim().toLowerCase() === wanted ? [at] : []));
    if (only !== undefined && others.length === 0) return only;
    if (nullable) return -1;
    throw new WeirError('WEIR-3113', `the header has no field for column ${name}, which is NOT NULL`, {
      hint: `it has ${names.join(', ')}; declare ${name} without NOT NULL, or leave 'csv.header' out where fields stand in the order of the columns`,
    });
  });
  return { fieldOf, fieldCount: names.length };
}

/** The first line of a file: the names of the columns, with a line end. */
export function headerLine({ fields }: Schema, options: FormatOptions): Uint8Array {
  const { delimiter, quote } = readCsvOptions(options).options;
  const sign = String.fromCharCode(quote);
  const between = String.fromCharCode(delimiter);
  const names = fields.map(({ name }) =>
    [between, sign, '\n', '\r'].some((each) => name.includes(each)) || name === ''
      ? sign + name.replaceAll(sign, sign + sign) + sign
      : name,
  );
  return new TextEncoder().encode(`${names.join(between)}\n`);
}
