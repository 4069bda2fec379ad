import { present } from '@weir/kernel/assert.ts';

/**
 * Gives equal values the same small number: a state of the model is a row of such numbers, one for each component, and what happens
 * to a component is computed once for each of its values (the real functions run on few thousand of them, not on millions of states).
 */
export class Interner<T> {
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  get size(): number {
    return this.#values.length;
  }

  /** Values are plain data; equal is what has the same JSON. */
  id(value: T): number {
    const key = JSON.stringify(value);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#values.length;
      this.#ids.set(key, id);
      this.#values.push(value);
    }
    return id;
  }

  at(id: number): T {
    return present(this.#values[id], `${this.#name} ${id}`);
  }
}

/** A function of ids, computed once for each of its arguments; `b` and `c` are below 2^26. */
export function memoized<R>(
  compute: (a: number, b: number, c: number) => R,
): (a: number, b?: number, c?: number) => R {
  const known: Map<number, R>[] = [];
  return (a, b = 0, c = 0) => {
    const ofA = (known[a] ??= new Map<number, R>());
    const key = b * 67_108_864 + c;
    let result = ofA.get(key);
    if (result === undefined) {
      result = compute(a, b, c);
      ofA.set(key, result);
    }
    return result;
  };
}
