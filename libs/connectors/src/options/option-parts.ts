import type { Connector } from '../connector.ts';
import type { OptionPart } from './option-schema.ts';

/** Names of a connector's options by what they are about. */
interface OptionParts {
  /** How to reach the system. */
  readonly connection: readonly string[];
  /** How records are read and written; without `format` itself. */
  readonly format: readonly string[];
  /** Never shown. */
  readonly secret: readonly string[];
}

/** As the connector's own schema of its options says. */
export function optionParts(connector: Connector): OptionParts {
  const properties = Object.entries(
    connector.tableOptions['properties'] as Record<string, { 'x-part'?: OptionPart; writeOnly?: true }>,
  );
  const named = (wanted: (property: (typeof properties)[number][1]) => boolean): string[] =>
    properties.flatMap(([name, property]) => (wanted(property) ? [name] : []));
  return {
    connection: named((property) => property['x-part'] === 'connection'),
    format: named((property) => property['x-part'] === 'format'),
    secret: named((property) => property.writeOnly === true),
  };
}
