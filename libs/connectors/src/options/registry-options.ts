import type { OptionIssue } from '../connector.ts';
import type { OptionProperty } from './option-schema.ts';

/** A schema registry, and which of its schemas a table's records have. */
export const registryOptions: Readonly<Record<string, OptionProperty>> = {
  'schema_registry.endpoint': {
    part: 'connection',
    description: "URL of a schema registry with Confluent's REST API; several by comma",
    pattern: '^\\s*https?://\\S+\\s*$',
    examples: ['https://registry:8081'],
  },
  'schema_registry.api_key': { part: 'connection', description: 'user of basic authentication' },
  'schema_registry.api_secret': {
    part: 'connection',
    description: 'password of basic authentication',
    secret: true,
    examples: ['{{ REGISTRY_SECRET }}'],
  },
  'schema_registry.bearer_token': {
    part: 'connection',
    description: 'token, in place of key and secret',
    secret: true,
  },
  'schema_registry.tls.ca': {
    part: 'connection',
    description: 'certificates of the authorities, PEM text',
  },
  'schema_registry.tls.cert': { part: 'connection', description: 'certificate of this client, PEM text' },
  'schema_registry.tls.key': {
    part: 'connection',
    description: 'key of this client, PEM text',
    secret: true,
  },
  'schema_registry.version': {
    description: 'version of the subject that the columns come from; the newest when left out',
    pattern: '^[1-9][0-9]{0,8}$',
    examples: ['3'],
  },
  'schema_registry.auto_register': {
    description:
      'true, when left out: the schema of a table that is written is registered when its pipeline is created; false: it is written with the one that its subject has',
    enum: ['true', 'false'],
  },
  'value.subject': {
    description: 'subject of the values in the registry; <topic>-value when left out',
    examples: ['orders-value'],
  },
  subject_name_strategy: {
    description: 'how subjects are named where the table names none; TopicNameStrategy when left out',
    enum: ['TopicNameStrategy', 'RecordNameStrategy', 'TopicRecordNameStrategy'],
  },
};

/** Registry options that only make sense together. */
export function registryIssues(options: Readonly<Record<string, string>>): OptionIssue[] {
  const has = (option: string): boolean => options[`schema_registry.${option}`] !== undefined;
  const issues: OptionIssue[] = [];
  const say = (option: string, message: string, hint?: string): void => {
    issues.push({ option: `schema_registry.${option}`, message, ...(hint === undefined ? {} : { hint }) });
  };
  if (options['avro.raw_datums'] === 'true' && options['avro.confluent_schema_registry'] === 'true') {
    issues.push({
      option: 'avro.raw_datums',
      message: "'avro.raw_datums' and 'avro.confluent_schema_registry' exclude each other",
      hint: 'records either name their schema or hold the value alone',
    });
  }
  if (!has('endpoint')) {
    const alone = Object.keys(registryOptions).find((option) => options[option] !== undefined);
    if (alone !== undefined) {
      const hint = "add 'schema_registry.endpoint' = 'https://…'";
      issues.push({ option: alone, message: `'${alone}' has no effect without a registry`, hint });
    }
    return issues;
  }
  if (has('bearer_token') && (has('api_key') || has('api_secret')))
    say('bearer_token', "'schema_registry.bearer_token' and 'schema_registry.api_key' exclude each other");
  for (const [one, other] of [
    ['api_key', 'api_secret'],
    ['tls.cert', 'tls.key'],
  ] as const) {
    if (has(one) === has(other)) continue;
    const [given, missing] = has(one) ? [one, other] : [other, one];
    say(given, `'schema_registry.${given}' needs 'schema_registry.${missing}', too`);
  }
  return issues;
}
