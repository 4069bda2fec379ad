import avsc from 'avsc';
import { WeirError } from '@weir/kernel/errors.ts';

/**
 * Whether others will read a schema that leaves Weir: as the specification has it, where our own parser is as lenient as registries are.
 * @param what for messages
 * @throws WeirError WEIR-3120
 */
export function checkAvroSchema(text: string, what: string): void {
  try {
    avsc.Type.forSchema(JSON.parse(text) as avsc.Schema, { noAnonymousTypes: true });
  } catch (error) {
    throw new WeirError('WEIR-3120', `${what} is no valid Avro schema: ${String((error as Error).message)}`, {
      cause: error,
      hint: 'names are letters, digits and _; a default is of the first type of its union',
    });
  }
}
