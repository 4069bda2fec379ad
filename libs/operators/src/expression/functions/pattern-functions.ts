import { WeirError } from '@weir/kernel/errors.ts';
import type { Exact } from './exact.ts';
import type { CallTypes, FunctionTable, RowValue, RuntimeFunction } from './runtime-function.ts';

/** Patterns that are no constants are compiled as they come; the last ones are kept. */
const keptPatterns = 64;

const special = /[\\^$.*+?()[\]{}|/-]/g;

function quoted(character: string): string {
  return character.replace(special, '\\$&');
}

/** A LIKE pattern as a regular expression over the whole text. */
function likePattern(pattern: string, escape: string): string {
  let source = '';
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    if (character === escape) {
      index += 1;
      const next = characters[index];
      if (next === undefined)
        throw new WeirError('WEIR-2304', `LIKE pattern '${pattern}' ends with its escape character`);
      source += quoted(next);
    } else if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else source += quoted(character);
  }
  return `^${source}$`;
}

/** A SQL regular expression (SIMILAR TO): `%` and `_` as in LIKE, `| * + ? {} () []` as in POSIX, all else stands for itself. */
function similarPattern(pattern: string): string {
  let source = '';
  let inBrackets = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? '';
    if (character === '\\') {
      index += 1;
      source += quoted(pattern[index] ?? '\\');
    } else if (inBrackets) {
      source += character;
      if (character === ']') inBrackets = false;
    } else if (character === '[') {
      inBrackets = true;
      source += character;
    } else if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else if (character === '(') source += '(?:';
    else source += /[.^$]/.test(character) ? `\\${character}` : character;
  }
  return `^(?:${source})$`;
}

/** PostgreSQL's names of character classes and word borders, in JavaScript's spelling. */
function posixPattern(pattern: string): string {
  return pattern
    .replaceAll('[:alpha:]', '\\p{L}')
    .replaceAll('[:digit:]', '\\d')
    .replaceAll('[:alnum:]', '\\p{L}\\p{N}')
    .replaceAll('[:space:]', '\\s')
    .replaceAll('[:upper:]', '\\p{Lu}')
    .replaceAll('[:lower:]', '\\p{Ll}')
    .replaceAll('[:punct:]', '\\p{P}\\p{S}')
    .replaceAll('[:xdigit:]', '0-9A-Fa-f')
    .replaceAll('\\m', '\\b(?=\\w)')
    .replaceAll('\\M', '\\b(?<=\\w)')
    .replaceAll('\\y', '\\b');
}

function compileRegex(source: string, flags: string, shown: string): RegExp {
  const unique = [...new Set(flags)].join('');
  try {
    return new RegExp(source, `u${unique}`);
  } catch {
    try {
      // Escapes that the Unicode mode refuses (`\-`, `\_`) are common.
      return new RegExp(source, unique);
    } catch (cause) {
      throw new WeirError('WEIR-2304', `'${shown}' is no regular expression`, { cause });
    }
  }
}

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
        const flags = flagsAt === null ? '' : readFlags(String(rest[flagsAt - 2] ?? ''));
        return run(compile(`${flags}/${pattern}`), text, ...rest);
      };
    },
  };
}

function readFlags(flags: string): string {
  for (const flag of flags) {
    if (!'gimsnc'.includes(flag))
      throw new WeirError('WEIR-2304', `unknown regular expression flag '${flag}'`);
  }
  return flags.replace(/[nc]/g, (flag) => (flag === 'n' ? 'm' : ''));
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
