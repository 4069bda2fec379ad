import { maskError, type Mask } from './option-mask.ts';

/** What becomes of a method's answer before it is handed on, by the method's name. */
export type Answers = Readonly<Record<string, (answer: unknown) => unknown>>;

/**
 * The object, whose calls and promises fail without what the mask hides; texts that it has as properties go through it too. The object itself
 * stays as it is, and the call of a method is made once, not at each use.
 */
export function discreet<T extends object>(made: T, mask: Mask, answers: Answers = {}): T {
  const calls = new Map<PropertyKey, { readonly of: unknown; readonly call: unknown }>();
  return new Proxy(made, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value === 'string') return mask(value);
      if (value instanceof Promise) return eventuallyDiscreet(value, mask);
      if (typeof value !== 'function') return value;
      const known = calls.get(property);
      if (known?.of === value) return known.call;
      const answer = typeof property === 'string' ? answers[property] : undefined;
      const call = (...given: unknown[]): unknown =>
        discreetly(() => {
          const result: unknown = Reflect.apply(value, target, given);
          if (result instanceof Promise) return eventuallyDiscreet(result, mask);
          return answer === undefined ? result : answer(result);
        }, mask);
      calls.set(property, { of: value, call });
      return call;
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
