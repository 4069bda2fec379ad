import type { JsonSchema } from '../connector.ts';
import type { OptionProperty } from './option-schema.ts';

type Property = Pick<OptionProperty, 'description' | 'enum' | 'pattern'>;

function propertyOf(schema: JsonSchema, option: string): Property | undefined {
  return (schema['properties'] as Record<string, Property> | undefined)?.[option];
}

/** True when the option may have this value by itself; an option that the schema doesn't know may have any. */
export function fitsOption(schema: JsonSchema, option: string, value: string): boolean {
  const property = propertyOf(schema, option);
  if (property?.enum !== undefined) return property.enum.includes(value);
  return property?.pattern === undefined || new RegExp(property.pattern, 'u').test(value);
}

export function optionDescription(schema: JsonSchema, option: string): string {
  const property = propertyOf(schema, option);
  if (property?.enum !== undefined) return `one of ${property.enum.join(', ')}`;
  return property?.description ?? 'see its schema';
}
