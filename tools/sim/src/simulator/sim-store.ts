import type { ListedObject, ObjectStore, StoredObject } from '@weir/object-store/object-store.ts';
import { StoreOutcomeUnknown, StoreUnavailable } from '@weir/object-store/store-errors.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';

/** How the store fares now; all probabilities are per call. */
export interface StoreWeather {
  /** Of each way of a request, there and back: at least and at most. */
  leastMs: number;
  slowestMs: number;
  /** Nothing happens, and the caller is told. */
  refused: number;
  /** A change whose outcome is not told: it has happened. */
  unknownDone: number;
  /** A change whose outcome is not told: it never happens. */
  unknownNot: number;
  /** A change whose outcome is not told: it happens up to so many ms later. */
  unknownLate: number;
  latestMs: number;
}

const fair: StoreWeather = {
  leastMs: 0.1,
  slowestMs: 3,
  refused: 0,
  unknownDone: 0,
  unknownNot: 0,
  unknownLate: 0,
  latestMs: 0,
};

export interface StoreChange {
  readonly by: SimProcess;
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** The objects of a simulated cluster, and what happened to them. */
export class SimStore {
  weather: StoreWeather = fair;
  readonly world: SimWorld;
  readonly objects = new Map<string, StoredObject>();
  /** Calls so far: `reading`, `writing`, `creating`, `changing`, `deleting`, `listing`. A listing of any length is one. */
  readonly calls = new Map<string, number>();
  /** Called when an object was written, before its writer hears of it: it may be killed then. */
  onWritten: (change: StoreChange) => void = () => {};
  #changes = 0;

  constructor(world: SimWorld) {
    this.world = world;
  }

  clearUp(): void {
    this.weather = fair;
  }

  /** The store as one process reaches it. */
  seenBy(process: SimProcess): ObjectStore {
    return new ProcessStore(this, process);
  }

  write(by: SimProcess, key: string, bytes: Uint8Array): { readonly etag: string } {
    this.#changes += 1;
    const etag = String(this.#changes);
    this.objects.set(key, { bytes, etag });
    this.onWritten({ by, key, bytes });
    return { etag };
  }
}

class ProcessStore implements ObjectStore {
  readonly url = 'sim://store';
  readonly #store: SimStore;
  readonly #process: SimProcess;

  constructor(store: SimStore, process: SimProcess) {
    this.#store = store;
    this.#process = process;
  }

  get(key: string): Promise<StoredObject | undefined> {
    return this.#call(`reading ${key}`, false, () => {
      const object = this.#store.objects.get(key);
      return object && { ...object, bytes: object.bytes.slice() };
    });
  }

  getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    return this.#call(`reading ${key}`, false, () => this.#store.objects.get(key)?.bytes.slice(start, end));
  }

  put(key: string, bytes: Uint8Array): Promise<{ readonly etag: string }> {
    const copy = bytes.slice();
    return this.#call(`writing ${key}`, true, () => this.#store.write(this.#process, key, copy));
  }

  putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    const copy = bytes.slice();
    return this.#call(`creating ${key}`, true, () => {
      if (this.#store.objects.has(key)) return 'exists';
      this.#store.write(this.#process, key, copy);
      return 'created';
    });
  }

  putIfMatch(
    key: string,
    bytes: Uint8Array,
    etag: string | null,
  ): Promise<{ readonly etag: string } | 'mismatch'> {
    const copy = bytes.slice();
    return this.#call(`changing ${key}`, true, () => {
      if ((this.#store.objects.get(key)?.etag ?? null) !== etag) return 'mismatch';
      return this.#store.write(this.#process, key, copy);
    });
  }

  delete(key: string): Promise<void> {
    return this.#call(`deleting ${key}`, true, () => void this.#store.objects.delete(key));
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const { key } of this.listVersions(prefix)) yield key;
  }

  async *listVersions(prefix: string): AsyncIterable<ListedObject> {
    yield* await this.#call(`listing ${prefix}`, false, () =>
      [...this.#store.objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, { etag }]) => ({ key, version: etag }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    );
  }

  async close(): Promise<void> {}

  #call<T>(what: string, changes: boolean, apply: () => T): Promise<T> {
    const { world, weather, calls } = this.#store;
    const process = this.#process;
    const kind = what.slice(0, what.indexOf(' '));
    calls.set(kind, (calls.get(kind) ?? 0) + 1);
    const { random } = world;
    return new Promise<T>((resolve, reject) => {
      if (!process.alive) return;
      const delay = (): number => weather.leastMs + random.next() * weather.slowestMs;
      const answer = (run: () => void): void => world.after(delay(), () => process.dispatch(run));
      const unknown = (): void =>
        answer(() => reject(new StoreOutcomeUnknown(what, new Error('the simulated connection broke'))));
      const draw = random.next();
      const { refused } = weather;
      if (draw < refused) {
        return answer(() => reject(new StoreUnavailable(`${what}: the simulated store is away`)));
      }
      const done = refused + (changes ? weather.unknownDone : 0);
      const not = done + (changes ? weather.unknownNot : 0);
      const late = not + (changes ? weather.unknownLate : 0);
      if (draw >= done && draw < not) return unknown();
      if (draw >= not && draw < late) {
        world.after(random.between(1, weather.latestMs), apply);
        return unknown();
      }
      world.after(delay(), () => {
        const result = apply();
        if (draw < done) unknown();
        else answer(() => resolve(result));
      });
    });
  }
}
