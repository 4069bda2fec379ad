import { scalar, type ScalarSignature } from './signature.ts';

/** PostgreSQL's string functions. Positions count characters (code points) from 1, as there. */
export const stringFunctions: readonly ScalarSignature[] = [
  scalar('upper(text) -> text'),
  scalar('lower(text) -> text'),
  scalar('initcap(text) -> text'),
  /** Code points; of BYTEA, bytes. */
  scalar('length(text) -> bigint'),
  scalar('length(bytes) -> bigint'),
  /** Bytes of the UTF-8. */
  scalar('octet_length(text) -> bigint'),
  scalar('octet_length(bytes) -> bigint'),
  scalar('bit_length(text) -> bigint'),
  scalar('ascii(text) -> bigint'),
  scalar('chr(bigint) -> text'),
  /** The function: NULL arguments count as ''. (The operator `||` is `concat`: see operators.ts.) */
  scalar('concat_all(text...) -> text', { nulls: 'never' }),
  /** Separator, then values; NULL values are skipped; a NULL separator gives NULL. */
  scalar('concat_ws(text, text...) -> text', { nulls: 'own' }),
  /** A negative count means all but the last (first) so many. */
  scalar('left(text, bigint) -> text'),
  scalar('right(text, bigint) -> text'),
  scalar('lpad(text, bigint, text?) -> text'),
  scalar('rpad(text, bigint, text?) -> text'),
  /** Second argument: the set of characters to remove, ' ' when left out. */
  scalar('ltrim(text, text?) -> text'),
  scalar('rtrim(text, text?) -> text'),
  scalar('btrim(text, text?) -> text'),
  scalar('repeat(text, bigint) -> text'),
  scalar('replace(text, text, text) -> text'),
  scalar('reverse(text) -> text'),
  /** Field n of text split at a delimiter; negative n counts from the end; '' if there is none. */
  scalar('split_part(text, text, bigint) -> text'),
  /** Flink's: field n of text split at a delimiter, counted from 0; NULL if there is none. */
  scalar('split_index(text, text, bigint) -> text', { nulls: 'partial' }),
  scalar('starts_with(text, text) -> boolean'),
  scalar('ends_with(text, text) -> boolean'),
  /** Position of the second in the first, 0 if absent. */
  scalar('strpos(text, text) -> bigint'),
  /** Flink's: position of the first in the second, from a position on; 0 if absent. */
  scalar('locate(text, text, bigint?) -> bigint'),
  /** Text, from (1-based, may be below 1), length. */
  scalar('substring(text, bigint, bigint?) -> text'),
  /** Text, replacement, from, length (the replacement's when left out). */
  scalar('overlay(text, text, bigint, bigint?) -> text'),
  scalar('translate(text, text, text) -> text'),
  /** Hex, lower case. */
  scalar('md5(text) -> text'),
  scalar('sha256(text) -> text'),
  scalar('to_hex(bigint) -> text'),
  /** Formats 'base64', 'hex', 'escape'. */
  scalar('encode(bytes, text) -> text'),
  scalar('decode(text, text) -> bytes'),
  /** Text, pattern, replacement (\1 … \9, \&), flags ('g', 'i'). */
  scalar('regexp_replace(text, text, text, text?) -> text'),
  scalar('regexp_like(text, text, text?) -> boolean'),
  scalar('regexp_count(text, text) -> bigint'),
  /** The first match, or NULL. */
  scalar('regexp_substr(text, text) -> text', { nulls: 'partial' }),
  /** Group n (0: the whole match, also when left out) of the first match, or NULL. */
  scalar('regexp_extract(text, text, bigint?) -> text', { nulls: 'partial' }),
];
