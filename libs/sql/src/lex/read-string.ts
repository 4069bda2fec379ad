import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';

const simpleEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

export interface StringRead {
  readonly kind: 'string' | 'bytes';
  readonly value: string;
  readonly end: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads '…' (two quotes for one), E'…' (backslash escapes) or X'…' (hex digits) at `start`. `prefix` is what opens it, quote included.
 * A newline belongs to the text; a missing end is reported at the opening quote and takes the rest.
 */
export function readString(text: string, start: number, prefix: string): StringRead {
  const diagnostics: Diagnostic[] = [];
  const escapes = prefix.length === 2 && /^e/i.test(prefix);
  let value = '';
  let at = start + prefix.length;
  for (;;) {
    const character = text[at];
    if (character === undefined) {
      const span = { start, end: start + prefix.length };
      diagnostics.push(
        diagnose('unterminatedString', span, 'this string has no closing quote', "close it with '"),
      );
      break;
    }
    if (character === "'") {
      if (text[at + 1] !== "'") {
        at += 1;
        break;
      }
      value += "'";
      at += 2;
    } else if (character === '\\' && escapes) {
      const escape = readEscape(text, at);
      if (escape.problem !== undefined) diagnostics.push(escape.problem);
      value += escape.value;
      at = escape.end;
    } else {
      value += character;
      at += 1;
    }
  }
  if (!/^x/i.test(prefix)) return { kind: 'string', value, end: at, diagnostics };
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(value)) {
    diagnostics.push(diagnose('badEscape', { start, end: at }, "X'…' takes pairs of hex digits"));
  }
  return { kind: 'bytes', value: value.toLowerCase(), end: at, diagnostics };
}

interface EscapeRead {
  readonly value: string;
  readonly end: number;
  readonly problem?: Diagnostic;
}

/** PostgreSQL's escapes: \b \f \n \r \t, \ooo, \xhh, \uxxxx, \Uxxxxxxxx; any other character stands for itself. */
function readEscape(text: string, at: number): EscapeRead {
  const escape = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([^]))?/uy;
  escape.lastIndex = at;
  const match = escape.exec(text);
  const end = at + (match?.[0].length ?? 1);
  const digits = match?.[1] ?? match?.[2] ?? match?.[3];
  const octal = match?.[4];
  const other = match?.[5] ?? '';
  const span = { start: at, end };
  if (digits === undefined && octal === undefined) {
    if (/^[xuU]$/.test(other)) {
      return { value: other, end, problem: diagnose('badEscape', span, `\\${other} takes hex digits`) };
    }
    return { value: simpleEscapes[other] ?? other, end };
  }
  const codePoint = digits === undefined ? Number.parseInt(octal ?? '0', 8) : Number.parseInt(digits, 16);
  if (codePoint > 0x10ffff || codePoint === 0) {
    return { value: '', end, problem: diagnose('badEscape', span, `'${match?.[0]}' is no character`) };
  }
  return { value: String.fromCodePoint(codePoint), end };
}
