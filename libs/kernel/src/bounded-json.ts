import { WeirError, type ErrorCode } from './errors.ts';

interface JsonBounds {
  /** Length of the text, UTF-16 units. */
  readonly length: number;
  /** Arrays and objects inside each other. */
  readonly depth: number;
}

const jsonBounds: JsonBounds = { length: 32 * 1024 * 1024, depth: 512 };

/**
 * Parses JSON that another process has sent or stored. What would harm whoever walks it or copies from it is refused: nesting without
 * end, and the key `__proto__`, which an assignment takes for something else than a key. Its shape is the caller's to check.
 * @param what names it in errors: `plan_json of StartTasks`
 * @throws WeirError `code` for text that is no JSON, too long, nested too deeply or has such a key
 */
export function readBoundedJson(text: string, what: string, code: ErrorCode, bounds = jsonBounds): unknown {
  const refuse = (why: string, cause?: unknown): WeirError =>
    new WeirError(code, `${what} ${why}`, { cause });
  if (text.length > bounds.length)
    throw refuse(`has ${text.length} characters, ${bounds.length} is the most that is read`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse('is no JSON', cause);
  }
  const problem = jsonProblem(value, bounds.depth);
  if (problem !== null) throw refuse(problem);
  return value;
}

/** Level by level, so that no nesting is too deep for the check itself. */
function jsonProblem(value: unknown, depth: number): string | null {
  let level: object[] = isNested(value) ? [value] : [];
  for (let levels = 0; level.length > 0; levels += 1) {
    if (levels === depth) return `is nested more than ${depth} levels deep`;
    const next: object[] = [];
    for (const parent of level) {
      if (Object.hasOwn(parent, '__proto__')) return "has a key '__proto__'";
      for (const child of Object.values(parent)) if (isNested(child)) next.push(child);
    }
    level = next;
  }
  return null;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
