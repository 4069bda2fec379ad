import { readJavaPattern } from '@weir/plan/patterns/java-time-pattern.ts';
import { readJsonPath } from '@weir/plan/patterns/json-path.ts';
import { readPostgresPattern } from '@weir/plan/patterns/postgres-time-pattern.ts';
import { isProblem, type ReadPattern } from '@weir/plan/patterns/time-pattern.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Operand } from './operand.ts';

const timePatterns: Readonly<Record<string, (pattern: string) => ReadPattern>> = {
  date_format: readJavaPattern,
  to_char: readPostgresPattern,
};
const jsonPaths = new Set(['json_value', 'json_query', 'get_first_json_object', 'extract_json_string']);

/** Refuses constants that no row could use: patterns of times and JSON paths, second arguments all of them. @throws DiagnosticFailure */
export function checkPatterns(id: string, operands: readonly Operand[]): void {
  const pattern = operands[1];
  if (pattern?.value.kind !== 'literal' || typeof pattern.value.value !== 'string') return;
  const text = pattern.value.value;
  const read = timePatterns[id]?.(text);
  if (read !== undefined && isProblem(read)) {
    fail('wrongArguments', pattern.span, `${id}() knows no '${read.unknown}' in a pattern`, read.hint);
  }
  if (jsonPaths.has(id) && readJsonPath(text) === null) {
    fail('wrongArguments', pattern.span, `'${text}' is no JSON path`, "write it as '$.a.b[0]'");
  }
}
