import { maskError, type Mask } from './option-mask.ts';

/** The object, whose calls and promises fail without what the mask hides; texts that it has as properties go through it too. */
export function discreet<T extends object>(made: T, mask: Mask): T {
  return new Proxy(made, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value === 'string') return mask(value);
      if (value instanceof Promise) return eventuallyDiscreet(value, mask);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown =>
        discreetly(() => {
          const result: unknown = Reflect.apply(value, target, given);
          return result instanceof Promise ? eventuallyDiscreet(result, mask) : result;
        }, mask);
    },
  });
}

export function discreetly<T>(body: () => T, mask: Mask): T {
  try {
    return body();
  } catch (error) {
    throw maskError(error, mask);
  }
}

export function eventuallyDiscreet<T>(promise: Promise<T>, mask: Mask): Promise<T> {
  return promise.catch((error: unknown) => {
    throw maskError(error, mask);
  });
}
