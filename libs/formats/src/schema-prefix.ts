import { WeirError } from '@weir/kernel/errors.ts';
import type { EncoderSettings } from './encoder.ts';

/**
 * What stands before each value: 0 and the id of its schema, or nothing.
 * @throws WeirError WEIR-3100 for a schema that was not registered
 */
export function schemaPrefix({ framing, writer }: Pick<EncoderSettings, 'framing' | 'writer'>): Uint8Array {
  if (framing === 'none') return new Uint8Array(0);
  if (writer?.writerId === undefined) {
    throw new WeirError('WEIR-3100', 'the schema that records are to name was not registered', {
      hint: 'a sink registers its schema when its pipeline is created: create it again',
    });
  }
  const prefix = new Uint8Array(5);
  new DataView(prefix.buffer).setInt32(1, writer.writerId);
  return prefix;
}
