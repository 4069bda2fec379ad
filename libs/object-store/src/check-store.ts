import type { Rng } from '@weir/kernel/ports.ts';
import type { ObjectStore } from './object-store.ts';
import { equalBytes } from './put-if-absent-read-back.ts';
import { StoreOutcomeUnknown, StoreUnsound } from './store-errors.ts';

const attempts = 3;

/**
 * Tries what exactly-once rests on, with objects of its own below `checks/`: called by every process before it relies on a store.
 * A store which is full, read-only or out of reach fails here with the error of its implementation, which says where and what to do.
 * An answer that gets lost says nothing against a store: it is tried again with another object.
 * @throws StoreUnsound when the store answers but doesn't keep its promises
 */
export async function checkStore(store: ObjectStore, rng: Rng): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await checkOnce(store, rng);
      return;
    } catch (error) {
      if (!(error instanceof StoreOutcomeUnknown) || attempt === attempts) throw error;
    }
  }
}

async function checkOnce(store: ObjectStore, rng: Rng): Promise<void> {
  const key = `checks/${rng.id(20)}`;
  const [first, second] = [new TextEncoder().encode(rng.id(32)), new TextEncoder().encode(rng.id(32))];
  const unsound = (what: string): StoreUnsound => new StoreUnsound(store.url, what);
  try {
    if ((await store.get(key)) !== undefined) throw unsound('an object that nobody wrote was read');
    if ((await store.putIfAbsent(key, first)) !== 'created') throw unsound('a new object was not created');
    const read = await store.get(key);
    if (read === undefined || !equalBytes(read.bytes, first))
      throw unsound('what was written was not read back');
    if ((await store.putIfAbsent(key, second)) !== 'exists')
      throw unsound('put-if-absent replaced an object');
    const replaced = await store.putIfMatch(key, second, read.etag);
    if (replaced === 'mismatch') throw unsound('put-if-match refused the right etag');
    if ((await store.putIfMatch(key, first, read.etag)) !== 'mismatch')
      throw unsound('put-if-match took an old etag');
    const again = await store.get(key);
    if (again === undefined || !equalBytes(again.bytes, second))
      throw unsound('a replaced object was not read back');
  } finally {
    await store.delete(key).catch(() => undefined); // a leftover of 32 bytes harms nobody
  }
  if ((await store.get(key)) !== undefined) throw unsound('a deleted object was read');
}
