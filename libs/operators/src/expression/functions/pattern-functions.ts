import {
  compileRegex,
  likePattern,
  posixPattern,
  readRegexFlags,
  similarPattern,
} from '@weir/plan/patterns/text-pattern.ts';
import type { Exact } from './exact.ts';
import type { CallTypes, FunctionTable, RowValue, RuntimeFunction } from './runtime-function.ts';

/** Patterns that are no constants are compiled as they come; the last ones are kept. */
const keptPatterns = 64;

/** Compiles by key, once a key. */
function cached<T>(make: (key: string) => T): (key: string) => T {
  const kept = new Map<string, T>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= keptPatterns) kept.clear();
    const made = make(key);
    kept.set(key, made);
    return made;
  };
}

function tester(toSource: (pattern: string, escape: string) => string, flags: string): RuntimeFunction {
  return {
    strict: true,
    bind: (types: CallTypes) => {
      const escape = typeof types.constants[2] === 'string' ? types.constants[2] : '\\';
      const compile = cached((pattern: string) => compileRegex(toSource(pattern, escape), flags, pattern));
      const constant = types.constants[1];
      const regex = typeof constant === 'string' ? compiledOrNot(compile, constant) : undefined;
      if (regex !== undefined) return (text: string) => regex.test(text);
      return (text: string, pattern: string) => compile(pattern).test(text);
    },
  };
}

/** A constant that is no pattern is the error of the rows that come to it. */
function compiledOrNot(compile: (pattern: string) => RegExp, pattern: string): RegExp | undefined {
  try {
    return compile(pattern);
  } catch {
    return undefined;
  }
}

function withRegex(
  flagsAt: number | null,
  always: string,
  run: (regex: RegExp, text: string, ...rest: never[]) => RowValue,
): RuntimeFunction {
  return {
    strict: true,
    bind: () => {
      const compile = cached((key: string) => {
        const split = key.indexOf('/');
        const pattern = key.slice(split + 1);
        return compileRegex(posixPattern(pattern), key.slice(0, split) + always, pattern);
      });
      return (text: string, pattern: string, ...rest: never[]) => {
        const flags = flagsAt === null ? '' : readRegexFlags(String(rest[flagsAt - 2] ?? ''));
        return run(compile(`${flags}/${pattern}`), text, ...rest);
      };
    },
  };
}

/** PostgreSQL's replacement text: \1 … \9 groups, \& the match, \\ a backslash. */
function replaceMatches(regex: RegExp, text: string, replacement: string): string {
  return text.replace(regex, (match: string, ...groups: (string | number | undefined)[]) =>
    replacement.replace(/\\([0-9&\\])/g, (_, what: string) => {
      if (what === '&' || what === '0') return match;
      if (what === '\\') return '\\';
      const group = groups[Number(what) - 1];
      return typeof group === 'string' ? group : '';
    }),
  );
}

function countMatches(regex: RegExp, text: string): number {
  let count = 0;
  for (const _ of text.matchAll(regex)) count += 1;
  return count;
}

export const patternFunctions: FunctionTable = {
  like: tester(likePattern, 's'),
  ilike: tester(likePattern, 'si'),
  similar: tester(similarPattern, 's'),
  regex_match: tester(posixPattern, ''),
  regex_imatch: tester(posixPattern, 'i'),
  regexp_replace: withRegex(3, '', (regex, text, replacement: string) =>
    replaceMatches(regex, text, replacement),
  ),
  regexp_like: withRegex(2, '', (regex, text) => text.search(regex) >= 0),
  regexp_count: withRegex(null, 'g', (regex, text) => countMatches(regex, text)),
  regexp_substr: withRegex(null, '', (regex, text) => regex.exec(text)?.[0] ?? null),
  regexp_extract: withRegex(
    null,
    '',
    (regex, text, group?: Exact) => regex.exec(text)?.[Number(group ?? 0)] ?? null,
  ),
};
