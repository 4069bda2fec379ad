import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { partWithoutHeaders } from '@weir/formats/decoder.ts';
import type { FormatOptions } from '@weir/formats/format.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { WeirError } from '@weir/kernel/errors.ts';

/** A sample as a row (its JSON text), or why it isn't one. */
export type SampleResult = { readonly row: string } | { readonly error: WeirError };

/** Decodes each message as a pipeline with these columns and options would; of one with several rows the last is shown. */
export function decodeSamples(
  schema: Schema,
  options: FormatOptions,
  messages: readonly Uint8Array[],
): SampleResult[] {
  const decoder = formatNamed(options['format'] ?? 'json').createDecoder(schema, options);
  const encoder = formatNamed('json').createEncoder(schema, { format: 'json' });
  return messages.map((message) => {
    // A change may be two rows.
    const builder = new BatchBuilder(schema, 2);
    decoder.decode(
      partWithoutHeaders(message, Int32Array.of(0), Int32Array.of(message.length)),
      0,
      1,
      builder,
    );
    if (decoder.error !== null) return { error: decoder.error };
    const last = builder.rowCount - 1;
    if (last < 0) return { error: new WeirError('WEIR-3104', 'the message makes no row') };
    encoder.begin({ ...builder.batch(), rowKinds: null });
    const target = new Uint8Array(encoder.bound(last));
    const end = encoder.encode(last, target, 0);
    return { row: new TextDecoder().decode(target.subarray(0, end)) };
  });
}
