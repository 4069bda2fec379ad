import type { RowStore } from './row-store.ts';

/** Slots that one call gives at most: what it takes is bounded, the rest comes with the next. */
const mostExpired = 8192;

/**
 * Finds the records of a store that were not written for a time. Pages know a lower bound of when theirs were touched: a page of young ones costs one
 * comparison. It goes on where it stopped.
 */
export class Expiry {
  readonly #store: RowStore;
  readonly #ttl: number;
  #page = 0;

  /** @param ttlSeconds whole seconds; 0: nothing ever expires */
  constructor(store: RowStore, ttlSeconds: number) {
    this.#store = store;
    this.#ttl = ttlSeconds;
  }

  /** Slots of expired records, at most `mostExpired`, in a list that is used again. Their owner frees them; it is called again until it gives none. */
  due(nowSeconds: number): number[] {
    const slots: number[] = [];
    const { pages, layout } = this.#store;
    if (this.#ttl <= 0) return slots;
    const before = nowSeconds - this.#ttl;
    for (let seen = 0; seen < pages.length && slots.length < mostExpired; seen += 1) {
      this.#page = (this.#page + 1) % pages.length;
      const page = pages[this.#page]!;
      if (page.oldest > before) continue;
      const first = this.#page << layout.pageBits;
      const end = Math.min(this.#store.slots, first + 2 ** layout.pageBits);
      let oldest = Infinity;
      for (let slot = first; slot < end; slot += 1) {
        if (!this.#store.isLive(slot)) continue;
        const touched = this.#store.touchedAt(slot);
        if (touched <= before) slots.push(slot);
        else oldest = Math.min(oldest, touched);
      }
      // The ones that are given away are gone when this is asked next.
      page.oldest = oldest;
    }
    return slots;
  }
}
