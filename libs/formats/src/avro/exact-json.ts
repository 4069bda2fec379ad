/** What V8 tells a reviver beside the value: the number's own text. */
type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const wholeNumber = /^-?\d+$/;

/**
 * JSON.parse, but whole numbers that a double can't hold become bigints: a default of a `long` in a schema is exact (A5).
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  const exact: Reviver = (_key, value, context) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && wholeNumber.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, exact) as unknown;
}
