/** Steps of a path: members by name, elements by index (negative from the end). */
export type JsonPath = readonly (string | number)[];

const step =
  /^(?:\.([^.[\]'"\s]+)|\.?\["((?:[^"\\]|\\.)*)"\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*(-?\d+)\s*\]|\."([^"]*)")/;

/** Reads `$.a.b[0]['c']`; a path without `$` counts from the root too. `SQL/JSON`'s `lax` and `strict` in front say nothing. Null: not understood. */
export function readJsonPath(path: string): JsonPath | null {
  const steps: (string | number)[] = [];
  let rest = path
    .trim()
    .replace(/^(?:lax|strict)\s+(?=\$)/i, '')
    .replace(/^\$/, '');
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`;
  while (rest !== '') {
    const match = step.exec(rest);
    if (match === null) return null;
    const [whole, name, doubleQuoted, quoted, index, dotQuoted] = match;
    const key = name ?? doubleQuoted ?? quoted ?? dotQuoted;
    steps.push(key === undefined ? Number(index) : key);
    rest = rest.slice(whole.length);
  }
  return steps;
}
