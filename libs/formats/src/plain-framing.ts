import { WeirError } from '@weir/kernel/errors.ts';
import type { SchemaFraming } from './schema-framing.ts';

/** @throws WeirError WEIR-3100 when records are to name their schema, which this format has no way for */
export function refuseFraming(format: string, framing: SchemaFraming): void {
  if (framing === 'none') return;
  throw new WeirError('WEIR-3100', `format '${format}' has no records that name a schema of a registry`, {
    hint: 'leave the schema registry out, or use a format that has schemas',
  });
}
