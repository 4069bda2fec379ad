import type { Schema } from '@weir/columnar/sql-type.ts';
import type { Decoder, DecoderSettings } from './decoder.ts';
import type { Encoder, EncoderSettings } from './encoder.ts';

/**
 * How parts of records (values, keys) are read and written. Options are the table's WITH options, keys in full
 * (`json.timestamp_format`).
 */
export interface Format {
  readonly name: string;
  /** Keys of WITH options that it understands, beside `format` itself. */
  readonly optionNames: readonly string[];
  /** What is wrong with the options or with the schema in this format; empty when all is well. Cheap: the compiler calls it. */
  check(schema: Schema, options: FormatOptions, direction: 'read' | 'write'): readonly FormatIssue[];
  /**
   * `settings` default to those of plain values (`plainRecordPart`).
   * @throws WeirError WEIR-3100 when `check` has something to say, or the format can't do what the settings ask for
   */
  createDecoder(schema: Schema, options: FormatOptions, settings?: DecoderSettings): Decoder;
  createEncoder(schema: Schema, options: FormatOptions, settings?: EncoderSettings): Encoder;
}

export type FormatOptions = Readonly<Record<string, string>>;

export interface FormatIssue {
  /** The option concerned, or undefined when it is a column. */
  readonly option?: string;
  readonly column?: string;
  readonly message: string;
  readonly hint?: string;
}
