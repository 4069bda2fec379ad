import { scalar, type ScalarSignature } from './signature.ts';

/** JSON functions. All give NULL where the path leads nowhere; integers beyond 2^53 keep their digits. */
export const jsonFunctions: readonly ScalarSignature[] = [
  /** Operator `->`: a member by key, an element by index from 0 (negative from the end). JSON null stays JSON null. */
  scalar('json_get(json, text) -> json', { nulls: 'partial' }),
  scalar('json_get(json, bigint) -> json', { nulls: 'partial' }),
  /** Operator `->>`: as text; a string without quotes; JSON null gives NULL. */
  scalar('json_get_text(json, text) -> text', { nulls: 'partial' }),
  scalar('json_get_text(json, bigint) -> text', { nulls: 'partial' }),
  /** NULL unless the member has that very JSON type. */
  scalar('json_get_str(json, text) -> text', { nulls: 'partial' }),
  scalar('json_get_int(json, text) -> bigint', { nulls: 'partial' }),
  scalar('json_get_float(json, text) -> double', { nulls: 'partial' }),
  scalar('json_get_bool(json, text) -> boolean', { nulls: 'partial' }),
  /** Has the object that key. */
  scalar('json_contains(json, text) -> boolean'),
  /** Elements of an array, members of an object; NULL for others. */
  scalar('json_length(json) -> bigint', { nulls: 'partial' }),
  /** JSONPath subset `$.a.b[0]['c']`: the scalar there as text, NULL for objects and arrays. */
  scalar('json_value(json, text) -> text', { nulls: 'partial' }),
  /** The object or array there, NULL for scalars. */
  scalar('json_query(json, text) -> json', { nulls: 'partial' }),
  /** Whatever is first at the path, as its JSON text (strings with quotes). */
  scalar('get_first_json_object(json, text) -> text', { nulls: 'partial' }),
  /** The string at the path, NULL if it is something else. */
  scalar('extract_json_string(json, text) -> text', { nulls: 'partial' }),
];
