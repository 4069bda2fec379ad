import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import { plainRecordValue, type Encoder } from '../encoder.ts';
import type { Format, FormatIssue } from '../format.ts';
import { createJsonEncoder } from '../json/json-encoder.ts';
import { JsonDecoder } from '../json/json-decoder.ts';
import { jsonFormat } from '../json/json-format.ts';
import { jsonOptionNames, readJsonOptions } from '../json/json-options.ts';
import { refuseFraming } from '../plain-framing.ts';
import { DebeziumDecoder } from './debezium-decoder.ts';
import { DebeziumEncoder } from './debezium-encoder.ts';
import { EnvelopeScanner } from './envelope-scanner.ts';
import { jsonChangeLayout } from './json-change-layout.ts';

/** Debezium's envelope in JSON: what changed in a table, with the rows before and after. */
export const debeziumJsonFormat: Format = {
  name: 'debezium_json',
  optionNames: jsonOptionNames,
  check(schema, options, direction): readonly FormatIssue[] {
    const issues = jsonFormat.check(schema, options, direction);
    if (options['json.unstructured'] !== 'true') return issues;
    const message = "'json.unstructured' has no place in a Debezium envelope";
    return [{ option: 'json.unstructured', message, hint: 'declare the columns of the rows' }];
  },
  createDecoder(schema, options, settings = plainRecordPart): Decoder {
    refuseFraming('debezium_json', settings.framing);
    const [issue] = this.check(schema, options, 'read');
    if (issue !== undefined) throw new WeirError('WEIR-3100', issue.message);
    if (settings.part === 'key') return jsonFormat.createDecoder(schema, options, settings);
    const json = readJsonOptions(options).options;
    return new DebeziumDecoder(
      schema,
      settings,
      new EnvelopeScanner(),
      (of, rows) => new JsonDecoder(of, json, rows),
    );
  },
  createEncoder(schema, options, settings = plainRecordValue): Encoder {
    refuseFraming('debezium_json', settings.framing);
    const [issue] = this.check(schema, options, 'write');
    if (issue !== undefined) throw new WeirError('WEIR-3100', issue.message);
    if (settings.part === 'key') return jsonFormat.createEncoder(schema, options, settings);
    const columns = settings.columns ?? schema.fields.map((_, index) => index);
    const rows = createJsonEncoder(schema, readJsonOptions(options).options, columns, 'key');
    return new DebeziumEncoder(rows, jsonChangeLayout);
  },
};
