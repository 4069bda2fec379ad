import { WeirError } from '@weir/kernel/errors.ts';
import type { Call, Expression } from '@weir/plan/expression.ts';
import {
  compileRegex,
  likePattern,
  posixPattern,
  readRegexFlags,
  similarPattern,
} from '@weir/plan/patterns/text-pattern.ts';

const encodings = ['hex', 'base64', 'escape'];

function regexAt(flagsAt: number | null): (call: Call) => void {
  return (call) => {
    const [, pattern] = call.arguments;
    const flags = flagsAt === null ? undefined : textOf(call.arguments[flagsAt]);
    const known = flags === undefined ? '' : readRegexFlags(flags);
    const text = textOf(pattern);
    if (text !== undefined) compileRegex(posixPattern(text), known, text);
  };
}

function encoding(call: Call): void {
  const text = textOf(call.arguments[1])?.toLowerCase();
  if (text !== undefined && !encodings.includes(text)) {
    throw new WeirError('WEIR-2304', `${call.function}() knows no '${text}': use ${encodings.join(', ')}`);
  }
}

function likeText(call: Call): void {
  const [, pattern, escape] = call.arguments;
  const text = textOf(pattern);
  if (text !== undefined) likePattern(text, textOf(escape) ?? '\\');
}

const checks: Readonly<Record<string, (call: Call) => void>> = {
  like: likeText,
  ilike: likeText,
  similar(call) {
    const text = textOf(call.arguments[1]);
    if (text !== undefined) compileRegex(similarPattern(text), 's', text);
  },
  regex_match: regexAt(null),
  regex_imatch: regexAt(null),
  regexp_like: regexAt(2),
  regexp_replace: regexAt(3),
  regexp_count: regexAt(null),
  regexp_substr: regexAt(null),
  regexp_extract: regexAt(null),
  encode: encoding,
  decode: encoding,
};

function textOf(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'literal' && typeof expression.value === 'string'
    ? expression.value
    : undefined;
}

/** What is wrong with a constant pattern, flag or encoding among a call's arguments; undefined if nothing is. */
export function constantProblem(call: Call): string | undefined {
  try {
    checks[call.function]?.(call);
    return undefined;
  } catch (error) {
    if (error instanceof WeirError) return error.message;
    throw error;
  }
}
