/** Functions of Flink, Arroyo and PostgreSQL that aren't there yet, each with what to write instead; '' where nothing does. */
const hints: ReadonlyMap<string, string> = new Map([
  ['timestampadd', "write ts + INTERVAL '1' DAY"],
  ['timestampdiff', 'write (unix_millis(b) - unix_millis(a)) / 86400000 for days'],
  ['datediff', 'write (unix_millis(b) - unix_millis(a)) / 86400000 for days'],
  ['date_add', "write ts + INTERVAL '1' DAY"],
  ['dateadd', "write ts + INTERVAL '1' DAY"],
  ['date_sub', "write ts - INTERVAL '1' DAY"],
  ['json_exists', "write json_value(value, '$.path') IS NOT NULL"],
  ['json_extract', "write json_value(value, '$.path')"],
  ['extract_json', "write json_query(value, '$.path')"],
  ['json_extract_path_text', "write json_value(value, '$.path')"],
  ['jsonb_extract_path_text', "write json_value(value, '$.path')"],
  ['json_as_text', "write value ->> 'key'"],
  ['json_get_array', "write json_get(value, 'key')"],
  ['nvl2', 'write CASE WHEN a IS NOT NULL THEN b ELSE c END'],
  ['iff', 'write IF(condition, a, b)'],
  ['zeroifnull', 'write COALESCE(a, 0)'],
  ['charindex', 'write strpos(text, part)'],
  ['sha1', 'write sha256(a)'],
  ['sha224', 'write sha256(a)'],
  ['sha384', 'write sha256(a)'],
  ['sha512', 'write sha256(a)'],
  ['digest', 'write sha256(a)'],
  ['to_base64', "write encode(a, 'base64')"],
  ['from_base64', "write decode(a, 'base64')"],
  ['hex', 'write to_hex(a)'],
  ['unhex', "write decode(a, 'hex')"],
  ['char', 'write chr(n)'],
  ['struct_pack', 'write STRUCT(a AS x)'],
  ['named_struct', 'write STRUCT(a AS x)'],
  ['struct', 'write ROW(a, b)'],
  ['arrow_cast', 'write CAST(a AS type)'],
  ['typeof', 'DESCRIBE tells the types of a table'],
  ['arrow_typeof', 'DESCRIBE tells the types of a table'],
  ['pg_typeof', 'DESCRIBE tells the types of a table'],
  ['regexp_instr', 'write strpos(text, regexp_substr(text, pattern))'],
  ['regexp_match', 'write regexp_substr(text, pattern)'],
  ['regexp_matches', 'write regexp_substr(text, pattern)'],
  ['regexp_extract_all', 'write regexp_extract(text, pattern, group)'],
  ['to_timestamp_nanos', 'write to_timestamp_micros(n / 1000)'],
  ['to_timestamp_ltz', 'write to_timestamp_millis(n)'],
  ['to_unixtime', 'write unix_timestamp(ts)'],
  ['age', 'write a - b'],
  ['convert_tz', 'times are held at UTC'],
  ['timezone', 'times are held at UTC'],
  ['current_watermark', 'the watermark is not a value here; weir status shows it'],
  ['source_watermark', "write WATERMARK FOR ts AS ts - INTERVAL '5' SECOND"],
  ...`json_object json_array json_string json_quote json_unquote json_object_keys json_objectagg json_arrayagg json_scalar
    json_serialize json_table json_build_object json_agg to_json jsonb_path_query parse_json try_parse_json
    array make_array array_append array_concat array_contains array_distinct array_element array_except array_intersect
    array_join array_length array_max array_min array_position array_prepend array_remove array_reverse array_slice array_sort
    array_to_string array_union array_has arrays_overlap cardinality element flatten generate_series list_transform range
    sequence string_to_array split unnest explode map map_entries map_extract map_from_arrays map_from_entries map_keys
    map_union map_values str_to_map list_contains list_filter filter transform reduce
    format format_number printf quote_literal soundex levenshtein similarity to_number width_bucket num_nulls bit_count
    elt parse_url url_encode url_decode crc32 xxhash64 uuid_generate_v4 row_to_json grouping_id group_id
    setseed date_diff last_day next_day months_between add_months make_interval justify_days justify_hours justify_interval
    to_local_time current_user session_user user current_database current_schema ml_predict`
    .split(/\s+/)
    .map((name) => [name, ''] as const),
]);

/** A function that is known and not there, by its name in lower case; what to write instead, if something does. */
export function foreignFunction(name: string): { readonly hint: string | undefined } | undefined {
  const hint = hints.get(name);
  return hint === undefined ? undefined : { hint: hint === '' ? undefined : hint };
}
