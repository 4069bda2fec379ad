import { WeirError } from '@weir/kernel/errors.ts';

/* Patterns of texts, as regular expressions of JavaScript: what the compiler checks and operators match by. */

const special = /[\\^$.*+?()[\]{}|/-]/g;

function quoted(character: string): string {
  return character.replace(special, '\\$&');
}

/** A LIKE pattern as a regular expression over the whole text. @throws WeirError WEIR-2304 */
export function likePattern(pattern: string, escape: string): string {
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
export function similarPattern(pattern: string): string {
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
export function posixPattern(pattern: string): string {
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

/** @throws WeirError WEIR-2304 naming the pattern as it was written */
export function compileRegex(source: string, flags: string, shown: string): RegExp {
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

/** PostgreSQL's flags of regular expressions as JavaScript's. @throws WeirError WEIR-2304 */
export function readRegexFlags(flags: string): string {
  for (const flag of flags) {
    if (!'gimsnc'.includes(flag))
      throw new WeirError('WEIR-2304', `unknown regular expression flag '${flag}'`);
  }
  return flags.replace(/[nc]/g, (flag) => (flag === 'n' ? 'm' : ''));
}
