import type { Sink } from '../sink.ts';
import type { Source } from '../source.ts';

interface Opened<A extends readonly unknown[]> {
  open(...given: A): Promise<void>;
  close(): Promise<void>;
}

/**
 * Something that is made when it is opened, since its options are looked up then; until then it answers as one that has nothing.
 * Closed before it was made it is never opened.
 */
function late<A extends readonly unknown[], T extends Opened<A>>(
  make: () => Promise<T>,
  before: Omit<T, 'open' | 'close'>,
  onMade: (made: T) => void = () => {},
): T {
  let made: T | null = null;
  let closed = false;
  const calls = {
    async open(...given: A): Promise<void> {
      const one = await make();
      if (closed) return one.close();
      made = one;
      onMade(one);
      await one.open(...given);
    },
    async close(): Promise<void> {
      closed = true;
      await made?.close();
    },
  };
  const bound = new Map<PropertyKey, unknown>();
  return new Proxy(calls as T, {
    get(target, property) {
      if (property === 'open' || property === 'close') return target[property];
      const from: object = made ?? before;
      const known = made === null ? undefined : bound.get(property);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(from, property, from);
      if (typeof value !== 'function') return value;
      const call: unknown = value.bind(from);
      if (made !== null) bound.set(property, call);
      return call;
    },
  });
}

export function lateSource(make: () => Promise<Source>): Source {
  return late(make, {
    poll: () => undefined,
    wait: async () => {},
    partitionName: String,
    takeEndChanges: () => [],
    partitions: () => [],
    ended: false,
    snapshot: () => ({}),
    committed: async () => {},
    stats: () => ({ records: 0, bytes: 0, badRecords: 0, lag: {} }),
  });
}

export function lateSink(make: () => Promise<Sink>): Sink {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  const unopened = (): never => {
    throw new TypeError('the sink is not open');
  };
  const sink = late<[number, number], Sink>(
    make,
    {
      write: unopened,
      hasRoom: () => true,
      room: async () => {},
      prepare: async () => unopened(),
      commit: async () => unopened(),
      failed,
      stats: () => ({ records: 0, bytes: 0 }),
    },
    (made) => made.failed.catch(reject),
  );
  return new Proxy(sink, {
    get: (target, property): unknown => (property === 'failed' ? failed : Reflect.get(target, property)),
  });
}
