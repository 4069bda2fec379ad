import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';

export interface UnicodeRead {
  readonly kind: 'string' | 'quoted';
  readonly value: string;
  readonly end: number;
  readonly diagnostics: readonly Diagnostic[];
}

const closed = /[uU]&(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)")(?:\s*[uU][eE][sS][cC][aA][pP][eE]\s*'([^'])')?/y;

/** Reads `U&'d\0061t\+000061'` and `U&"…"`, with a UESCAPE behind it if there is one; undefined: its quote is not closed. */
export function readUnicodeString(text: string, start: number): UnicodeRead | undefined {
  closed.lastIndex = start;
  const match = closed.exec(text);
  if (match === null) return undefined;
  const [whole, single, double, escape = '\\'] = match;
  const end = start + whole.length;
  const raw = single === undefined ? (double ?? '').replaceAll('""', '"') : single.replaceAll("''", "'");
  const kind = single === undefined ? 'quoted' : 'string';
  const fault = (message: string): UnicodeRead => ({
    kind,
    value: '',
    end,
    diagnostics: [diagnose('badEscape', { start, end }, message)],
  });
  if (/[0-9a-fA-F+'"\s]/.test(escape)) return fault(`'${escape}' can't be the escape character`);
  const value = decoded(raw, escape);
  if (value === undefined) {
    return fault(`${escape} takes four hex digits, + and six, or another ${escape}`);
  }
  return value.isWellFormed()
    ? { kind, value, end, diagnostics: [] }
    : fault('half of a surrogate pair is no character');
}

function decoded(raw: string, escape: string): string | undefined {
  let value = '';
  for (let at = 0; at < raw.length;) {
    if (raw[at] !== escape) {
      value += raw[at];
      at += 1;
    } else if (raw[at + 1] === escape) {
      value += escape;
      at += 2;
    } else {
      const digits = /^(?:([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6}))/.exec(raw.slice(at + 1, at + 8));
      const code = Number.parseInt(digits?.[1] ?? digits?.[2] ?? 'x', 16);
      if (digits === null || code === 0 || code > 0x10ffff) return undefined;
      value += digits[1] === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
      at += 1 + digits[0].length;
    }
  }
  return value;
}
