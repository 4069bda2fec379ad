import { WeirError } from '@weir/kernel/errors.ts';
import { avroFormat } from './avro/avro-format.ts';
import { csvFormat } from './csv/csv-format.ts';
import { debeziumAvroFormat } from './debezium/debezium-avro-format.ts';
import { debeziumJsonFormat } from './debezium/debezium-json-format.ts';
import type { Format } from './format.ts';
import { jsonFormat } from './json/json-format.ts';
import { protobufFormat } from './protobuf/protobuf-format.ts';
import { rawBytesFormat, rawStringFormat } from './raw/raw-format.ts';

const formats: readonly Format[] = [
  jsonFormat,
  avroFormat,
  protobufFormat,
  csvFormat,
  debeziumJsonFormat,
  debeziumAvroFormat,
  rawStringFormat,
  rawBytesFormat,
];

/** Names of the formats that this version has. */
export const formatNames: readonly string[] = formats.map((format) => format.name);

/**
 * The format that a table names.
 * @throws WeirError WEIR-3101
 */
export function formatNamed(name: string): Format {
  const found = formats.find((format) => format.name === name);
  if (found !== undefined) return found;
  throw new WeirError('WEIR-3101', `there is no format '${name}'`, {
    hint: `use one of ${formatNames.join(', ')}`,
  });
}
