import { WeirError } from '@weir/kernel/errors.ts';

/** Bytes of a message that lies in the object store because it is too large for the bus. */
const maxStoredMessageBytes = 16 * 1024 * 1024;

/** The part of an object store that a stored message is read from. */
export interface StoredMessages {
  getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined>;
}

/**
 * What `stored_at` of a control message names. Anybody on the bus may have sent it: only what lies below the pipeline's own prefix is
 * read, and only as much as a message may have.
 * @param prefix ends in `/`
 * @returns undefined when there is no such object (any more)
 * @throws WeirError WEIR-6010 for a key elsewhere, or an object that is too large
 */
export async function readStoredMessage(
  store: StoredMessages,
  prefix: string,
  key: string,
): Promise<Uint8Array | undefined> {
  const below = key.startsWith(prefix) && key.length < prefix.length + 1000;
  const plain = key.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!below || !plain) throw refused(`it lies at '${key.slice(0, 200)}', not below ${prefix}`);
  const bytes = await store.getRange(key, 0, maxStoredMessageBytes + 1);
  if (bytes !== undefined && bytes.length > maxStoredMessageBytes)
    throw refused(`it has more than ${maxStoredMessageBytes} bytes`);
  return bytes;
}

function refused(why: string): WeirError {
  return new WeirError('WEIR-6010', `a control message is not read from the store: ${why}`, {
    hint: 'somebody else may be sending on this NATS: see who may log in there',
  });
}
