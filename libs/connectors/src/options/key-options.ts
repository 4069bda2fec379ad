import type { OptionIssue } from '../connector.ts';
import type { OptionProperty } from './option-schema.ts';

/** Which columns are in a record's key, and how. */
export const keyOptions: Readonly<Record<string, OptionProperty>> = {
  'key.format': {
    part: 'format',
    description: 'format of the keys; without it the text of one column, or a JSON object of several',
    enum: ['json', 'avro', 'raw_string', 'raw_bytes'],
  },
  'key.fields': {
    description: 'columns of the key, by comma; the PRIMARY KEY when left out',
    examples: ['tenant, id'],
  },
  'key.in_value': {
    description: 'whether a table that is written has the columns of its keys in the values, too',
    enum: ['true', 'false'],
  },
  'key.subject': {
    description: 'subject of the keys in the registry; <topic>-key when left out',
    examples: ['orders-key'],
  },
};

export function keyOptionIssues(options: Readonly<Record<string, string>>): OptionIssue[] {
  const has = (option: string): boolean => options[option] !== undefined;
  if (has('key.format') || has('key.fields')) return [];
  return ['key.subject'].filter(has).map((option) => ({
    option,
    message: `'${option}' has no effect without 'key.format'`,
    hint: "add 'key.format' and 'key.fields'",
  }));
}
