/** Whether records of a format say what they do to those before them, with the rows before and after. */
export function tellsChanges(format: string | undefined): boolean {
  return format === 'debezium_json' || format === 'debezium_avro';
}
