import { conditionalFunctions } from './conditional.ts';
import { dateTimeFunctions } from './date-time.ts';
import { jsonFunctions } from './json.ts';
import { mathFunctions } from './math.ts';
import type { ScalarSignature } from './signature.ts';
import { stringFunctions } from './strings.ts';

/** Every scalar function that a plan may call, beside the operators of operators.ts. */
const scalarFunctions: readonly ScalarSignature[] = [
  ...stringFunctions,
  ...mathFunctions,
  ...conditionalFunctions,
  ...dateTimeFunctions,
  ...jsonFunctions,
];

/** Other spellings in SQL of the same function; the plan holds the id on the right. */
export const functionAliases: Readonly<Record<string, string>> = {
  char_length: 'length',
  character_length: 'length',
  ceiling: 'ceil',
  concat: 'concat_all',
  pow: 'power',
  substr: 'substring',
  trim: 'btrim',
  truncate: 'trunc',
  ifnull: 'coalesce',
  nvl: 'coalesce',
  instr: 'strpos',
  position: 'strpos',
  datetrunc: 'date_trunc',
  startswith: 'starts_with',
  endswith: 'ends_with',
  regexp: 'regexp_like',
  json_get_json: 'json_get',
  json_array_length: 'json_length',
  sha2_256: 'sha256',
};

const byId = Map.groupBy(scalarFunctions, (signature) => signature.id);

/** The overloads of a function by the name in SQL (any case), or none. */
export function overloadsOf(name: string): readonly ScalarSignature[] {
  const lower = name.toLowerCase();
  return byId.get(functionAliases[lower] ?? lower) ?? [];
}

/** All names that SQL may use, for "did you mean". */
export function scalarFunctionNames(): string[] {
  return [...byId.keys(), ...Object.keys(functionAliases)];
}
