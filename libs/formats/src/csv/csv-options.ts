import type { FormatIssue, FormatOptions } from '../format.ts';
import { framingOptionNames, readFraming, type Framing } from '../framing/framing-options.ts';

/** Bytes that structure a row. */
export interface CsvSigns {
  readonly delimiter: number;
  /** -1: fields are never in quotes. */
  readonly quote: number;
}

export interface CsvOptions extends CsvSigns {
  readonly framing: Framing | null;
  /** The first line of a file names the fields. */
  readonly header: boolean;
}

export const csvOptionNames: readonly string[] = [
  'csv.delimiter',
  'csv.quote',
  'csv.header',
  ...framingOptionNames,
];

/** Options and what is wrong with them; those returned hold defaults in its place. */
export function readCsvOptions(options: FormatOptions): {
  readonly options: CsvOptions;
  readonly issues: readonly FormatIssue[];
} {
  const { framing, issues } = readFraming(options);
  const found = [...issues];
  const sign = (option: string, fallback: string): number => {
    const given = options[option] ?? fallback;
    if (given === '' && option === 'csv.quote') return -1;
    const code = given === '\\t' ? 9 : given.charCodeAt(0);
    if ((given.length === 1 || given === '\\t') && code < 0x80 && code !== 10 && code !== 13) return code;
    const hint = option === 'csv.quote' ? ", or '' where fields are never in quotes" : ", or '\\t' for a tab";
    found.push({
      option,
      message: `'${option}' is '${given}'`,
      hint: `give one ASCII character${hint}`,
    });
    return fallback.charCodeAt(0);
  };
  const delimiter = sign('csv.delimiter', ',');
  const quote = sign('csv.quote', '"');
  if (delimiter === quote)
    found.push({ option: 'csv.quote', message: "'csv.quote' is the same character as 'csv.delimiter'" });
  const header = options['csv.header'] ?? 'false';
  if (header !== 'true' && header !== 'false')
    found.push({
      option: 'csv.header',
      message: `'csv.header' is '${header}'`,
      hint: 'use one of true, false',
    });
  return { options: { delimiter, quote, framing, header: header === 'true' }, issues: found };
}
