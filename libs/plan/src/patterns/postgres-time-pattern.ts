import type { PatternPart, ReadPattern } from './time-pattern.ts';

/** Words in capitals; where `spellings` has them, the case of the word is that of the result. */
const words = [
  ...[
    'Y,YYY',
    'YYYY',
    'YYY',
    'YY',
    'Y',
    'IYYY',
    'IYY',
    'IY',
    'I',
    'MM',
    'IDDD',
    'DDD',
    'DD',
    'ID',
    'D',
    'IW',
    'WW',
    'W',
  ],
  ...[
    'HH24',
    'HH12',
    'HH',
    'MI',
    'SSSSS',
    'SSSS',
    'SS',
    'MS',
    'US',
    'FF1',
    'FF2',
    'FF3',
    'FF4',
    'FF5',
    'FF6',
    'CC',
    'J',
    'Q',
  ],
];
const spellings: Readonly<Record<string, readonly string[]>> = {
  MONTH: ['MONTH', 'Month', 'month'],
  MON: ['MON', 'Mon', 'mon'],
  DAY: ['DAY', 'Day', 'day'],
  DY: ['DY', 'Dy', 'dy'],
  RM: ['RM', 'rm'],
  AM: ['AM', 'PM', 'am', 'pm'],
  'A.M.': ['A.M.', 'P.M.', 'a.m.', 'p.m.'],
  BC: ['BC', 'AD', 'bc', 'ad'],
  'B.C.': ['B.C.', 'A.D.', 'b.c.', 'a.d.'],
};

const byText = new Map<string, string>([
  ...words.flatMap((word): [string, string][] => [
    [word, word],
    [word.toLowerCase(), word],
  ]),
  ...Object.entries(spellings).flatMap(([name, spelled]) =>
    spelled.map((text): [string, string] => [text, name]),
  ),
]);
const longestFirst = [...byText.keys()].toSorted((a, b) => b.length - a.length);

/**
 * PostgreSQL's patterns of to_char. Words of numbers stand in capitals or small letters; `FM` before one takes its padding away, `TH` or `th`
 * behind it makes it an ordinal. Other letters stand in double quotes: PostgreSQL copies unknown ones, here they are refused.
 */
export function readPostgresPattern(pattern: string): ReadPattern {
  const parts: PatternPart[] = [];
  let at = 0;
  while (at < pattern.length) {
    const quoted = /^"((?:[^"\\]|\\.)*)"/s.exec(pattern.slice(at));
    if (quoted !== null) {
      parts.push({ kind: 'text', text: (quoted[1] ?? '').replace(/\\(.)/gs, '$1') });
      at += quoted[0].length;
      continue;
    }
    const unpadded = /^(?:FM|fm)/.test(pattern.slice(at));
    const from = unpadded ? at + 2 : at;
    const text = longestFirst.find((word) => pattern.startsWith(word, from));
    if (text === undefined) {
      const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
      if (/[A-Za-z"]/.test(character)) {
        return {
          unknown: character,
          hint: 'text stands in double quotes: to_char(ts, \'YYYY-MM-DD"T"HH24:MI:SS\')',
        };
      }
      parts.push({ kind: 'text', text: character });
      at += character.length;
      continue;
    }
    at = from + text.length;
    const name = byText.get(text) ?? text;
    const ordinal = words.includes(name) ? /^(?:TH|th)/.exec(pattern.slice(at))?.[0] : undefined;
    if (ordinal !== undefined) at += 2;
    parts.push({
      kind: 'field',
      name,
      width: text.length,
      spelled: text,
      ...(unpadded ? { unpadded } : {}),
      ...(ordinal === 'TH' || ordinal === 'th' ? { ordinal } : {}),
    });
  }
  return parts;
}
