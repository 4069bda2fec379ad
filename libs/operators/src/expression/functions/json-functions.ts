import { readJsonPath, type JsonPath } from '@weir/plan/patterns/json-path.ts';
import { badArgument } from '../evaluation-errors.ts';
import type { Exact } from './exact.ts';
import { childCount, elementOf, jsonKind, memberOf, stringValue } from './json-scan.ts';
import { parseInteger } from './parse-value.ts';
import { plain, type FunctionTable, type RowValue } from './runtime-function.ts';

type Step = string | number;

function step(text: string, at: Step): string | null {
  return typeof at === 'string' ? memberOf(text, at) : elementOf(text, at);
}

function stepOf(key: string | Exact): Step {
  return typeof key === 'string' ? key : Number(key);
}

/** A value as text: strings without quotes, JSON null as NULL. */
function asText(json: string | null): string | null {
  if (json === null) return null;
  const kind = jsonKind(json);
  if (kind === 'null') return null;
  return kind === 'string' ? stringValue(json.trim()) : json;
}

const keptPaths = new Map<string, JsonPath>();

function atPath(text: string, path: string): string | null {
  let steps = keptPaths.get(path);
  if (steps === undefined) {
    if (keptPaths.size > 256) keptPaths.clear();
    steps = readJsonPath(path) ?? badArgument('JSON path', `'${path}' is not understood`);
    keptPaths.set(path, steps);
  }
  let value: string | null = text;
  for (const at of steps) {
    if (value === null) return null;
    value = step(value, at);
  }
  return value;
}

function ofKind(json: string | null, kinds: readonly string[]): string | null {
  return json !== null && kinds.includes(jsonKind(json)) ? json : null;
}

function integerOf(json: string | null): Exact | null {
  const number = ofKind(json, ['number']);
  const value = number === null ? null : parseInteger(number);
  return value === null || value < -(2n ** 63n) || value >= 2n ** 63n ? null : value;
}

const scalars = ['string', 'number', 'boolean'];
const containers = ['object', 'array'];

function member(read: (json: string | null) => RowValue): (text: string, key: string | Exact) => RowValue {
  return (text, key) => read(step(text, stepOf(key)));
}

function path(read: (json: string | null) => RowValue): (text: string, path: string) => RowValue {
  return (text, at) => read(atPath(text, at));
}

export const jsonFunctions: FunctionTable = {
  json_get: plain(member((json) => json)),
  json_get_text: plain(member(asText)),
  json_get_str: plain(member((json) => asText(ofKind(json, ['string'])))),
  json_get_int: plain(member(integerOf)),
  json_get_float: plain(
    member((json) => {
      const number = ofKind(json, ['number']);
      return number === null ? null : Number(number);
    }),
  ),
  json_get_bool: plain(
    member((json) => {
      const bool = ofKind(json, ['boolean']);
      return bool === null ? null : bool.trim() === 'true';
    }),
  ),
  json_contains: plain((text: string, key: string) => memberOf(text, key) !== null),
  json_length: plain((text: string) => childCount(text)),
  json_value: plain(path((json) => asText(ofKind(json, scalars)))),
  json_query: plain(path((json) => ofKind(json, containers))),
  get_first_json_object: plain(path((json) => json)),
  extract_json_string: plain(path((json) => asText(ofKind(json, ['string'])))),
};
