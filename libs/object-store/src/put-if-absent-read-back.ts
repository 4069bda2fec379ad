import type { Timers } from '@weir/kernel/ports.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { StoreOutcomeUnknown } from './store-errors.ts';

/** `created`: these bytes are there, put by this call (or by an earlier attempt of it). `exists`: somebody else's are. */
export type Created =
  { readonly outcome: 'created' } | { readonly outcome: 'exists'; readonly object: StoredObject };

const firstPauseMs = 20;
const longestPauseMs = 1000;

/**
 * Creates an object and, when the outcome of a put is unknown, reads it back. The bytes must be this caller's alone (hold a nonce or
 * a writer id), for equal bytes are taken for its own. A put which seems not to have happened is sent again, not given up: it may
 * still land.
 * @param signal ends the attempts; the outcome is then unknown
 */
export async function putIfAbsentReadBack(
  store: ObjectStore,
  key: string,
  bytes: Uint8Array,
  timers: Timers,
  signal?: AbortSignal,
): Promise<Created> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      if ((await store.putIfAbsent(key, bytes)) === 'created') return { outcome: 'created' };
      const there = await store.get(key);
      // Created and already deleted by somebody: for the ledger this is a trimmed place, which the caller finds out itself.
      if (there === undefined)
        throw new StoreOutcomeUnknown(
          `creating ${key} in ${store.url}`,
          new Error('it was there and is gone'),
        );
      return equalBytes(there.bytes, bytes) ? { outcome: 'created' } : { outcome: 'exists', object: there };
    } catch (error) {
      if (!(error instanceof StoreOutcomeUnknown) || signal?.aborted === true) throw error;
    }
    await timers.sleep(pauseMs, signal);
  }
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
