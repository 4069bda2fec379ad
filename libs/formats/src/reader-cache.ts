import { WeirError } from '@weir/kernel/errors.ts';

/** Readers of a decoder; each holds code. A topic that more schemas than this were written with at one time makes some of them again. */
const maxReaders = 256;

/** Compiled readers by the writer's schema; one that can't be made is kept as the error about it. The least used ones go. */
export class ReaderCache<Reader extends object> {
  readonly #readers = new Map<string, Reader | WeirError>();
  readonly #limit: number;

  constructor(limit = maxReaders) {
    this.#limit = limit;
  }

  get(key: string, make: () => Reader): Reader | WeirError {
    let found = this.#readers.get(key);
    if (found === undefined) {
      try {
        found = make();
      } catch (error) {
        if (!(error instanceof WeirError)) throw error;
        found = error;
      }
    } else this.#readers.delete(key);
    // The one used last stands last.
    this.#readers.set(key, found);
    if (this.#readers.size > this.#limit) {
      const [oldest] = this.#readers.keys();
      if (oldest !== undefined) this.#readers.delete(oldest);
    }
    return found;
  }

  clear(): void {
    this.#readers.clear();
  }
}
