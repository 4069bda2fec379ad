import type { PatternPart, ReadPattern } from './time-pattern.ts';

/** Letters that are formatted, with the most of each that may stand in a row (as in Java's DateTimeFormatter). */
const letters: ReadonlyMap<string, number> = new Map([
  ['G', 3],
  ['u', 9],
  ['y', 9],
  ['Q', 4],
  ['q', 2],
  ['M', 4],
  ['L', 4],
  ['d', 2],
  ['D', 3],
  ['E', 4],
  ['a', 1],
  ['h', 2],
  ['K', 2],
  ['k', 2],
  ['H', 2],
  ['m', 2],
  ['s', 2],
  ['S', 9],
  ['A', 9],
  ['n', 9],
]);

/** Letters of Java's that depend on a locale, or on a zone that a TIMESTAMP lacks. */
const refused: ReadonlyMap<string, string> = new Map([
  ['Y', 'Y is the year of a week, which depends on the locale: write yyyy for the year'],
  ['w', 'weeks depend on the locale: use EXTRACT(WEEK FROM …) for the week of ISO 8601'],
  ['W', 'weeks depend on the locale: use EXTRACT(WEEK FROM …) for the week of ISO 8601'],
  ['e', 'days of localized weeks depend on the locale: use E, or EXTRACT(ISODOW FROM …)'],
  ['c', 'days of localized weeks depend on the locale: use E, or EXTRACT(ISODOW FROM …)'],
  ...['V', 'v', 'z', 'O', 'X', 'x', 'Z'].map((letter): [string, string] => [
    letter,
    "times are held at UTC: write the zone as text, such as 'Z' in quotes",
  ]),
]);

/** Java's patterns, as Flink's DATE_FORMAT takes them. Text stands in single quotes; brackets of optional parts say nothing when formatting. */
export function readJavaPattern(pattern: string): ReadPattern {
  const parts: PatternPart[] = [];
  const token = /''|'((?:[^']|'')*)'|([A-Za-z])\2*|[[\]]|[{}#']|[^A-Za-z'[\]{}#]+/gy;
  for (const [text, quoted, letter] of pattern.matchAll(token)) {
    if (letter !== undefined) {
      const most = letters.get(letter);
      if (most === undefined) {
        return { unknown: letter, hint: refused.get(letter) ?? 'text stands in single quotes' };
      }
      if (text.length > most) return { unknown: text, hint: `${letter} stands ${most} times at most` };
      parts.push({ kind: 'field', name: letter, width: text.length });
    } else if (text === "''" || quoted !== undefined) {
      parts.push({ kind: 'text', text: text === "''" ? "'" : (quoted ?? '').replaceAll("''", "'") });
    } else if (/^[{}#']$/.test(text)) {
      return { unknown: text, hint: "text stands in single quotes, a quote is ''" };
    } else if (text !== '[' && text !== ']') {
      parts.push({ kind: 'text', text });
    }
  }
  return parts;
}
