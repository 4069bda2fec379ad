import { readJavaPattern } from '@weir/plan/patterns/java-time-pattern.ts';
import { readPostgresPattern } from '@weir/plan/patterns/postgres-time-pattern.ts';
import { isProblem, type PatternPart, type ReadPattern } from '@weir/plan/patterns/time-pattern.ts';
import { badArgument } from '../evaluation-errors.ts';
import type { Exact } from './exact.ts';
import { javaFields } from './java-time-format.ts';
import { ordinalOf, postgresFields } from './postgres-time-format.ts';
import type { CallTypes, RuntimeFunction } from './runtime-function.ts';
import { timePartsOf, type TimeParts } from './time-parts.ts';

type Format = (value: Exact) => string;

/** Patterns that are no constants are read as they come; the last ones are kept. */
const keptPatterns = 64;

function formatter(
  name: string,
  read: (pattern: string) => ReadPattern,
  format: (part: Extract<PatternPart, { kind: 'field' }>, parts: TimeParts) => string,
): RuntimeFunction {
  const compile = (pattern: string): Format => {
    const parts = read(pattern);
    if (isProblem(parts)) {
      return badArgument(name, `pattern '${pattern}': '${parts.unknown}' is unknown; ${parts.hint}`);
    }
    return (value) => {
      const time = timePartsOf(value);
      let text = '';
      for (const part of parts) text += part.kind === 'text' ? part.text : format(part, time);
      return text;
    };
  };
  return {
    strict: true,
    bind: ({ constants }: CallTypes) => {
      const [, constant] = constants;
      // The compiler of the SQL refused constants that are no patterns.
      if (typeof constant === 'string' && !isProblem(read(constant))) return compile(constant);
      const kept = new Map<string, Format>();
      return (value: Exact, pattern: string) => {
        let known = kept.get(pattern);
        if (known === undefined) {
          if (kept.size >= keptPatterns) kept.clear();
          known = compile(pattern);
          kept.set(pattern, known);
        }
        return known(value);
      };
    },
  };
}

/** Flink's DATE_FORMAT: Java's patterns. */
export const dateFormat = formatter('date_format', readJavaPattern, ({ name, width }, parts) => {
  const field = javaFields[name];
  return field === undefined ? '' : field(parts, width);
});

/** PostgreSQL's to_char of a timestamp. */
export const toChar = formatter('to_char', readPostgresPattern, (part, parts) => {
  const field = postgresFields[part.name];
  let text = field === undefined ? '' : field(parts, part.spelled ?? part.name);
  if (part.unpadded === true) text = text.trimEnd().replace(/^0+(?=\d)/, '');
  return part.ordinal === undefined ? text : ordinalOf(text, part.ordinal);
});
