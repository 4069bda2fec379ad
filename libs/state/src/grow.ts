/** Typed arrays of at least `length`, with the old contents. Sizes are chosen by the caller. */

export function grownNumbers(old: Float64Array, length: number, fill: number): Float64Array {
  const grown = new Float64Array(length);
  grown.set(old);
  if (fill !== 0) grown.fill(fill, old.length);
  return grown;
}

export function grownFlags(old: Uint8Array, length: number): Uint8Array {
  const grown = new Uint8Array(length);
  grown.set(old);
  return grown;
}

export function grownIntegers(old: Uint32Array, length: number): Uint32Array {
  const grown = new Uint32Array(length);
  grown.set(old);
  return grown;
}

export function grownSlots(old: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length);
  grown.set(old);
  return grown;
}
