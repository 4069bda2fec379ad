import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { partWithoutHeaders } from '@weir/formats/decoder.ts';
import type { FormatOptions } from '@weir/formats/format.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import type { WeirError } from '@weir/kernel/errors.ts';

/** A sample as a row (its JSON text), or why it isn't one. */
export type SampleResult = { readonly row: string } | { readonly error: WeirError };

/** Decodes each message as a pipeline with these columns and options would. */
export function decodeSamples(
  schema: Schema,
  options: FormatOptions,
  messages: readonly Uint8Array[],
): SampleResult[] {
  const decoder = formatNamed(options['format'] ?? 'json').createDecoder(schema, options);
  const encoder = formatNamed('json').createEncoder(schema, { format: 'json' });
  return messages.map((message) => {
    const builder = new BatchBuilder(schema, 1);
    decoder.decode(
      partWithoutHeaders(message, Int32Array.of(0), Int32Array.of(message.length)),
      0,
      1,
      builder,
    );
    if (decoder.error !== null) return { error: decoder.error };
    encoder.begin(builder.batch());
    const target = new Uint8Array(encoder.bound(0));
    const end = encoder.encode(0, target, 0);
    return { row: new TextDecoder().decode(target.subarray(0, end)) };
  });
}
