import type { JsonSchema } from '../connector.ts';
import type { OptionProperty } from './option-schema.ts';

type Property = Omit<OptionProperty, 'secret'> & { readonly writeOnly?: boolean };

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

/** Options whose values are never shown, logged or returned: those that the connector marks as `secret`. */
export function secretOptions(schema: JsonSchema): ReadonlySet<string> {
  const properties = (schema['properties'] ?? {}) as Record<string, Property>;
  return new Set(Object.keys(properties).filter((option) => properties[option]?.writeOnly === true));
}
