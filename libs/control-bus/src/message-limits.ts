import { WeirError } from '@weir/kernel/errors.ts';
import { maxMessageBytes } from './control-bus.ts';

/** @throws WeirError WEIR-6003 for a message that must go through the object store instead */
export function checkMessageSize(subject: string, bytes: Uint8Array): void {
  if (bytes.byteLength <= maxMessageBytes) return;
  throw new WeirError(
    'WEIR-6003',
    `a message of ${bytes.byteLength} bytes to ${subject} is too large for the bus`,
    {
      hint: `put what is above ${maxMessageBytes} bytes in the object store and send its key`,
    },
  );
}
