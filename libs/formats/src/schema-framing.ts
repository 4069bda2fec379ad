type Options = Readonly<Record<string, string>>;

export type SchemaFraming = 'none' | 'confluent';

/** Formats whose records name a schema of the registry wherever a table names one (F13): JSON is written without it by most. */
const framedByRegistry: readonly string[] = ['avro', 'debezium_avro', 'protobuf'];

/** The format whose options say so: changes are in the format of their rows. */
function baseOf(format: string): string {
  return format.replace(/^debezium_/, '');
}

/** How the parts of a table's records say which schema they were written with, by options in which `impliedSchemaFraming` was filled in. */
export function schemaFramingOf(format: string, options: Options): SchemaFraming {
  return options[`${baseOf(format)}.confluent_schema_registry`] === 'true' ? 'confluent' : 'none';
}

/** The option that says so where nobody has written it: plans say it, whatever becomes of what it followed from. */
export function impliedSchemaFraming(format: string, options: Options): Options {
  const option = `${baseOf(format)}.confluent_schema_registry`;
  const implied =
    framedByRegistry.includes(format) &&
    options['schema_registry.endpoint'] !== undefined &&
    options[`${baseOf(format)}.raw_datums`] !== 'true' &&
    options[option] === undefined;
  return implied ? { [option]: 'true' } : {};
}
